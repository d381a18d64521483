using Connecto.Sparse.Streams;
using Connecto.Testing.Networks;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests;

public class StandaloneConvolutionTests
{
    [Fact]
    public void Every_kernel_agrees_with_the_definition_for_any_shape() => Prop.ForAll(Shapes(), shape =>
    {
        var (kernel, inputs, outputs) = (shape.Kernel, shape.Inputs, shape.Outputs * shape.Groups);
        var random = new Random(shape.Seed);
        var weights = kernel.Depth == 1 && shape.Seed % 2 == 0
            ? new Tensor("w", outputs, inputs, kernel.Height, kernel.Width)
            : new Tensor("w", outputs, inputs, kernel.Depth, kernel.Height, kernel.Width);
        foreach (ref var weight in weights.Data.AsSpan()) weight = random.Next(10) < shape.Density ? random.Next(-3, 4) : 0;
        var bias = shape.Seed % 3 == 0 ? null : Streams.SampleMatrices.Whole(outputs, shape.Seed);
        var input = Streams.SampleMatrices.Whole((int)(inputs * shape.Groups * shape.Size.Count), shape.Seed);
        foreach (var which in Kernels())
            foreach (var threads in new[] { 1, 2 })
            {
                var options = new SparseConvolutionOptions
                {
                    Size = shape.Size,
                    Stride = shape.Stride,
                    Padding = shape.Padding,
                    Dilation = shape.Dilation,
                    Groups = shape.Groups,
                    Bias = bias,
                    Activation = shape.Seed % 5 < 2 ? ProductActivation.Relu : ProductActivation.None,
                    Threads = threads,
                    Kernel = which,
                };
                if (!Fits(options, kernel))
                {
                    Assert.Throws<ArgumentException>(() => SparseConvolution.Create(weights, options));
                    continue;
                }
                using var convolution = SparseConvolution.Create(weights, options);
                Assert.True(which == ConvolutionKernel.Auto || convolution.Kernel == which);
                var expected = Define(weights, kernel, options, convolution.OutputSize, input);
                for (var run = 0; run < 2; run++)
                {
                    var output = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
                    convolution.Run(input, output);
                    Assert.Equal(expected, output);
                }
            }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_zero_weight_reads_no_input()
    {
        var weights = new Tensor("w", 2, 2, 3, 3);
        weights.Data[4] = weights.Data[18 + 9 + 4] = 2; // output c is twice input c
        using var convolution = SparseConvolution.Create(weights, new() { Size = new(4, 5) });
        var (x, y) = (new float[40], new float[40]);
        (x[7], x[11]) = (float.NaN, float.PositiveInfinity);
        convolution.Run(x, y);
        for (var i = 0; i < y.Length; i++) Assert.Equal(x[i], y[i]);
        Assert.Contains("2 non-zeros", convolution.Describe());
    }

    [Fact]
    public void Nothing_is_allocated_by_a_run()
    {
        var weights = new Tensor("w", 32, 32, 3, 3, 3);
        var random = new Random(1);
        foreach (ref var weight in weights.Data.AsSpan()) weight = random.Next(10) == 0 ? 1 : 0;
        foreach (var which in Kernels())
        {
            using var convolution = SparseConvolution.Create(
                weights, new() { Size = new(3, 20, 24), Stride = new(1, 2, 2), Threads = 2, Kernel = which });
            var (x, y) = (new float[32 * 3 * 20 * 24], new float[32 * 3 * 10 * 12]);
            Assert.Equal(0, Allocation.Of(() => convolution.Run(x, y)));
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused_in_one_sentence()
    {
        var weights = new Tensor("w", 4, 2, 3, 3);
        Refused("4 axes", new Tensor("w", 4, 2, 3), new() { Size = new(8, 8) });
        Refused("size", weights, new() { Size = new(0, 8) });
        Refused("stride", weights, new() { Size = new(8, 8), Stride = new(1, 17, 1) });
        Refused("dilation", weights, new() { Size = new(8, 8), Dilation = default });
        Refused("padding", weights, new() { Size = new(8, 8), Padding = new(0, -1, 0) });
        Refused("biases", weights, new() { Size = new(8, 8), Bias = [1] });
        Refused("groups", weights, new() { Size = new(8, 8), Groups = 3 });
        Refused("fit", weights, new() { Size = new(2, 8), Padding = default(Extent) });
        Refused("kernel", new Tensor("w", 4, 2, 0, 3), new() { Size = new(8, 8) });
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseConvolution.Create(weights, new() { Size = new(8, 8), Threads = 0 }));
        var convolution = SparseConvolution.Create(weights, new() { Size = new(8, 8) });
        Assert.Throws<ArgumentException>(() => convolution.Run(new float[127], new float[256]));
        convolution.Dispose();
        Assert.Throws<ObjectDisposedException>(() => convolution.Run(new float[128], new float[256]));

        static void Refused(string word, Tensor weights, SparseConvolutionOptions options) =>
            Assert.Contains(word, Assert.Throws<ArgumentException>(() => SparseConvolution.Create(weights, options)).Message);
    }

    private static IEnumerable<ConvolutionKernel> Kernels() => Enum.GetValues<ConvolutionKernel>()
        .Where(k => k != ConvolutionKernel.Stream || StreamSupport.MachineObstacle is null);

    private static bool Fits(SparseConvolutionOptions options, Extent kernel) =>
        options.Padding is not { } p || Axes(options.Size).Zip(Axes(kernel), Axes(options.Dilation)).Zip(Axes(p))
            .All(a => a.First.First + 2 * a.Second >= (a.First.Second - 1) * a.First.Third + 1);

    private static float[] Define(Tensor weights, Extent kernel, SparseConvolutionOptions options, Extent size, float[] x)
    {
        var (n, s, d) = (options.Size, options.Stride, options.Dilation);
        var (outputs, inputs) = (weights.Shape[0], weights.Shape[1]);
        var before = options.Padding ?? new Extent(
            (kernel.Depth - 1) * d.Depth / 2, (kernel.Height - 1) * d.Height / 2, (kernel.Width - 1) * d.Width / 2);
        var y = new float[outputs * size.Count];
        var i = 0;
        for (var o = 0; o < outputs; o++)
            for (var z = 0; z < size.Depth; z++)
                for (var row = 0; row < size.Height; row++)
                    for (var column = 0; column < size.Width; column++)
                    {
                        double sum = options.Bias?[o] ?? 0;
                        for (var c = 0; c < inputs; c++)
                            for (var k = 0; k < kernel.Count; k++)
                            {
                                var (kx, ky, kz) = (k % kernel.Width, k / kernel.Width % kernel.Height, k / kernel.Width / kernel.Height);
                                var iz = z * s.Depth + kz * d.Depth - before.Depth;
                                var iy = row * s.Height + ky * d.Height - before.Height;
                                var ix = column * s.Width + kx * d.Width - before.Width;
                                if (iz < 0 || iy < 0 || ix < 0 || iz >= n.Depth || iy >= n.Height || ix >= n.Width) continue;
                                var channel = o / (outputs / options.Groups) * inputs + c;
                                sum += weights.Data[(o * inputs + c) * kernel.Count + k]
                                    * x[((channel * n.Depth + iz) * n.Height + iy) * n.Width + ix];
                            }
                        y[i++] = options.Activation == ProductActivation.Relu ? Math.Max((float)sum, 0) : (float)sum;
                    }
        return y;
    }

    private static int[] Axes(Extent extent) => [extent.Depth, extent.Height, extent.Width];

    private sealed record Shape(
        int Inputs, int Outputs, int Groups, Extent Kernel, Extent Stride, Extent Dilation, Extent? Padding, Extent Size,
        int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from inputs in Gen.Choose(1, 5)
         from outputs in Gen.Choose(1, 9)
         from groups in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
         from kernel in Extents(1, 4)
         from stride in Extents(1, 3)
         from dilation in Extents(1, 2)
         from padded in Gen.Choose(0, 1)
         from padding in Extents(0, 3)
         from size in Extents(1, 9)
         from wide in Gen.Choose(0, 50)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(
             inputs, outputs, groups, kernel, stride, dilation, padded == 0 ? null : padding,
             new Extent(1 + size.Depth / 3, size.Height, size.Width + wide), density, seed)).ToArbitrary();

    private static Gen<Extent> Extents(int least, int most) =>
        from depth in Gen.Choose(least, most)
        from height in Gen.Choose(least, most)
        from width in Gen.Choose(least, most)
        select new Extent(depth, height, width);
}
