using Connecto.Sparse.Kernels;
using Connecto.Testing.Networks;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests;

public class OperatorTests
{
    public static TheoryData<string> Variants => [.. KernelTable.Available.Select(k => k.Name)];

    [Fact]
    public void Convolutions_of_volumes_agree_with_the_definition_for_any_padding_stride_dilation_and_groups() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var node = new NetworkNode
            {
                Name = "a",
                Operator = NetworkOperator.Conv3d,
                Inputs = [NetworkModel.InputName],
                Channels = shape.Outputs * shape.Groups,
                Kernel = shape.Kernel,
                DepthKernel = shape.DepthKernel,
                Stride = shape.Stride,
                DepthStride = shape.DepthStride,
                Padding = shape.Padding < 0 ? null : shape.Padding,
                DepthPadding = shape.DepthPadding < 0 ? null : shape.DepthPadding,
                Dilation = shape.Dilation,
                Groups = shape.Groups,
            };
            var net = new NetworkBuilder(shape.Inputs * shape.Groups);
            var name = net.Node(node);
            if (shape.Seed % 2 == 0) name = net.Relu("b", name);
            var model = Whole(net.Build(name, 1), shape.Seed, shape.Density);
            Extent size = new(shape.Depth * shape.DepthStride, shape.Height * shape.Stride, shape.Width * shape.Stride);
            Extent after;
            try
            {
                after = model.OutputSize(size);
            }
            catch (ArgumentException)
            {
                return; // a kernel larger than the volume: refused, as another test says
            }
            var input = Streams.SampleMatrices.Whole((int)(model.Inputs * size.Count), shape.Seed);
            var expected = Array.ConvertAll(ReferenceNetwork.Run(model, input, size), v => (float)v);
            Assert.Equal(model.Outputs * after.Count, expected.Length);
            foreach (var kernels in KernelTable.Available)
                foreach (var threads in new[] { 1, 2 })
                {
                    using var session = new NetworkSession(model, threads, kernels);
                    for (var run = 0; run < 2; run++) // what the borders now hold must not show
                    {
                        var output = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
                        session.Run(input, size, output);
                        Assert.Equal(expected, output);
                    }
                }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_operator_agrees_with_the_definition_at_any_size(string variant)
    {
        var sizes = new[] { new Extent(1, 1), new Extent(3, 17), new Extent(2, 5, 9), new Extent(1, 130), new Extent(3, 4, 33) };
        foreach (var (name, net, output) in Single())
            foreach (var size in sizes)
            {
                if (name == "pools" && (size.Height % 2 != 0 || size.Width % 2 != 0)) continue;
                Compare(Shaken(net.Build(output, 3)), size, variant);
            }
        foreach (var (net, output) in new[] { Pools(2), Pools(3) })
            foreach (var size in new[] { new Extent(6, 6, 12), new Extent(6, 6, 36), new Extent(6, 12, 6) })
                Compare(Shaken(net.Build(output, 3)), size, variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_transformer_feed_forward_block_on_tokens_agrees_with_the_definition(string variant)
    {
        var net = new NetworkBuilder(24);
        var x = net.LayerNorm("norm", NetworkModel.InputName);
        x = net.Linear("down", net.Gelu("gelu", net.Linear("up", x, 96)), 24);
        x = net.LayerNorm("last.norm", net.Add("residual", NetworkModel.InputName, x));
        var model = Shaken(net.Build(net.Softmax("probabilities", net.Linear("head", x, 10)), 1));
        foreach (var tokens in new[] { 1, 7, 16, 131 }) Compare(model, new Extent(1, tokens), variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_residual_classifier_with_folded_norms_agrees_with_the_definition(string variant)
    {
        var net = new NetworkBuilder(3);
        var x = net.Relu("stem.relu", net.BatchNorm("stem.norm", net.Conv2d("stem", NetworkModel.InputName, 10, 3, 2)));
        var y = net.Relu("a.relu", net.BatchNorm("a.norm", net.Conv2d("a", x, 10, 3)));
        x = net.Relu("sum.relu", net.Add("sum", net.BatchNorm("b.norm", net.Conv2d("b", y, 10, 3)), x));
        x = net.BatchNorm("alone", net.BatchNorm("twice", net.MaxPool2d("pool", x)));
        x = net.Softmax("classes", net.Linear("fc", net.GlobalAveragePool("mean", x), 7));
        var model = Shaken(net.Build(x, 1));
        Compare(model, new Extent(24, 40), variant);
        Assert.Equal(new Extent(1, 1), model.OutputSize(new Extent(24, 40)));
        Assert.Equal(int.MaxValue, model.Radius);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_volume_network_agrees_with_the_definition(string variant)
    {
        var net = new NetworkBuilder(2);
        var a = net.Relu("a.relu", net.Conv3d("a", NetworkModel.InputName, 5, 3));
        var b = net.Relu("b.relu", net.Conv3d("b", net.MaxPool3d("pool", a), 7, 3));
        var c = net.Concat("join", net.Upsample3d("up", b), a, net.Conv2d("flat", NetworkModel.InputName, 2, 3));
        var model = net.Build(net.Sigmoid("out", net.Conv3d("c", c, 3, 2)), 1);
        Assert.Equal((2, 2), (model.SizeMultiple, model.DepthMultiple));
        Compare(model, new Extent(4, 6, 10), variant);
        Compare(model, new Extent(2, 12, 2), variant);
    }

    [Fact]
    public void A_position_with_a_NaN_is_NaN_and_its_neighbours_are_not()
    {
        var net = new NetworkBuilder(3);
        var norm = net.LayerNorm("norm", NetworkModel.InputName);
        var soft = net.Softmax("soft", NetworkModel.InputName);
        var x = net.Concat("all", norm, soft, net.Gelu("gelu", NetworkModel.InputName), net.Tanh("tanh", NetworkModel.InputName));
        using var session = new NetworkSession(net.Build(x, 1));
        var input = SampleNetworks.Noise(3 * 40, 1);
        input[40 + 11] = float.NaN;
        var output = new float[12 * 40];
        session.Run(input, 1, 40, output);
        for (var i = 0; i < output.Length; i++)
        {
            var hit = i % 40 == 11 && (i / 40 < 6 || i / 40 % 3 == 1);
            Assert.Equal(hit, float.IsNaN(output[i]));
        }
    }

    [Fact]
    public void A_network_that_cannot_be_computed_is_refused_in_one_sentence()
    {
        Refused("groups", net => net.Node(Conv() with { Groups = 2, Channels = 3 }));
        Refused("channels in 4 groups", net => net.Node(Conv() with { Groups = 4, Channels = 4 }));
        Refused("dilation", net => net.Node(Conv() with { Dilation = 17 }));
        Refused("padding", net => net.Node(Conv() with { Padding = -1 }));
        Refused("padding", net => net.Node(Conv() with { Operator = NetworkOperator.Linear, Kernel = 1, Padding = 1 }));
        Refused("kernel of 3 along sections", net => net.Node(Conv() with { DepthKernel = 3 }));
        Refused("epsilon", net => net.Node(Conv() with { Operator = NetworkOperator.LayerNorm, Kernel = 1, Channels = 0, Epsilon = -1 }));
        Refused("joins", net => net.Add("b", net.GlobalAveragePool("a", "input"), "input"));
        Refused("upsamples", net => net.Upsample2d("b", net.GlobalAveragePool("a", "input")));
        Refused("no operator", net => net.Node(Conv() with { Operator = (NetworkOperator)99 }));

        using var valid = new NetworkSession(Built(net => net.Node(Conv() with { Padding = 0, Kernel = 5 })));
        Assert.Contains("fewer", Assert.Throws<ArgumentException>(() => valid.Run(new float[32], 4, 4, new float[48])).Message);
        using var joined = new NetworkSession(Built(net => net.Add("b", net.Node(Conv() with { Padding = 0, Channels = 2 }), "input")));
        Assert.Contains("joins", Assert.Throws<ArgumentException>(() => joined.Run(new float[128], 8, 8, new float[128])).Message);
        using var volumes = new NetworkSession(Built(net => net.MaxPool3d("a", "input")));
        Assert.Contains("depth", Assert.Throws<ArgumentException>(() => volumes.Run(new float[24], new Extent(3, 2, 2), new float[6])).Message);
        var norm = Built(net => net.BatchNorm("a", "input"));
        norm.Tensors["a.variance"].Data[1] = -1;
        Assert.Contains("finite", Assert.Throws<InvalidDataException>(() => new NetworkSession(norm)).Message);

        static NetworkNode Conv() => new()
        {
            Name = "a",
            Operator = NetworkOperator.Conv2d,
            Inputs = ["input"],
            Channels = 3,
            Kernel = 3,
        };

        static NetworkModel Built(Func<NetworkBuilder, string> build)
        {
            var net = new NetworkBuilder(2);
            return net.Build(build(net), 1);
        }

        static void Refused(string word, Func<NetworkBuilder, string> build) =>
            Assert.Contains(word, Assert.Throws<InvalidDataException>(() => Built(build)).Message);
    }

    private static IEnumerable<(string Name, NetworkBuilder Net, string Output)> Single()
    {
        foreach (var add in new Func<NetworkBuilder, string, string>[]
            {
                (n, x) => n.Tanh("a", x), (n, x) => n.Gelu("a", x), (n, x) => n.Softmax("a", x), (n, x) => n.LayerNorm("a", x),
                (n, x) => n.BatchNorm("a", x), (n, x) => n.Linear("a", x, 9), (n, x) => n.UpsampleBilinear2d("a", n.AveragePool2d("b", x, 1), 1),
                (n, x) => n.Relu("c", n.Add("a", x, n.Tanh("b", x), x)), (n, x) => n.GlobalAveragePool("a", x),
                (n, x) => n.Relu("c", n.BatchNorm("b", n.Conv3d("a", x, 6, 3))),
            })
            foreach (var channels in new[] { 1, 5, 12 })
            {
                var net = new NetworkBuilder(channels);
                yield return ("single", net, add(net, NetworkModel.InputName));
            }
    }

    private static (NetworkBuilder, string) Pools(int factor)
    {
        var net = new NetworkBuilder(2);
        var flat = net.Concat("flat", net.AveragePool2d("a", "input", factor), net.MaxPool2d("b", "input", factor));
        var deep = net.Concat("deep", net.AveragePool3d("c", "input", factor), net.MaxPool3d("d", "input", factor));
        return (net, net.Concat(
            "out", net.Upsample2d("e", flat, factor), net.Upsample3d("f", deep, factor), net.UpsampleBilinear2d("g", flat, factor)));
    }

    private static void Compare(NetworkModel model, Extent size, string variant)
    {
        var input = SampleNetworks.Noise((int)(model.Inputs * size.Count), 7, 3);
        var expected = ReferenceNetwork.Run(model, input, size);
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var session = new NetworkSession(model, threads, KernelTable.Choose(variant));
            var output = new float[expected.Length];
            for (var run = 0; run < 2; run++)
            {
                session.Run(input, size, output);
                first ??= [.. output];
                Assert.Equal(first, output);
            }
        }
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(first![i] - expected[i]) <= 2e-5 * (1 + Math.Abs(expected[i])),
                $"{model.Output} {variant} {size} value {i}: {first[i]}, expected {expected[i]}");
    }

    /// <summary>Norms and biases away from their starting values.</summary>
    private static NetworkModel Shaken(NetworkModel model) => model.With(model.Tensors.Values.Select((t, i) => t.Shape.Length > 1
        ? t : new Tensor(t.Name, t.Shape, [.. t.Data.Zip(SampleNetworks.Noise(t.Data.Length, i, 0.5), (a, b) => a + b)])));

    private static NetworkModel Whole(NetworkModel model, int seed, int density)
    {
        var random = new Random(seed);
        return model.With(model.Tensors.Values.Select(t => new Tensor(t.Name, t.Shape, [.. t.Data.Select(
            _ => random.Next(10) < density ? (float)random.Next(-3, 4) : 0)])));
    }

    private sealed record Shape(
        int Inputs, int Outputs, int Groups, int Kernel, int DepthKernel, int Stride, int DepthStride, int Padding,
        int DepthPadding, int Dilation, int Depth, int Height, int Width, int Density, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from inputs in Gen.Choose(1, 5)
         from outputs in Gen.Choose(1, 10)
         from groups in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
         from kernel in Gen.Choose(1, 4)
         from depthKernel in Gen.Choose(1, 3)
         from stride in Gen.Choose(1, 3)
         from depthStride in Gen.Choose(1, 2)
         from padding in Gen.Choose(-1, 4)
         from depthPadding in Gen.Choose(-1, 2)
         from dilation in Gen.Choose(1, 3)
         from depth in Gen.Choose(1, 4)
         from height in Gen.Choose(1, 7)
         from width in Gen.Choose(1, 40)
         from density in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(
             inputs, outputs, groups, kernel, depthKernel, stride, depthStride, padding, depthPadding, dilation, depth, height,
             width, density, seed)).ToArbitrary();
}
