using Connecto.Sparse.Kernels;
using Connecto.Testing.Networks;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests;

public class ConvolutionTests
{
    [Fact]
    public void A_convolution_agrees_with_the_definition_for_any_shape_and_variant() => Prop.ForAll(Shapes(), shape =>
    {
        var net = new NetworkBuilder(shape.Inputs);
        var drawn = net.Build(
            net.Conv2d("a", NetworkModel.InputName, shape.Outputs, shape.Kernel, shape.Stride), seed: shape.Seed);
        // Small whole numbers: no order of summation rounds, so every variant must give the very same floats.
        var model = drawn.With(drawn.Tensors.Values.Select(
            t => new Tensor(t.Name, t.Shape, Whole(t.Data.Length, shape.Seed + t.Shape.Length))));
        var (height, width) = (shape.Height * shape.Stride, shape.Width * shape.Stride);
        var input = Whole(shape.Inputs * height * width, shape.Seed);
        var expected = Array.ConvertAll(ReferenceNetwork.Run(model, input, height, width), v => (float)v);
        foreach (var kernels in KernelTable.Available)
            foreach (var threads in new[] { 1, 3 })
            {
                using var session = new NetworkSession(model, threads, kernels);
                var output = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
                session.Run(input, height, width, output);
                Assert.Equal(expected, output);
                // Once more: what the first run left in the borders must not show.
                session.Run(input, height, width, output);
                Assert.Equal(expected, output);
            }
    }).QuickCheckThrowOnFailure();

    private sealed record Shape(int Inputs, int Outputs, int Kernel, int Stride, int Height, int Width, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from inputs in Gen.Choose(1, 9)
         from outputs in Gen.Choose(1, 21)
         from kernel in Gen.Choose(1, 6)
         from stride in Gen.Choose(1, 3)
         from height in Gen.Choose(1, 13)
         from width in Gen.Choose(1, 67)
         from seed in Gen.Choose(0, 1000)
         select new Shape(inputs, outputs, kernel, stride, height, width, seed)).ToArbitrary();

    private static float[] Whole(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-3, 4))];
    }
}
