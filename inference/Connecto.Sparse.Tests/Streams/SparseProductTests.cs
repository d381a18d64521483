using Connecto.Sparse.Kernels;
using Connecto.Sparse.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Streams;

public class SparseProductTests
{
    public static TheoryData<ProductKernel> Kernels => [.. Usable];

    public static TheoryData<ProductKernel> SkippingKernels => [.. Usable.Where(k => k != ProductKernel.Dense)];

    private static ProductKernel[] Usable => StreamSupport.MachineObstacle is null
        ? [ProductKernel.Portable, ProductKernel.Dense, ProductKernel.Stream] : [ProductKernel.Portable, ProductKernel.Dense];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_product_agrees_with_the_definition_for_any_shape_and_density(ProductKernel kernel) =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = SampleMatrices.Whole(shape.Rows, shape.Depth, shape.Density / 10.0, shape.Seed);
            var x = SampleMatrices.Whole(shape.Depth * shape.Columns, shape.Seed);
            var bias = SampleMatrices.Whole(shape.Rows, shape.Seed + 1);
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
                foreach (var threads in new[] { 1, 3 })
                {
                    // Small whole numbers: no order of summation rounds.
                    var expected = Array.ConvertAll(
                        SampleMatrices.Define(matrix, x, shape.Columns, bias, activation), v => (float)v);
                    using var product = SparseProduct.Create(matrix, new()
                    {
                        Columns = shape.Columns,
                        Bias = bias,
                        Activation = activation,
                        Threads = threads,
                        Kernel = kernel,
                    });
                    Assert.Equal(kernel, product.Kernel);
                    var y = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
                    product.Run(x, y);
                    Assert.Equal(expected, y);
                }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Tails_of_every_width_are_right(ProductKernel kernel)
    {
        var matrix = SampleMatrices.Whole(17, 23, 0.3, 4);
        for (var columns = 1; columns <= 140; columns++)
        {
            var x = SampleMatrices.Whole(23 * columns, columns);
            var expected = Array.ConvertAll(
                SampleMatrices.Define(matrix, x, columns, new float[17], ProductActivation.None), v => (float)v);
            using var product = SparseProduct.Create(matrix, new() { Columns = columns, Kernel = kernel });
            // Guards on both sides: nothing outside may be written.
            var y = Enumerable.Repeat(77f, expected.Length + 64).ToArray();
            product.Run(x, y.AsSpan(32, expected.Length));
            Assert.Equal(expected, y.AsSpan(32, expected.Length).ToArray());
            Assert.All(y[..32].Concat(y[^32..]), v => Assert.Equal(77f, v));
        }
    }

    [Theory]
    [InlineData(300, 1000, 128, 0.1)]
    [InlineData(300, 1000, 128, 0.5)]
    [InlineData(70, 500, 300, 0.3)]
    [InlineData(33, 2200, 10, 0.2)]
    public void All_kernels_and_threads_give_the_same_bits_close_to_double_precision(
        int rows, int depth, int columns, double density)
    {
        var matrix = SampleMatrices.Real(rows, depth, density, 1);
        var (x, bias) = (SampleMatrices.Real(depth * columns, 2), SampleMatrices.Real(rows, 3));
        var expected = SampleMatrices.Define(matrix, x, columns, bias, ProductActivation.Relu);
        float[]? first = null;
        foreach (var kernel in Usable)
            foreach (var threads in new[] { 1, 2, 5 })
            {
                using var product = SparseProduct.Create(matrix, new()
                {
                    Columns = columns,
                    Bias = bias,
                    Activation = ProductActivation.Relu,
                    Threads = threads,
                    Kernel = kernel,
                });
                var y = new float[rows * columns];
                product.Run(x, y);
                for (var i = 0; i < y.Length; i++)
                    Assert.True(Math.Abs(y[i] - expected[i]) <= 1e-5 * (1 + Math.Abs(expected[i])), $"{kernel} {i}");
                first ??= y;
                Assert.Equal(first, y);
            }
    }

