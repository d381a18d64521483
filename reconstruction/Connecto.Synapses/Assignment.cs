namespace Connecto.Synapses;

/// <summary>Pairs rows with columns so that the sum of costs is least.</summary>
/// <remarks>The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987), O(rows^2 columns).</remarks>
internal static class Assignment
{
    /// <summary>The column of each row, every column used once at most.</summary>
    /// <param name="cost">Finite; rows first, not more rows than columns.</param>
    public static int[] Least(double[,] cost)
    {
        int rows = cost.GetLength(0), columns = cost.GetLength(1);
        var rowPrice = new double[rows + 1];
        var columnPrice = new double[columns + 1];
        // Row and column 0 stand for "none"; rowOf[0] is the row being placed.
        var rowOf = new int[columns + 1];
        var way = new int[columns + 1];
        for (var row = 1; row <= rows; row++)
        {
            rowOf[0] = row;
            var column = 0;
            var least = new double[columns + 1];
            Array.Fill(least, double.PositiveInfinity);
            var done = new bool[columns + 1];
            do
            {
                done[column] = true;
                int from = rowOf[column], next = 0;
                var delta = double.PositiveInfinity;
                for (var j = 1; j <= columns; j++)
                {
                    if (done[j]) continue;
                    var reduced = cost[from - 1, j - 1] - rowPrice[from] - columnPrice[j];
                    if (reduced < least[j]) (least[j], way[j]) = (reduced, column);
                    if (least[j] < delta) (delta, next) = (least[j], j);
                }
                for (var j = 0; j <= columns; j++)
                    if (done[j])
                    {
                        rowPrice[rowOf[j]] += delta;
                        columnPrice[j] -= delta;
                    }
                    else least[j] -= delta;
                column = next;
            }
            while (rowOf[column] != 0);
            while (column != 0) (rowOf[column], column) = (rowOf[way[column]], way[column]);
        }
        var result = new int[rows];
        for (var j = 1; j <= columns; j++)
            if (rowOf[j] > 0)
                result[rowOf[j] - 1] = j - 1;
        return result;
    }
}
