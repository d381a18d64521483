using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Bytes;

public class ByteProductTests
{
    [Fact]
    public void Every_result_has_the_bits_of_the_definition_for_any_shape_kernel_and_layout() =>
        Prop.ForAll(Cases(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Sums_at_the_extremes_are_exact()
    {
        foreach (var weight in new[] { -128, 127 })
            foreach (var kernel in ByteSamples.Kernels)
            {
                var matrix = CsrMatrix.FromEntries(5, 4096, [.. Enumerable.Range(0, 5 * 4096).Select(i => (i / 4096, i % 4096, (float)weight))]);
                using var product = ByteProduct.Create(BlockMatrix.FromBytes(matrix), new() { Columns = 20, Kernel = kernel });
                var (x, sums) = (new byte[4096 * 20], new int[100]);
                Array.Fill(x, (byte)255);
                product.Run(x, sums);
                Assert.All(sums, s => Assert.Equal(weight * 255 * 4096, s));
            }
    }

    [Fact]
    public void Inputs_of_several_tiles_are_summed_whole()
    {
        foreach (var density in new[] { 0.02, 1 })
        {
            var matrix = ByteSamples.Matrix(9, 6000, density, 5);
            var x = ByteSamples.Bytes(6000 * 70, 6);
            var expected = ByteSamples.Sums(matrix, x, 70, 3);
            foreach (var kernel in ByteSamples.Kernels)
                foreach (var threads in new[] { 1, 2 })
                {
                    using var product = ByteProduct.Create(
                        BlockMatrix.FromBytes(matrix), new() { Columns = 70, Threads = threads, Kernel = kernel, Input = new(1, 3) });
                    var sums = new int[9 * 70];
                    product.Run(x, sums);
                    Assert.Equal(expected, sums);
                }
        }
    }

    [Fact]
    public void Bytes_saturate_at_both_ends_and_ties_go_to_even()
    {
        foreach (var kernel in ByteSamples.Kernels)
            foreach (var (step, zeroPoint) in new[] { (2f, 0), (2f, 7), (1e-9f, 3), (1e9f, 200) })
                foreach (var layout in new[] { ByteLayout.Rows, ByteLayout.Interleaved })
                {
                    var matrix = CsrMatrix.FromEntries(4, 4, [(0, 0, 1), (1, 0, -1), (2, 1, 127), (3, 2, 3)]);
                    var output = new ByteScale(step, zeroPoint);
                    using var product = ByteProduct.Create(
                        BlockMatrix.FromBytes(matrix), new() { Columns = 256, Kernel = kernel, Output = output, OutputLayout = layout });
                    var x = new byte[4 * 256];
                    for (var i = 0; i < x.Length; i++) x[i] = (byte)i;
                    var sums = ByteSamples.Sums(matrix, x, 256, 0);
                    var expected = Array.ConvertAll(sums, s => ByteSamples.Byte(s, 1, 1, 0, output, null, ProductActivation.None));
                    var y = new byte[4 * 256];
                    product.Run(x, y);
                    Assert.Equal(ByteSamples.Arrange(expected, 4, 256, layout), y);
                }
    }

    [Fact]
    public void A_quantised_matrix_is_within_half_a_step()
    {
        var matrix = Streams.SampleMatrices.Real(20, 40, 0.3, 1);
        var bytes = ByteMatrix.Quantize(matrix);
        for (var r = 0; r < 20; r++)
            for (var i = matrix.RowStarts[r]; i < matrix.RowStarts[r + 1]; i++)
                Assert.True(Math.Abs(bytes.Value(i) * bytes.Scales[r] - matrix.Values[i]) <= bytes.Scales[r] * 0.501);
        Assert.Throws<ArgumentException>(() => BlockMatrix.Quantize(Streams.SampleMatrices.Real(2, 5, 1, 1)));
        Assert.Throws<ArgumentException>(() => BlockMatrix.Quantize(CsrMatrix.FromEntries(1, 4, [(0, 0, float.NaN)])));
        Assert.Throws<ArgumentException>(() => ByteMatrix.FromBytes(CsrMatrix.FromEntries(1, 4, [(0, 0, 0.5f)])));
        Assert.Throws<ArgumentException>(() => ByteMatrix.FromBytes(CsrMatrix.FromEntries(1, 4, [(0, 0, 128)])));
    }

    [Fact]
    public void Clustered_columns_make_fewer_blocks()
    {
        var matrix = ByteMatrix.FromBytes(ByteSamples.Matrix(64, 256, 0.1, 1));
        Assert.True(matrix.ToBlocks(BlockOrder.Clustered).Blocks < 0.97 * matrix.ToBlocks(BlockOrder.AsGiven).Blocks);
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        foreach (var kernel in ByteSamples.Kernels)
        {
            using var product = ByteProduct.Create(
                ByteMatrix.FromBytes(ByteSamples.Matrix(40, 80, 0.1, 1)),
                new() { Columns = 70, Threads = 2, Kernel = kernel, Output = new(100, 3) });
            var (x, y, f) = (new byte[80 * 70], new byte[40 * 70], new float[40 * 70]);
            product.Run(x, y);
            product.Run(x, f);
            Assert.Equal(0, Allocation.Of(() =>
            {
                product.Run(x, y);
                product.Run(x, f);
            }));
        }
    }

    [Fact]
    public void Bad_terms_are_refused()
    {
        var matrix = BlockMatrix.FromBytes(ByteSamples.Matrix(4, 8, 1, 1));
        var good = new ByteProductOptions { Columns = 3 };
        foreach (var bad in new[]
        {
            good with { Columns = 0 }, good with { Threads = 0 }, good with { Bias = new float[3] }, good with { Input = new(1, 256) },
            good with { Input = new(0, 0) }, good with { Output = new(float.NaN, 0) }, good with { Residual = new(1, 0) },
            good with { Output = new(1, 0), OutputLayout = ByteLayout.Columns },
        })
            Assert.ThrowsAny<ArgumentException>(() => ByteProduct.Create(matrix, bad));
        using var product = ByteProduct.Create(matrix, good);
        Assert.Throws<ArgumentException>(() => product.Run(new byte[23], new int[12]));
        Assert.Throws<ArgumentException>(() => product.Run(new byte[24], new float[11]));
        Assert.Throws<InvalidOperationException>(() => product.Run(new byte[24], new byte[12]));
    }

    private static void Check(Case c)
    {
        var density = c.Density * c.Density / 100.0;
        var entries = ByteSamples.Matrix(c.Rows, c.Inputs, density, c.Seed);
        var x = ByteSamples.Bytes(c.Inputs * c.Columns, c.Seed);
        var random = new System.Random(c.Seed);
        var (input, output) = (new ByteScale(0.7f, c.Seed % 256), new ByteScale(300f, c.Seed / 2 % 256));
        ByteScale? residualScale = c.Seed % 3 == 0 ? new ByteScale(500f, 100) : null;
        var added = ByteSamples.Bytes(c.Rows * c.Columns, c.Seed + 1);
        float[]? bias = c.Seed % 4 == 0 ? null : [.. Enumerable.Range(0, c.Rows).Select(_ => random.NextSingle() * 1000 - 500)];
        var activation = c.Seed % 2 == 0 ? ProductActivation.None : ProductActivation.Relu;
        var (inputLayout, outputLayout) = ((ByteLayout)(c.Seed % 3), c.Seed % 5 < 2 ? ByteLayout.Interleaved : ByteLayout.Rows);
        var sums = ByteSamples.Sums(entries, x, c.Columns, input.ZeroPoint);
        var floats = new float[sums.Length];
        var bytes = new byte[sums.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            var b = bias?[i / c.Columns] ?? 0;
            floats[i] = ByteSamples.Float(sums[i], 1, input.Step, b, activation);
            bytes[i] = ByteSamples.Byte(
                sums[i], 1, input.Step, b, output, residualScale is { } s ? (added[i], s) : null, activation);
        }
        var arranged = ByteSamples.Arrange(x, c.Inputs, c.Columns, inputLayout);
        foreach (var kernel in ByteSamples.Kernels)
            foreach (var threads in new[] { 1, 2 })
            {
                var options = new ByteProductOptions
                {
                    Columns = c.Columns,
                    Bias = bias,
                    Activation = activation,
                    Threads = threads,
                    Kernel = kernel,
                    Input = input,
                    Output = output,
                    Residual = residualScale,
                    InputLayout = inputLayout,
                    OutputLayout = outputLayout,
                };
                using var product = c.Inputs % 4 == 0 && c.Seed % 7 < 3
                    ? ByteProduct.Create(BlockMatrix.FromBytes(entries), options)
                    : ByteProduct.Create(ByteMatrix.FromBytes(entries), options);
                Assert.Equal(kernel, product.Kernel);
                var foundSums = new int[sums.Length];
                product.Run(arranged, foundSums);
                Assert.Equal(sums, foundSums);
                var foundFloats = new float[sums.Length];
                product.Run(arranged, foundFloats);
                Assert.Equal(floats, foundFloats);
                var expected = ByteSamples.Arrange(bytes, c.Rows, c.Columns, outputLayout);
                var foundBytes = new byte[expected.Length];
                product.Run(arranged, foundBytes, residualScale is null ? [] : ByteSamples.Arrange(added, c.Rows, c.Columns, outputLayout));
                Clear(foundBytes, c, outputLayout);
                Assert.Equal(expected, foundBytes);
            }
    }

    /// <summary>Rows that fill up may hold anything.</summary>
    private static void Clear(byte[] bytes, Case c, ByteLayout layout)
    {
        if (layout != ByteLayout.Interleaved || c.Rows % 4 == 0) return;
        for (var i = c.Rows / 4 * c.Columns * 4; i < bytes.Length; i++)
            if (i % 4 >= c.Rows % 4) bytes[i] = 0;
    }

    private sealed record Case(int Rows, int Inputs, int Columns, int Density, int Seed);

    private static Arbitrary<Case> Cases() =>
        (from rows in Gen.Choose(0, 40)
         from inputs in Gen.Choose(0, 110)
         from columns in Gen.OneOf(Gen.Choose(1, 140), Gen.Elements(16, 32, 64, 128, 300))
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 2000)
         select new Case(rows, inputs, columns, density, seed)).ToArbitrary();
}
