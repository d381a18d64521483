using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;
using Connecto.Sparse.Streams;
using Connecto.Testing.Networks;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests;

public class SparseConvolutionTests
{
    [Fact]
    public void A_sparse_convolution_agrees_with_the_definition_for_any_shape_and_variant() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var net = new NetworkBuilder(shape.Inputs);
            var name = net.Conv2d("a", NetworkModel.InputName, shape.Outputs, shape.Kernel, shape.Stride);
            if (shape.Seed % 2 == 0) name = net.Relu("b", name);
            var model = Thin(net.Build(name, seed: shape.Seed), shape.Density / 10.0, shape.Seed, whole: true);
            var (height, width) = (shape.Height * shape.Stride, shape.Width * shape.Stride);
            var input = Streams.SampleMatrices.Whole(shape.Inputs * height * width, shape.Seed);
            var expected = Array.ConvertAll(ReferenceNetwork.Run(model, input, height, width), v => (float)v);
            foreach (var kernels in KernelTable.Available)
                foreach (var threads in new[] { 1, 3 })
                {
                    using var session = new NetworkSession(model, threads, kernels);
                    var output = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
                    session.Run(input, height, width, output);
                    Assert.Equal(expected, output);
                    session.Run(input, height, width, output); // what the borders now hold must not show
                    Assert.Equal(expected, output);
                }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sparse_session_gives_the_bits_of_a_dense_one_on_any_threads()
    {
        var model = Thin(SampleNetworks.UNet(3, 5, [24, 32, 40]), 0.25, 1, whole: false);
        var input = SampleNetworks.Noise(3 * 48 * 80, 7);
        foreach (var kernels in KernelTable.Available)
        {
            var expected = new float[5 * 48 * 80];
            using (var dense = new NetworkSession(model, 1, kernels, sparseShare: -1)) dense.Run(input, 48, 80, expected);
            foreach (var threads in new[] { 1, 2, 3 })
            {
                using var session = new NetworkSession(model, threads, kernels);
                var output = new float[expected.Length];
                session.Run(input, 48, 80, output);
                Assert.Equal(expected, output);
            }
        }
    }

    [Theory]
    [InlineData(70, 20, 11, 150)]
    [InlineData(40, 30, 9, 128)]
    [InlineData(40, 15, 21, 161)]
    public void A_stream_over_several_tiles_gives_the_bits_of_a_dense_convolution(int inputs, int outputs, int height, int width)
    {
        var net = new NetworkBuilder(inputs);
        var model = Thin(net.Build(net.Relu("b", net.Conv2d("a", NetworkModel.InputName, outputs, 3)), 1), 0.2, 1, whole: false);
        var input = SampleNetworks.Noise(inputs * height * width, 7);
        var (expected, output) = (new float[outputs * height * width], new float[outputs * height * width]);
        using (var dense = new NetworkSession(model, 1, KernelTable.Chosen, sparseShare: -1))
            dense.Run(input, height, width, expected);
        foreach (var threads in new[] { 1, 2 })
        {
            using var session = new NetworkSession(model, threads);
            for (var i = 0; i < 2; i++) session.Run(input, height, width, output);
            Assert.Equal(expected, output);
        }
    }

    [Fact]
    public void A_stream_is_used_where_it_pays_and_given_back()
    {
        var net = new NetworkBuilder(40);
        var model = Thin(net.Build(net.Conv2d("a", NetworkModel.InputName, 30, 3), 1), 0.2, 1, whole: false);
        var pattern = ConvolutionPattern.Forward(model.Nodes[0], 40);
        var weights = SparseWeights.TryCreate(pattern, model.Tensors["a.weight"].Data, model.Tensors["a.bias"].Data, 0.35)!;
        var arena = new PlaneArena();
        arena.AddLevel(1, new PlaneLayout(20, 30, 1));
        var (inputs, outputs) = (arena.Take(1, 40), arena.Take(1, 30));
        arena.Allocate();
        var step = weights.Step(
            KernelTable.Chosen, arena, arena.LayoutOf(1), arena.Offsets(inputs), arena.Offsets(outputs), rectified: true);
        Assert.Equal(StreamSupport.MachineObstacle is null, step is StreamConvolutionStep);
        (step as IDisposable)?.Dispose();
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        var model = Thin(SampleNetworks.UNet(2, 2, [24, 40]), 0.2, 1, whole: false);
        using var session = new NetworkSession(model, 2);
        var (input, output) = (SampleNetworks.Noise(2 * 24 * 32, 1), new float[2 * 24 * 32]);
        Assert.Equal(0, Allocation.Of(() => session.Run(input, 24, 32, output)));
    }

    private sealed record Shape(int Inputs, int Outputs, int Kernel, int Stride, int Height, int Width, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from inputs in Gen.OneOf(Gen.Choose(1, 9), Gen.Choose(30, 40))
         from outputs in Gen.Choose(1, 32)
         from kernel in Gen.Choose(1, 4)
         from stride in Gen.Choose(1, 2)
         from height in Gen.Choose(1, 13)
         from width in Gen.Choose(1, 40)
         from density in Gen.Choose(0, 3)
         from seed in Gen.Choose(0, 1000)
         select new Shape(inputs, outputs, kernel, stride, height, width, density, seed)).ToArbitrary();

    /// <summary>The model with all but a share of its weights 0, and small whole numbers for the others on
    /// demand.</summary>
    private static NetworkModel Thin(NetworkModel model, double density, int seed, bool whole)
    {
        var random = new Random(seed);
        return model.With(model.Tensors.Values.Select(t => new Tensor(t.Name, t.Shape, [.. t.Data.Select(v =>
            t.Shape.Length > 1 && random.NextDouble() >= density ? 0 : whole ? random.Next(-3, 4) : v)])));
    }
}
