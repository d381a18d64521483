using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests;

public class CsrMatrixTests
{
    [Fact]
    public void Multiply_agrees_with_the_dense_definition_at_any_number_of_threads()
    {
        using var one = new WorkerPool(1);
        using var two = new WorkerPool(2);
        using var five = new WorkerPool(5);
        Prop.ForAll(Shapes(), shape =>
        {
            var (rows, columns, density, seed) = shape;
            var (matrix, dense) = Random(rows, columns, density / 10.0, seed);
            var x = Enumerable.Range(0, columns).Select(i => (float)(i % 7 - 3)).ToArray();
            // Small whole numbers: every order of summation gives the same float.
            var expected = Enumerable.Range(0, rows)
                .Select(r => (float)Enumerable.Range(0, columns).Sum(c => dense[r, c] * (double)x[c])).ToArray();
            var y = Enumerable.Repeat(float.NaN, rows).ToArray();
            matrix.Multiply(x, y);
            Assert.Equal(expected, y);
            foreach (var pool in new[] { one, two, five })
            {
                Array.Fill(y, float.NaN);
                matrix.Multiply(x, y, pool);
                Assert.Equal(expected, y);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Threads_do_not_change_the_bits_of_long_sums()
    {
        var random = new Random(1);
        var matrix = CsrMatrix.FromEntries(
            300, 1000, Enumerable.Range(0, 60_000).Select(_ => (random.Next(300), random.Next(1000), random.NextSingle() - 0.5f)));
        var x = Enumerable.Range(0, 1000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var (expected, y) = (new float[300], new float[300]);
        matrix.Multiply(x, expected);
        foreach (var threads in new[] { 1, 2, 3, 7 })
        {
            using var pool = new WorkerPool(threads);
            matrix.Multiply(x, y, pool);
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void Transposing_twice_gives_the_same_matrix() => Prop.ForAll(Shapes(), shape =>
    {
        var (rows, columns, density, seed) = shape;
        var (matrix, dense) = Random(rows, columns, density / 10.0, seed);
        var transposed = matrix.Transpose();
        Assert.Equal((columns, rows), (transposed.Rows, transposed.Columns));
        for (var c = 0; c < columns; c++)
            for (var i = transposed.RowStarts[c]; i < transposed.RowStarts[c + 1]; i++)
                Assert.Equal(dense[transposed.ColumnIndices[i], c], transposed.Values[i]);
        var back = transposed.Transpose();
        Assert.Equal(matrix.RowStarts.ToArray(), back.RowStarts.ToArray());
        Assert.Equal(matrix.ColumnIndices.ToArray(), back.ColumnIndices.ToArray());
        Assert.Equal(matrix.Values.ToArray(), back.Values.ToArray());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("too few starts", 2, 3, new[] { 0, 1 }, new[] { 0 }, 1)]
    [InlineData("columns and values differ in number", 1, 3, new[] { 0, 2 }, new[] { 0, 1 }, 1)]
    [InlineData("does not begin at 0", 1, 3, new[] { 1, 1 }, new[] { 0 }, 1)]
    [InlineData("does not end at the number of entries", 1, 3, new[] { 0, 2 }, new[] { 0 }, 1)]
    [InlineData("starts fall", 3, 3, new[] { 0, 2, 1, 2 }, new[] { 0, 1 }, 2)]
    [InlineData("starts leave the arrays", 3, 3, new[] { 0, 5, 1, 2 }, new[] { 0, 1 }, 2)]
    [InlineData("negative start", 3, 3, new[] { 0, -1, 1, 2 }, new[] { 0, 1 }, 2)]
    [InlineData("column repeats", 1, 3, new[] { 0, 2 }, new[] { 1, 1 }, 2)]
    [InlineData("columns descend", 1, 3, new[] { 0, 2 }, new[] { 2, 1 }, 2)]
    [InlineData("column too large", 1, 3, new[] { 0, 1 }, new[] { 3 }, 1)]
    [InlineData("column negative", 1, 3, new[] { 0, 1 }, new[] { -1 }, 1)]
    [InlineData("negative rows", -1, 3, new int[0], new int[0], 0)]
    public void A_corrupt_matrix_is_refused(string what, int rows, int columns, int[] starts, int[] indices, int values)
    {
        Assert.NotEmpty(what);
        Assert.ThrowsAny<ArgumentException>(() => new CsrMatrix(rows, columns, starts, indices, new float[values]));
    }

    [Fact]
    public void Vectors_of_other_lengths_are_refused()
    {
        var matrix = CsrMatrix.FromEntries(2, 3, [(0, 1, 1f)]);
        Assert.Throws<ArgumentException>(() => matrix.Multiply(new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => matrix.Multiply(new float[3], new float[3]));
    }

    [Fact]
    public void Entries_of_one_place_are_summed_and_outside_ones_refused()
    {
        var matrix = CsrMatrix.FromEntries(2, 3, [(1, 2, 1f), (0, 1, 4f), (1, 2, 2f)]);
        Assert.Equal([0, 1, 2], matrix.RowStarts.ToArray());
        Assert.Equal([4f, 3f], matrix.Values.ToArray());
        Assert.Throws<ArgumentException>(() => CsrMatrix.FromEntries(2, 3, [(2, 0, 1f)]));
        Assert.Throws<ArgumentException>(() => CsrMatrix.FromEntries(2, 3, [(0, -1, 1f)]));
    }

    private static Arbitrary<(int Rows, int Columns, int Density, int Seed)> Shapes() =>
        (from rows in Gen.Choose(0, 40)
         from columns in Gen.Choose(0, 40)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select (rows, columns, density, seed)).ToArbitrary();

    private static (CsrMatrix Matrix, float[,] Dense) Random(int rows, int columns, double density, int seed)
    {
        var random = new Random(seed);
        var dense = new float[rows, columns];
        List<(int, int, float)> entries = [];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                if (random.NextDouble() < density) entries.Add((r, c, dense[r, c] = random.Next(-4, 5)));
        return (CsrMatrix.FromEntries(rows, columns, entries), dense);
    }
}
