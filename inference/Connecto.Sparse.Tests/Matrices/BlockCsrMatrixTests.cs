using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Matrices;

public class BlockCsrMatrixTests
{
    private static readonly BlockLayout[] Both = [BlockLayout.FourColumns, BlockLayout.FourRows];

    [Fact]
    public void Rows_columns_blocks_and_back_are_the_same_matrix_to_the_bit() => Prop.ForAll(ConversionTests.Shapes(), shape =>
    {
        var matrix = ConversionTests.Draw(shape);
        foreach (var block in Both)
        {
            var blocks = BlockCsrMatrix.FromCsr(matrix.ToCsc().ToCsr(), block);
            Assert.Equal((matrix.Rows, matrix.Columns, matrix.NonZeros), (blocks.Rows, blocks.Columns, blocks.NonZeros));
            Assert.InRange(blocks.Fill, 0.25, 1);
            ConversionTests.AssertSame(matrix, blocks.ToCsr());
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_agree_with_the_dense_definition_at_any_number_of_threads()
    {
        using var two = new WorkerPool(2);
        using var five = new WorkerPool(5);
        Prop.ForAll(ConversionTests.Shapes(), shape =>
        {
            var random = new Random(shape.Seed);
            var matrix = CsrMatrix.FromDense(
                [.. Enumerable.Range(0, shape.Rows * shape.Columns)
                    .Select(_ => random.Next(10) < shape.Density ? (float)random.Next(-4, 5) : 0)],
                shape.Rows, shape.Columns);
            var (x, expected, y) = (new float[shape.Columns], new float[shape.Rows], new float[shape.Rows]);
            for (var c = 0; c < x.Length; c++) x[c] = c % 7 - 3;
            matrix.Multiply(x, expected); // small whole numbers: every order gives the same float
            foreach (var block in Both)
            {
                var blocks = BlockCsrMatrix.FromCsr(matrix, block);
                foreach (var pool in new[] { null, two, five })
                {
                    Array.Fill(y, float.NaN);
                    if (pool is null) blocks.Multiply(x, y);
                    else blocks.Multiply(x, y, pool);
                    Assert.Equal(expected, y);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_product_on_a_team_gives_the_bits_of_one_thread_and_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        var random = new Random(1);
        var matrix = CsrMatrix.FromEntries(
            301, 203, Enumerable.Range(0, 9000).Select(_ => (random.Next(301), random.Next(203), random.NextSingle() - 0.5f)));
        var (x, one, two) = (new float[203], new float[301], new float[301]);
        for (var i = 0; i < x.Length; i++) x[i] = random.NextSingle();
        foreach (var block in Both)
        {
            var blocks = BlockCsrMatrix.FromCsr(matrix, block);
            blocks.Multiply(x, one);
            blocks.Multiply(x, two, pool);
            Assert.Equal(one, two);
            Assert.Equal(0, Allocation.Of(() => blocks.Multiply(x, two, pool)));
        }
    }

    [Fact]
    public void A_fill_counts_as_the_weight_zero()
    {
        var matrix = CsrMatrix.FromEntries(1, 8, [(0, 1, 2f)]);
        var y = new float[1];
        var blocks = BlockCsrMatrix.FromCsr(matrix, BlockLayout.FourColumns);
        blocks.Multiply([float.PositiveInfinity, 3, 0, 0, float.NaN, 0, 0, 0], y);
        Assert.Equal(float.NaN, y[0]); // infinity in the entry's block
        blocks.Multiply([0, 3, 0, 0, float.NaN, 0, 0, 0], y);
        Assert.Equal(6, y[0]); // NaN where no block is stored
    }

    [Theory]
    [InlineData("three values", 1, 4, new[] { 0, 1 }, new[] { 0 }, 3, "1 blocks take 4 values; found 3")]
    [InlineData("too many blocks across", 1, 4, new[] { 0, 1 }, new[] { 1 }, 4, "Block row 0 has block column 1 after -1")]
    [InlineData("blocks repeat", 1, 8, new[] { 0, 2 }, new[] { 1, 1 }, 8, "block columns must ascend strictly below 2")]
    [InlineData("values past the edge", 2, 7, new[] { 0, 0, 2 }, new[] { 0, 1 }, 8, "Block 1 has a value outside the 2 x 7 matrix")]
    [InlineData("negative", -1, 7, new int[0], new int[0], 0, "found -1 and 2")]
    public void Corrupt_blocks_are_refused(
        string what, int rows, int columns, int[] starts, int[] indices, int values, string sentence)
    {
        Assert.NotEmpty(what);
        var refusal = Assert.ThrowsAny<ArgumentException>(() =>
            new BlockCsrMatrix(rows, columns, BlockLayout.FourColumns, starts, indices, [.. Enumerable.Repeat(1f, values)]));
        Assert.Contains(sentence, refusal.Message);
    }

    [Fact]
    public void Blocks_given_as_arrays_are_the_matrix_they_spell()
    {
        // Rows 0 to 3 and 4 to 5 of column 1; the last two places lie below the matrix.
        var blocks = new BlockCsrMatrix(6, 2, BlockLayout.FourRows, [0, 1, 2], [1, 1], [1, 2, 0, 3, 4, 5, 0, 0]);
        Assert.Equal([0f, 1, 0, 2, 0, 0, 0, 3, 0, 4, 0, 5], blocks.ToCsr().ToDense());
        Assert.Equal((2, 5, 0.625), (blocks.Blocks, blocks.NonZeros, blocks.Fill));
        Assert.Throws<ArgumentException>(() =>
            new BlockCsrMatrix(6, 2, BlockLayout.FourRows, [0, 1, 2], [1, 1], [1, 2, 0, 3, 4, 5, 6, 0]));
    }
}