    [Fact]
    public void Every_vector_variant_of_the_portable_kernel_agrees_with_the_definition()
    {
        var matrix = SampleMatrices.Whole(40, 60, 0.2, 1);
        var x = SampleMatrices.Whole(60 * 77, 2);
        var expected = Array.ConvertAll(
            SampleMatrices.Define(matrix, x, 77, new float[40], ProductActivation.None), v => (float)v);
        foreach (var kernels in KernelTable.Available)
        {
            using var pool = new WorkerPool(2);
            using var plan = new PortablePlan(kernels, matrix, new() { Columns = 77 }, pool, "as the test wants");
            var y = new float[expected.Length];
            unsafe
            {
                fixed (float* from = x, to = y) plan.Run(from, to);
            }
            Assert.Equal(expected, y);
        }
    }

    [Theory]
    [MemberData(nameof(SkippingKernels))]
    public void NaN_and_infinity_pass_through_the_non_zeros_only(ProductKernel kernel)
    {
        var matrix = CsrMatrix.FromEntries(4, 3, [(0, 0, 1f), (1, 1, 2f), (2, 1, 0f), (2, 2, 1f), (3, 2, -1f)]);
        var x = new float[3 * 40];
        x[5] = float.NaN;
        x[40 + 6] = float.PositiveInfinity;
        x[80 + 7] = float.PositiveInfinity;
        using var product = SparseProduct.Create(
            matrix, new() { Columns = 40, Kernel = kernel, Activation = ProductActivation.Relu });
        var y = new float[4 * 40];
        product.Run(x, y);
        Assert.True(float.IsNaN(y[5]));                                // Relu hides no NaN
        Assert.Equal(float.PositiveInfinity, y[40 + 6]);
        Assert.True(float.IsNaN(y[80 + 6]));                           // a stored zero times infinity
        Assert.Equal(float.PositiveInfinity, y[80 + 7]);
        Assert.Equal(0, y[120 + 7]);                                   // minus infinity, rectified
        Assert.Equal(3, y.Count(v => v != 0 && !float.IsNaN(v)) + y.Count(float.IsNaN) - 1);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Nothing_is_allocated_after_the_first_run(ProductKernel kernel)
    {
        foreach (var columns in new[] { 50, 700 })
        {
            var matrix = SampleMatrices.Real(64, 100, 0.2, 1);
            using var product = SparseProduct.Create(matrix, new() { Columns = columns, Threads = 2, Kernel = kernel });
            var (x, y) = (SampleMatrices.Real(100 * columns, 1), new float[64 * columns]);
            product.Run(x, y);
            Assert.Equal(0, Allocation.Of(() => product.Run(x, y)));
        }
    }

    [Fact]
    public void The_dense_twin_gives_the_bits_of_the_others_and_is_chosen_only_where_every_place_is_stored()
    {
        foreach (var (rows, depth, columns) in new[] { (37, 1000, 70), (12, 3, 48), (4, 700, 1), (100, 300, 500) })
        {
            var matrix = SampleMatrices.Real(rows, depth, 0.7, 5);
            var (x, bias) = (SampleMatrices.Real(depth * columns, 1), SampleMatrices.Real(rows, 2));
            float[] Result(ProductKernel kernel, int threads, ProductActivation activation)
            {
                using var product = SparseProduct.Create(matrix, new()
                {
                    Columns = columns,
                    Bias = bias,
                    Threads = threads,
                    Kernel = kernel,
                    Activation = activation,
                });
                var y = new float[rows * columns];
                product.Run(x, y);
                return y;
            }
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
            {
                var expected = Result(ProductKernel.Portable, 1, activation);
                Assert.Equal(expected, Result(ProductKernel.Dense, 1, activation));
                Assert.Equal(expected, Result(ProductKernel.Dense, 2, activation));
            }
        }
        using var some = SparseProduct.Create(SampleMatrices.Real(256, 256, 0.99, 1), new() { Columns = 128 });
        Assert.NotEqual(ProductKernel.Dense, some.Kernel);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var matrix = SampleMatrices.Real(4, 5, 0.5, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseProduct.Create(matrix, new() { Columns = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseProduct.Create(matrix, new() { Columns = 1, Threads = 0 }));
        Assert.Throws<ArgumentException>(() => SparseProduct.Create(matrix, new() { Columns = 1, Bias = new float[3] }));
        var product = SparseProduct.Create(matrix, new() { Columns = 2 });
        Assert.Throws<ArgumentException>(() => product.Run(new float[9], new float[8]));
        Assert.Throws<ArgumentException>(() => product.Run(new float[10], new float[9]));
        Assert.Contains("non-zeros", product.Describe(), StringComparison.Ordinal);
        product.Dispose();
        product.Dispose();
        Assert.Throws<ObjectDisposedException>(() => product.Run(new float[10], new float[8]));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void An_addend_comes_before_the_activation(ProductKernel kernel)
    {
        var matrix = SampleMatrices.Whole(37, 50, 0.3, 5);
        foreach (var columns in new[] { 7, 128 })
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
                foreach (var threads in new[] { 1, 2 })
                {
                    var (x, addend) = (SampleMatrices.Whole(50 * columns, 1), SampleMatrices.Whole(37 * columns, 2));
                    var bias = SampleMatrices.Whole(37, 3);
                    addend[3] = float.NaN;
                    var expected = SampleMatrices.Define(matrix, x, columns, bias, ProductActivation.None)
                        .Select((v, i) => (float)v + addend[i])
                        .Select(v => activation == ProductActivation.Relu ? MathF.Max(v, 0) : v).ToArray();
                    using var product = SparseProduct.Create(matrix, new()
                    {
                        Columns = columns,
                        Bias = bias,
                        Activation = activation,
                        Threads = threads,
                        Kernel = kernel,
                        Addend = ProductAddend.Given,
                    });
                    var y = new float[expected.Length];
                    product.Run(x, addend, y);
                    Assert.Equal(expected, y);
                    Assert.Equal(0, Allocation.Of(() => product.Run(x, addend, y)));
                    Assert.Throws<InvalidOperationException>(() => product.Run(x, y));
                    Assert.Throws<ArgumentException>(() => product.Run(x, addend[1..], y));
                }
        using var plain = SparseProduct.Create(matrix, new() { Columns = 1, Kernel = kernel });
        Assert.Throws<InvalidOperationException>(() => plain.Run(new float[50], new float[37], new float[37]));
    }

    [Fact]
    public void A_product_in_place_of_an_aligned_input_and_one_of_a_copy_give_the_same_bits()
    {
        var matrix = SampleMatrices.Real(50, 700, 0.3, 5);
        var x = SampleMatrices.Real(700 * 128 + 32, 1);
        using var product = SparseProduct.Create(matrix, new() { Columns = 128, Kernel = ProductKernel.Portable });
        var (room, whole, copied) = (GC.AllocateArray<float>(700 * 128 + 32, pinned: true), new float[50 * 128], new float[50 * 128]);
        var offset = (int)(-(System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(room, 0) / 4) & 15);
        foreach (var (shift, y) in new[] { (offset, whole), (offset + 1, copied) })
        {
            x.AsSpan(0, 700 * 128).CopyTo(room.AsSpan(shift));
            product.Run(room.AsSpan(shift, 700 * 128), y);
        }
        Assert.Equal(whole, copied);
    }

    private sealed record Shape(int Rows, int Depth, int Columns, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 90)
         from depth in Gen.OneOf(Gen.Choose(0, 60), Gen.Choose(300, 600))
         from columns in Gen.OneOf(Gen.Choose(1, 70), Gen.Choose(250, 300))
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, depth, columns, density, seed)).ToArbitrary();
}
