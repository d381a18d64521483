using Connecto.Sparse.Decode;
using Connecto.Sparse.Tests.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Decode;

public class DecodeProductTests
{
    [Fact]
    public void Sums_of_bytes_are_exact_for_any_shape_density_and_kernel() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = BitmaskMatrix.Quantize(SampleMatrices.Real(shape.Rows, shape.Columns, shape.Density / 10.0, shape.Seed));
            var dense = Dense(matrix);
            var x = Bytes(shape.Batch * shape.Columns, shape.Seed);
            var zero = shape.Seed % 256;
            var expected = DefineSums(matrix, x, shape.Batch, zero);
            foreach (var kernel in Usable(DecodeFormat.MaskedBytes, shape.Rows, shape.Columns))
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    var options = new DecodeOptions { Batch = shape.Batch, Threads = threads, Kernel = kernel };
                    using var product = DecodeProduct.Create(matrix, options);
                    using var twin = DecodeProduct.CreateDense(dense, shape.Rows, shape.Columns, matrix.RowScales, options);
                    foreach (var each in new[] { product, twin })
                    {
                        Assert.Equal(kernel, each.Kernel);
                        var y = Enumerable.Repeat(-77, expected.Length + 64).ToArray();
                        each.RunSums(x, zero, y.AsSpan(32, expected.Length));
                        Assert.Equal(expected, y.AsSpan(32, expected.Length).ToArray());
                        Assert.All(y[..32].Concat(y[^32..]), v => Assert.Equal(-77, v));
                    }
                }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_of_bytes_have_the_bits_of_their_definition()
    {
        var matrix = BitmaskMatrix.Quantize(SampleMatrices.Real(37, 150, 0.3, 1));
        var bias = SampleMatrices.Real(37, 2);
        for (var batch = 1; batch <= DecodeOptions.MostVectors; batch++)
        {
            var x = Bytes(batch * 150, batch);
            var sums = DefineSums(matrix, x, batch, 99);
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
            {
                var expected = sums.Select((s, i) => (s * (matrix.RowScales[i % 37] * 0.25f)) + bias[i % 37])
                    .Select(v => activation == ProductActivation.Relu ? Math.Max(v, 0) : v).ToArray();
                foreach (var kernel in Usable(DecodeFormat.MaskedBytes, 37, 150))
                    foreach (var threads in new[] { 1, 2 })
                    {
                        using var product = DecodeProduct.Create(matrix, new()
                        {
                            Batch = batch,
                            Threads = threads,
                            Bias = bias,
                            Activation = activation,
                            Kernel = kernel,
                        });
                        var y = new float[batch * 37];
                        product.Run(x, 0.25f, 99, y);
                        Assert.Equal(expected, y);
                    }
            }
        }
    }

    [Fact]
    public void Floats_made_into_bytes_stay_within_a_scale_each()
    {
        var weights = SampleMatrices.Real(20, 300, 0.5, 1);
        var matrix = BitmaskMatrix.Quantize(weights);
        var exact = matrix.ToCsr();
        foreach (var kernel in Usable(DecodeFormat.MaskedBytes, 20, 300))
        {
            var x = SampleMatrices.Real(3 * 300, 5);
            for (var k = 0; k < 300; k++) x[300 + k] = Math.Abs(x[300 + k]) + 1; // one vector far from 0
            using var product = DecodeProduct.Create(matrix, new() { Batch = 3, Kernel = kernel });
            var y = new float[3 * 20];
            product.Run(x, y);
            for (var n = 0; n < 3; n++)
            {
                var vector = x.AsSpan(n * 300, 300).ToArray();
                var scale = (Math.Max(0, vector.Max()) - Math.Min(0, vector.Min())) / 255;
                for (var row = 0; row < 20; row++)
                {
                    double right = 0, allowed = 1e-4;
                    for (var i = exact.RowStarts[row]; i < exact.RowStarts[row + 1]; i++)
                    {
                        right += (double)exact.Values[i] * vector[exact.ColumnIndices[i]];
                        allowed += Math.Abs(exact.Values[i]) * scale;
                    }
                    Assert.True(Math.Abs(y[n * 20 + row] - right) <= allowed);
                }
            }
            x[7] = float.NaN;
            x[607] = float.NegativeInfinity;
            var before = y.ToArray();
            product.Run(x, y);
            Assert.All(y[..20].Concat(y[40..]), v => Assert.True(float.IsNaN(v)));
            Assert.Equal(before[20..40], y[20..40]);
            Array.Clear(x);
            product.Run(x, y);
            Assert.All(y, v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Products_of_floats_agree_with_the_definition_for_any_shape_density_and_kernel() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = SampleMatrices.Whole(shape.Rows, shape.Columns, shape.Density / 10.0, shape.Seed);
            var x = SampleMatrices.Whole(shape.Batch * shape.Columns, shape.Seed);
            var bias = SampleMatrices.Whole(shape.Rows, shape.Seed + 1);
            // Small whole numbers, which also 16 bits hold: no order of summation rounds.
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
            {
                var expected = Array.ConvertAll(Define(matrix, x, shape.Batch, bias, activation), v => (float)v);
                foreach (var (kernel, threads, create) in Creations(matrix))
                {
                    using var product = create(new()
                    {
                        Batch = shape.Batch,
                        Threads = threads,
                        Bias = bias,
                        Activation = activation,
                        Kernel = kernel,
                    });
                    Assert.Equal(kernel, product.Kernel);
                    var y = Enumerable.Repeat(float.NaN, expected.Length + 64).ToArray();
                    product.Run(x, y.AsSpan(32, expected.Length));
                    Assert.Equal(expected, y.AsSpan(32, expected.Length).ToArray());
                    Assert.All(y[..32].Concat(y[^32..]), v => Assert.True(float.IsNaN(v)));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.05)]
    public void Compressed_rows_are_multiplied_in_the_format_for_their_density(double density)
    {
        var (matrix, x) = (SampleMatrices.Whole(50, 300, density, 1), SampleMatrices.Whole(3 * 300, 2));
        var bias = SampleMatrices.Whole(50, 3);
        var expected = Array.ConvertAll(Define(matrix, x, 3, bias, ProductActivation.Relu), v => (float)v);
        foreach (var kernel in (DecodeKernel[])[DecodeKernel.Auto, .. Usable(DecodeFormat.MaskedFloats, 50, 300)])
            foreach (var threads in new[] { 1, 2, 3 })
            {
                using var product = DecodeProduct.Create(
                    matrix, new() { Batch = 3, Threads = threads, Bias = bias, Activation = ProductActivation.Relu, Kernel = kernel });
                var bits = kernel switch
                {
                    DecodeKernel.Generated => true,
                    DecodeKernel.Portable => false,
                    _ => density > 0.2 && Usable(DecodeFormat.MaskedFloats, 50, 300).Length > 1,
                };
                Assert.Equal(bits, product.Describe().Contains("bits", StringComparison.Ordinal));
                var y = new float[expected.Length];
                product.Run(x, y);
                Assert.Equal(expected, y);
            }
    }

    [Fact]
    public void More_columns_than_short_numbers_count_are_multiplied_too()
    {
        var matrix = CsrMatrix.FromEntries(2, 70_000, [(0, 3, 2f), (1, 65_535, 3f), (1, 65_536, 4f), (1, 69_999, 5f)]);
        var x = new float[70_000];
        (x[3], x[65_535], x[65_536], x[69_999]) = (1, 10, 100, 1000);
        foreach (var kernel in new[] { DecodeKernel.Auto, DecodeKernel.Portable })
        {
            using var product = DecodeProduct.Create(matrix, new() { Kernel = kernel });
            var y = new float[2];
            product.Run(x, y);
            Assert.Equal([2f, 5430f], y);
        }
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(8, 0.1)]
    public void Products_of_floats_have_the_same_bits_by_every_kernel_close_to_double_precision(int batch, double density)
    {
        var matrix = SampleMatrices.Real(70, 500, density, 1);
        var x = SampleMatrices.Real(batch * 500, 2);
        var results = new Dictionary<string, float[]>();
        foreach (var (kernel, threads, create) in Creations(matrix))
        {
            using var product = create(new() { Batch = batch, Threads = threads, Kernel = kernel });
            var y = new float[batch * 70];
            product.Run(x, y);
            var format = product.Describe().Contains("2-byte", StringComparison.Ordinal) ? "halves" : "floats";
            Assert.Equal(results.TryGetValue(format, out var first) ? first : results[format] = y, y);
        }
        var (floats, halves) = (Define(matrix, x, batch, new float[70], ProductActivation.None),
            Define(BitmaskMatrix.RoundToBFloat16(matrix).ToCsr(), x, batch, new float[70], ProductActivation.None));
        for (var i = 0; i < floats.Length; i++)
        {
            Assert.Equal(floats[i], results["floats"][i], 1e-5);
            Assert.Equal(halves[i], results["halves"][i], 1e-5);
        }
    }

    [Fact]
    public void NaN_and_infinity_pass_through_the_entries_only()
    {
        var matrix = CsrMatrix.FromEntries(4, 3, [(0, 0, 1f), (1, 1, 2f), (2, 1, 0f), (2, 2, 1f), (3, 2, -1f)]);
        float[] x = [float.NaN, float.PositiveInfinity, 3f];
        foreach (var (kernel, threads, create) in Creations(matrix))
        {
            using var product = create(new() { Threads = threads, Kernel = kernel, Activation = ProductActivation.Relu });
            var y = new float[4];
            product.Run(x, y);
            Assert.Equal([float.NaN, float.PositiveInfinity, float.NaN, 0f], y);
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        var matrix = SampleMatrices.Real(64, 300, 0.3, 1);
        var (x, y) = (SampleMatrices.Real(2 * 300, 1), new float[2 * 64]);
        List<DecodeProduct> products = [.. Creations(matrix).Select(c => c.Create(new() { Batch = 2, Threads = c.Threads, Kernel = c.Kernel }))];
        products.Add(DecodeProduct.Create(BitmaskMatrix.Quantize(matrix), new() { Batch = 2, Threads = 2 }));
        foreach (var product in products)
        {
            product.Run(x, y);
            Assert.Equal(0, Allocation.Of(() => product.Run(x, y)));
            product.Dispose();
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var matrix = BitmaskMatrix.Quantize(SampleMatrices.Real(4, 5, 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecodeProduct.Create(matrix, new() { Batch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecodeProduct.Create(matrix, new() { Batch = 9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecodeProduct.Create(matrix, new() { Threads = 0 }));
        Assert.Throws<ArgumentException>(() => DecodeProduct.Create(matrix, new() { Bias = new float[3] }));
        Assert.Throws<ArgumentException>(() => DecodeProduct.CreateDense(new sbyte[3], 2, 2, [], new()));
        Assert.Throws<ArgumentException>(() => DecodeProduct.CreateDense(new sbyte[4], 2, 2, [1f], new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecodeProduct.CreateDense([], 0, 65_001, [], new()));
        var product = DecodeProduct.Create(matrix, new() { Batch = 2 });
        Assert.Throws<ArgumentException>(() => product.Run(new float[9], new float[8]));
        Assert.Throws<ArgumentException>(() => product.Run(new float[10], new float[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => product.Run(new byte[10], 1, 256, new float[8]));
        Assert.Contains("entries", product.Describe(), StringComparison.Ordinal);
        product.Dispose();
        product.Dispose();
        Assert.Throws<ObjectDisposedException>(() => product.Run(new float[10], new float[8]));
    }

    internal static DecodeKernel[] Usable(DecodeFormat format, int rows, int columns) =>
        DecodeSupport.Obstacle(new DecodeShape(format, 1), rows, columns) is null
            ? [DecodeKernel.Portable, DecodeKernel.Generated] : [DecodeKernel.Portable];

    internal static byte[] Bytes(int count, int seed)
    {
        var x = new byte[count];
        new System.Random(seed).NextBytes(x);
        return x;
    }

    /// <summary>Vectors lie one after another here, as decoding has them.</summary>
    internal static double[] Define(CsrMatrix matrix, float[] x, int batch, float[] bias, ProductActivation activation)
    {
        var y = new double[batch * matrix.Rows];
        for (var n = 0; n < batch; n++)
            SampleMatrices.Define(matrix, x[(n * matrix.Columns)..((n + 1) * matrix.Columns)], 1, bias, activation)
                .CopyTo(y, n * matrix.Rows);
        return y;
    }

    private static IEnumerable<(DecodeKernel Kernel, int Threads, Func<DecodeOptions, DecodeProduct> Create)> Creations(CsrMatrix matrix)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            foreach (var kernel in Usable(DecodeFormat.MaskedFloats, matrix.Rows, matrix.Columns))
                yield return (kernel, threads, o => DecodeProduct.Create(BitmaskMatrix.FromCsr(matrix), o));
            foreach (var kernel in Usable(DecodeFormat.MaskedHalves, matrix.Rows, matrix.Columns))
                yield return (kernel, threads, o => DecodeProduct.Create(BitmaskMatrix.RoundToBFloat16(matrix), o));
        }
    }

    private static int[] DefineSums(BitmaskMatrix<sbyte> matrix, byte[] x, int batch, int zeroPoint)
    {
        var dense = Dense(matrix);
        var y = new int[batch * matrix.Rows];
        for (var n = 0; n < batch; n++)
            for (var row = 0; row < matrix.Rows; row++)
                for (var k = 0; k < matrix.Columns; k++)
                    y[n * matrix.Rows + row] += dense[row * matrix.Columns + k] * (x[n * matrix.Columns + k] - zeroPoint);
        return y;
    }

    private static sbyte[] Dense(BitmaskMatrix<sbyte> matrix)
    {
        var dense = new sbyte[matrix.Rows * matrix.Columns];
        var next = 0;
        for (var row = 0; row < matrix.Rows; row++)
            for (var k = 0; k < matrix.Columns; k++)
                if ((matrix.Masks[row * matrix.WordsPerRow + k / 64] >> k % 64 & 1) != 0) dense[row * matrix.Columns + k] = matrix.Values[next++];
        return dense;
    }

    private sealed record Shape(int Rows, int Columns, int Batch, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 40)
         from columns in Gen.OneOf(Gen.Choose(0, 140), Gen.Choose(300, 400))
         from batch in Gen.Choose(1, DecodeOptions.MostVectors)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, columns, batch, density, seed)).ToArbitrary();
}
