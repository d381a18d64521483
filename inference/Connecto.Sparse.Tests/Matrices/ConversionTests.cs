using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Matrices;

public class ConversionTests
{
    private static readonly float[] Odd = [0f, -0f, 1.5f, -2f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e-45f];

    [Fact]
    public void Rows_columns_and_back_are_the_same_matrix_to_the_bit() => Prop.ForAll(Shapes(), shape =>
    {
        var matrix = Draw(shape);
        var columns = matrix.ToCsc();
        Assert.Equal((matrix.Rows, matrix.Columns, matrix.NonZeros), (columns.Rows, columns.Columns, columns.NonZeros));
        AssertSame(matrix, columns.ToCsr());
        // The columns of a matrix are the rows of its transpose.
        var transposed = matrix.Transpose();
        Assert.Equal(transposed.RowStarts, columns.ColumnStarts);
        Assert.Equal(transposed.ColumnIndices, columns.RowIndices);
        Assert.Equal(Bits(transposed.Values), Bits(columns.Values));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_out_comes_back_but_for_zeros() => Prop.ForAll(Shapes(), shape =>
    {
        var dense = Draw(shape).ToDense();
        var matrix = CsrMatrix.FromDense(dense, shape.Rows, shape.Columns);
        Assert.Equal(dense.Count(v => v != 0), matrix.NonZeros);
        Assert.Equal(Bits(dense.Select(v => v == 0 ? 0 : v).ToArray()), Bits(matrix.ToDense()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entries_in_any_order_give_the_sorted_matrix() => Prop.ForAll(Shapes(), shape =>
    {
        var random = new Random(shape.Seed);
        var places = shape.Rows * shape.Columns;
        var entries = Enumerable.Range(0, places == 0 ? 0 : 2 * shape.Density * places / 10)
            .Select(i => (random.Next(shape.Rows), random.Next(shape.Columns), random.NextSingle())).ToArray();
        // The definition: sums in the order given, place by place.
        SortedDictionary<(int, int), float> expected = [];
        foreach (var (row, column, value) in entries)
            expected[(row, column)] = expected.TryGetValue((row, column), out var sum) ? sum + value : value;
        var matrix = CsrMatrix.FromEntries(shape.Rows, shape.Columns, entries);
        var found = new List<((int, int), float)>();
        for (var row = 0; row < matrix.Rows; row++)
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
                found.Add(((row, matrix.ColumnIndices[i]), matrix.Values[i]));
        Assert.Equal(expected.Select(e => (e.Key, e.Value)), found);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_product_on_a_team_allocates_nothing_after_the_first()
    {
        using var pool = new WorkerPool(2);
        var matrix = CsrMatrix.FromEntries(300, 200, Enumerable.Range(0, 3000).Select(i => (i * 7 % 300, i * 13 % 200, 1f)));
        var (x, y) = (new float[200], new float[300]);
        Assert.Equal(0, Allocation.Of(() => matrix.Multiply(x, y, pool)));
    }

    [Fact]
    public void A_length_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => CsrMatrix.FromDense(new float[5], 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => CsrMatrix.FromDense([], -1, 0));
        Assert.Throws<InvalidOperationException>(() => CsrMatrix.FromEntries(1 << 20, 1 << 20, []).ToDense());
    }

    internal static Arbitrary<(int Rows, int Columns, int Density, int Seed)> Shapes() =>
        (from rows in Gen.Choose(0, 30)
         from columns in Gen.Choose(0, 30)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select (rows, columns, density, seed)).ToArbitrary();

    /// <summary>A matrix with stored zeros of both signs, NaN and infinity.</summary>
    internal static CsrMatrix Draw((int Rows, int Columns, int Density, int Seed) shape)
    {
        var random = new Random(shape.Seed);
        List<(int, int, float)> entries = [];
        for (var r = 0; r < shape.Rows; r++)
            for (var c = 0; c < shape.Columns; c++)
                if (random.Next(10) < shape.Density) entries.Add((r, c, Odd[random.Next(Odd.Length)]));
        return CsrMatrix.FromEntries(shape.Rows, shape.Columns, entries);
    }

    internal static void AssertSame(CsrMatrix expected, CsrMatrix found)
    {
        Assert.Equal((expected.Rows, expected.Columns), (found.Rows, found.Columns));
        Assert.Equal(expected.RowStarts, found.RowStarts);
        Assert.Equal(expected.ColumnIndices, found.ColumnIndices);
        Assert.Equal(Bits(expected.Values), Bits(found.Values));
    }

    private static int[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new int[values.Length];
        for (var i = 0; i < bits.Length; i++) bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }
}
