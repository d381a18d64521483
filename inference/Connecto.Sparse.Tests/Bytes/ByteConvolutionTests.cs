using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Bytes;

public class ByteConvolutionTests
{
    [Fact]
    public void Planes_come_back_as_they_were_loaded() =>
        Prop.ForAll(Cases(), c =>
        {
            var shape = BytePlaneShape.For(c.Channels, c.Height, c.Width, c.Seed % 3, c.Seed % 2);
            var pixels = ByteSamples.Bytes(c.Channels * c.Height * c.Width, c.Seed);
            var planes = new BytePlanes(shape, new(1, 9));
            planes.Load(pixels);
            var found = new byte[pixels.Length];
            planes.Store(found);
            Assert.Equal(pixels, found);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_result_has_the_bits_of_the_definition_for_any_shape_kernel_and_stride() =>
        Prop.ForAll(Cases(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Layers_chain_without_repacking()
    {
        // Three layers, one with stride 2, against the same layers with planes stored and loaded in between.
        var random = new System.Random(3);
        using var pool = new WorkerPool(2);
        var scale = new ByteScale(1, 4);
        BytePlaneShape[] shapes = [BytePlaneShape.For(5, 20, 70, 1), default, default, default];
        var current = new BytePlanes(shapes[0], scale);
        current.Load(ByteSamples.Bytes(5 * 20 * 70, 1));
        foreach (var (outputs, stride) in new[] { (9, 1), (12, 2), (3, 1) })
        {
            var input = current.Shape;
            using var layer = ByteConvolution.Create(
                Filters(outputs, input.Channels, 3, 0.4, random.Next()), input,
                new() { Stride = stride, Input = scale, Output = scale with { Step = 900 }, Activation = ProductActivation.Relu }, pool);
            var (chained, apart, reloaded) = (new BytePlanes(layer.OutputShape, scale), new BytePlanes(layer.OutputShape, scale), new BytePlanes(input, scale));
            layer.Run(current, chained);
            var pixels = new byte[input.Channels * input.Height * input.Width];
            current.Store(pixels);
            reloaded.Load(pixels);
            layer.Run(reloaded, apart);
            Assert.Equal(Stored(apart), Stored(chained));
            current = chained;
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        using var pool = new WorkerPool(2);
        var shape = BytePlaneShape.For(8, 20, 40);
        using var layer = ByteConvolution.Create(Filters(8, 8, 3, 0.3, 1), shape, new(), pool);
        var (x, y) = (new BytePlanes(shape, new(1, 0)), new BytePlanes(layer.OutputShape, new(1, 0)));
        layer.Run(x, y);
        Assert.Equal(0, Allocation.Of(() => layer.Run(x, y)));
    }

    [Fact]
    public void Bad_terms_are_refused()
    {
        using var pool = new WorkerPool(1);
        var shape = BytePlaneShape.For(8, 20, 40);
        void Refuse(ByteFilters filters, BytePlaneShape input, ByteConvolutionOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => ByteConvolution.Create(filters, input, options, pool));
        var good = Filters(8, 8, 3, 0.3, 1);
        Refuse(Filters(8, 7, 3, 1, 1), shape, new());
        Refuse(good, shape with { Border = 0 }, new());
        Refuse(good, shape with { Steps = 2 }, new());
        Refuse(good, shape, new() { Stride = 2 });
        Refuse(good, shape, new() { Stride = 3 });
        Refuse(good, shape, new() { Padding = 2 });
        Refuse(good, shape, new() { Bias = new float[7] });
        Refuse(Filters(8, 8, 5, 0.3, 1), shape, new());
        using var layer = ByteConvolution.Create(good, shape, new() { Output = new(1, 5) }, pool);
        var (x, y) = (new BytePlanes(shape, new(1, 0)), new BytePlanes(layer.OutputShape, new(1, 5)));
        Assert.Throws<ArgumentException>(() => layer.Run(y, y));
        Assert.Throws<ArgumentException>(() => layer.Run(x, x));
        Assert.Throws<ArgumentException>(() => layer.Run(x, y, y));
        Assert.Throws<ArgumentException>(() => layer.Run(x, new int[3]));
        layer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => layer.Run(x, y));
        Assert.Throws<ArgumentException>(() => new ByteFilters(1, 1, 1, 1, [1, 2], [1f]));
    }

    private static void Check(Case c)
    {
        var (size, stride) = (c.Seed % 4 == 0 ? 1 : c.Seed % 4 == 1 ? 5 : 3, c.Seed % 3 == 0 ? 2 : 1);
        var padding = Math.Max(c.Seed % 5 == 0 ? size / 2 - 1 : size / 2, 0);
        var border = size - 1 - padding;
        var input = BytePlaneShape.For(c.Channels, c.Height, c.Width, stride - 1, Math.Max(border, padding));
        if (size > c.Height + 2 * padding || size > c.Width + 2 * padding) return;
        var filters = Filters(c.Outputs, c.Channels, size, c.Density * c.Density / 100.0, c.Seed);
        var random = new System.Random(c.Seed);
        float[] bias = [.. Enumerable.Range(0, c.Outputs).Select(_ => random.NextSingle() * 1000 - 500)];
        var (from, to) = (new ByteScale(0.7f, c.Seed % 256), new ByteScale(c.Seed % 11 == 0 ? 1e-9f : 400f, c.Seed / 2 % 256));
        ByteScale? more = c.Seed % 2 == 0 ? new ByteScale(500f, 100) : null;
        var activation = c.Seed % 7 < 4 ? ProductActivation.None : ProductActivation.Relu;
        var pixels = ByteSamples.Bytes(c.Channels * c.Height * c.Width, c.Seed);
        var planes = new BytePlanes(input, from);
        planes.Load(pixels);
        var (height, width) = ((c.Height + 2 * padding - size) / stride + 1, (c.Width + 2 * padding - size) / stride + 1);
        var added = ByteSamples.Bytes(c.Outputs * height * width, c.Seed + 1);
        var sums = Define(filters, pixels, c, padding, stride, from.ZeroPoint, height, width);
        var floats = sums.Select((s, i) => ByteSamples.Float(s, filters.Scales[i / height / width], from.Step, bias[i / height / width], activation)).ToArray();
        var bytes = sums.Select((s, i) => ByteSamples.Byte(
            s, filters.Scales[i / height / width], from.Step, bias[i / height / width], to, more is { } m ? (added[i], m) : null, activation)).ToArray();
        foreach (var kernel in ByteSamples.Kernels)
            foreach (var threads in new[] { 1, 2 })
            {
                using var pool = new WorkerPool(threads);
                var options = new ByteConvolutionOptions
                {
                    Stride = stride,
                    Padding = padding,
                    OutputBorder = 0,
                    Bias = bias,
                    Activation = activation,
                    Kernel = kernel,
                    Input = from,
                    Output = to,
                    Residual = more,
                };
                using var layer = ByteConvolution.Create(filters, input, options, pool);
                Assert.Equal(kernel, layer.Kernel);
                var (y, residual) = (new BytePlanes(layer.OutputShape, to), new BytePlanes(layer.OutputShape, new(500f, 100)));
                residual.Load(added);
                layer.Run(planes, y, more is null ? null : residual);
                Assert.Equal(bytes, Stored(y));
                var foundSums = new int[sums.Length];
                layer.Run(planes, foundSums);
                Assert.Equal(sums, foundSums);
                var foundFloats = new float[sums.Length];
                layer.Run(planes, foundFloats);
                Assert.Equal(floats, foundFloats);
                Array.Clear(foundSums);
                layer.Run(pixels, foundSums);
                Assert.Equal(sums, foundSums);
                Array.Clear(foundFloats);
                layer.Run(pixels, foundFloats);
                Assert.Equal(floats, foundFloats);
            }
    }

    private static byte[] Stored(BytePlanes planes)
    {
        var pixels = new byte[planes.Shape.Channels * planes.Shape.Height * planes.Shape.Width];
        planes.Store(pixels);
        return pixels;
    }

    private static ByteFilters Filters(int outputs, int channels, int size, double density, int seed)
    {
        var random = new System.Random(seed);
        var values = new sbyte[outputs * channels * size * size];
        for (var i = 0; i < values.Length; i++)
            if (random.NextDouble() < density) values[i] = (sbyte)(random.Next(4) == 0 ? -128 : random.Next(-128, 128));
        float[] scales = [.. Enumerable.Range(0, outputs).Select(i => 0.1f + i % 7)];
        return new ByteFilters(outputs, channels, size, size, values, scales);
    }

    private static int[] Define(
        ByteFilters filters, byte[] pixels, Case c, int padding, int stride, int zeroPoint, int height, int width)
    {
        var sums = new int[filters.Outputs * height * width];
        var size = filters.Height;
        for (var i = 0; i < filters.Values.Length; i++)
        {
            var (m, channel, dy, dx) = (i / (c.Channels * size * size), i / (size * size) % c.Channels, i / size % size, i % size);
            if (filters.Values[i] == 0) continue;
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var (row, column) = (y * stride + dy - padding, x * stride + dx - padding);
                    if (row < 0 || row >= c.Height || column < 0 || column >= c.Width) continue;
                    sums[(m * height + y) * width + x] +=
                        filters.Values[i] * (pixels[(channel * c.Height + row) * c.Width + column] - zeroPoint);
                }
        }
        return sums;
    }

    private sealed record Case(int Outputs, int Channels, int Height, int Width, int Density, int Seed);

    private static Arbitrary<Case> Cases() =>
        (from outputs in Gen.Choose(1, 13)
         from channels in Gen.Choose(1, 11)
         from height in Gen.Choose(1, 13)
         from width in Gen.OneOf(Gen.Choose(1, 70), Gen.Elements(32, 64, 128, 130, 200))
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 5000)
         select new Case(outputs, channels, height, width, density, seed)).ToArbitrary();
}
