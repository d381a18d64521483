using Connecto.Sparse.Tests.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Decode;

public class BitmaskMatrixTests
{
    [Fact]
    public void Compressed_rows_and_bits_hold_the_same_entries_to_the_bit() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = SampleMatrices.Real(shape.Rows, shape.Columns, shape.Density / 10.0, shape.Seed);
            var back = BitmaskMatrix.FromCsr(matrix).ToCsr();
            AssertSame(matrix, back);
            Assert.Equal(matrix.Density, BitmaskMatrix.FromCsr(matrix).Density);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stored_zeros_infinities_and_numbers_that_are_none_stay()
    {
        var matrix = new CsrMatrix(
            2, 70, [0, 3, 5], [0, 1, 69, 63, 64],
            [-0f, float.NaN, float.NegativeInfinity, float.Epsilon, BitConverter.UInt32BitsToSingle(0x7F812345)]);
        AssertSame(matrix, BitmaskMatrix.FromCsr(matrix).ToCsr());
    }

    [Fact]
    public void Bytes_are_within_half_a_scale_and_16_bit_floats_within_an_eighth_bit()
    {
        var matrix = SampleMatrices.Real(30, 200, 0.4, 1);
        var (bytes, halves) = (BitmaskMatrix.Quantize(matrix), BitmaskMatrix.RoundToBFloat16(matrix));
        var (a, b) = (bytes.ToCsr(), halves.ToCsr());
        for (var row = 0; row < 30; row++)
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
            {
                Assert.True(Math.Abs(a.Values[i] - matrix.Values[i]) <= bytes.RowScales[row] * 0.50001f);
                Assert.True(Math.Abs(b.Values[i] - matrix.Values[i]) <= Math.Abs(matrix.Values[i]) / 256);
            }
        Assert.Equal(matrix.ColumnIndices, a.ColumnIndices);
        Assert.Throws<ArgumentException>(() => BitmaskMatrix.Quantize(CsrMatrix.FromEntries(1, 4, [(0, 0, float.NaN)])));
        // So small that the scale would be 0.
        Assert.Equal(0, BitmaskMatrix.Quantize(CsrMatrix.FromEntries(1, 1, [(0, 0, float.Epsilon)])).Values[0]);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 1f)]
    [InlineData(1.00390625f, 1f)]          // a tie goes to the even one
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(-3.4e38f, float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Sixteen_bit_floats_are_the_nearest(float value, float expected) => Assert.Equal(expected, (float)(BFloat16)value);

    [Fact]
    public void A_number_that_is_none_stays_one_in_16_bits() =>
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(0x7F800001)));

    [Fact]
    public void What_is_no_such_matrix_is_refused()
    {
        _ = new BitmaskMatrix<sbyte>(2, 65, [1, 1, 0, 0], [0, 2, 2], [1, 2]);
        Refused(2, 65, [1, 1, 0], [0, 2, 2], [1, 2]);             // words missing
        Refused(2, 65, [1, 1, 0, 0], [0, 2], [1, 2]);             // a start missing
        Refused(2, 65, [1, 1, 0, 0], [0, 1, 2], [1, 2]);          // bits and values differ
        Refused(2, 65, [1, 2, 0, 0], [0, 2, 2], [1, 2]);          // beyond the columns
        Refused(2, 65, [1, 1, 0, 0], [0, 2, 2], [1, 2, 3]);       // a value too many
        Refused(2, 65, [1, 1, 0, 0], [1, 2, 2], [1, 2]);
        Refused(2, 65, [1, 1, 1, 0], [0, int.MinValue, 2], [1, 2]);
        Assert.Throws<ArgumentException>(() => new BitmaskMatrix<sbyte>(1, 1, [1], [0, 1], [1], [float.NaN]));
        Assert.Throws<ArgumentException>(() => new BitmaskMatrix<sbyte>(1, 1, [1], [0, 1], [1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new BitmaskMatrix<int>(1, 1, [1], [0, 1], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BitmaskMatrix<sbyte>(-1, 1, [], [], []));
        Assert.Throws<ArgumentException>(() => BitmaskMatrix.FromCsr(new CsrMatrix(1 << 20, int.MaxValue, new int[(1 << 20) + 1], [], [])));

        static void Refused(int rows, int columns, ulong[] masks, int[] starts, sbyte[] values) =>
            Assert.Throws<ArgumentException>(() => new BitmaskMatrix<sbyte>(rows, columns, masks, starts, values));
    }

    private static void AssertSame(CsrMatrix a, CsrMatrix b)
    {
        Assert.Equal((a.Rows, a.Columns), (b.Rows, b.Columns));
        Assert.Equal(a.RowStarts, b.RowStarts);
        Assert.Equal(a.ColumnIndices, b.ColumnIndices);
        Assert.Equal(
            a.Values.ToArray().Select(BitConverter.SingleToInt32Bits), b.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    private sealed record Shape(int Rows, int Columns, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 20)
         from columns in Gen.Choose(0, 200)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, columns, density, seed)).ToArbitrary();
}
