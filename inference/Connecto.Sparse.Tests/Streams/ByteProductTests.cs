using Connecto.Sparse.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Streams;

public class ByteProductTests
{
    [Fact]
    public void A_product_of_bytes_has_the_bits_of_the_definition_for_any_shape_and_kernel() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = BlockMatrix.Quantize(SampleMatrices.Real(shape.Rows, shape.Blocks * 4, shape.Density * shape.Density / 100.0, shape.Seed));
            var x = new byte[matrix.Columns * shape.Columns];
            new System.Random(shape.Seed).NextBytes(x);
            var bias = SampleMatrices.Real(shape.Rows, shape.Seed);
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
            {
                var expected = Define(matrix, x, shape.Columns, bias, shape.Seed % 256, activation);
                foreach (var kernel in Usable)
                    foreach (var threads in new[] { 1, 2 })
                    {
                        using var product = ByteProduct.Create(
                            matrix,
                            new() { Columns = shape.Columns, Bias = bias, Activation = activation, Threads = threads, Kernel = kernel },
                            shape.Seed % 256);
                        Assert.Equal(kernel, product.Kernel);
                        var y = new float[expected.Length];
                        product.Run(x, y);
                        Assert.Equal(expected, y);
                    }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_quantised_matrix_is_within_half_a_step()
    {
        var matrix = SampleMatrices.Real(20, 40, 0.3, 1);
        var bytes = BlockMatrix.Quantize(matrix);
        var dense = Dense(bytes);
        for (var r = 0; r < 20; r++)
            for (var i = matrix.RowStarts[r]; i < matrix.RowStarts[r + 1]; i++)
                Assert.True(Math.Abs(dense[r, matrix.ColumnIndices[i]] * bytes.Scales[r] - matrix.Values[i]) <= bytes.Scales[r] * 0.501);
        Assert.Throws<ArgumentException>(() => BlockMatrix.Quantize(SampleMatrices.Real(2, 5, 1, 1)));
        Assert.Throws<ArgumentException>(() => BlockMatrix.Quantize(CsrMatrix.FromEntries(1, 4, [(0, 0, float.NaN)])));
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        using var product = ByteProduct.Create(
            BlockMatrix.Quantize(SampleMatrices.Real(40, 80, 0.1, 1)), new() { Columns = 70, Threads = 2 });
        var (x, y) = (new byte[80 * 70], new float[40 * 70]);
        product.Run(x, y);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) product.Run(x, y);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ProductKernel[] Usable => StreamSupport.BytesObstacle is null
        ? [ProductKernel.Portable, ProductKernel.Stream] : [ProductKernel.Portable];

    private static float[] Define(
        BlockMatrix matrix, byte[] x, int columns, float[] bias, int zeroPoint, ProductActivation activation)
    {
        var dense = Dense(matrix);
        var y = new float[matrix.Rows * columns];
        for (var r = 0; r < matrix.Rows; r++)
            for (var n = 0; n < columns; n++)
            {
                var sum = 0;
                for (var k = 0; k < matrix.Columns; k++) sum += dense[r, k] * (x[k * columns + n] - zeroPoint);
                var value = (float)sum * matrix.Scales[r] + bias[r];
                y[r * columns + n] = activation == ProductActivation.Relu ? Math.Max(value, 0) : value;
            }
        return y;
    }

    private static int[,] Dense(BlockMatrix matrix)
    {
        var dense = new int[matrix.Rows, matrix.Columns];
        for (var r = 0; r < matrix.Rows; r++)
            for (var i = matrix.Words.RowStarts[r]; i < matrix.Words.RowStarts[r + 1]; i++)
                for (var k = 0; k < 4; k++) dense[r, matrix.Words.ColumnIndices[i] * 4 + k] = matrix.Values[i * 4 + k];
        return dense;
    }

    private sealed record Shape(int Rows, int Blocks, int Columns, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 50)
         from blocks in Gen.Choose(0, 30)
         from columns in Gen.Choose(1, 100)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, blocks, columns, density, seed)).ToArbitrary();
}
