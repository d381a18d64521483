namespace Connecto.Synapses;

public class AssignmentTests
{
    [Fact]
    public void Least_agrees_with_trying_every_assignment()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(1, 6), columns = random.Next(rows, 7);
            var cost = new double[rows, columns];
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    cost[i, j] = random.Next(20);
            var assigned = Assignment.Least(cost);
            Assert.Equal(rows, assigned.Distinct().Count());
            Assert.Equal(Best(cost, 0, new bool[columns]), assigned.Select((column, row) => cost[row, column]).Sum());
        }
    }

    private static double Best(double[,] cost, int row, bool[] used)
    {
        if (row == cost.GetLength(0)) return 0;
        var best = double.PositiveInfinity;
        for (var j = 0; j < used.Length; j++)
        {
            if (used[j]) continue;
            used[j] = true;
            best = Math.Min(best, cost[row, j] + Best(cost, row + 1, used));
            used[j] = false;
        }
        return best;
    }
}
