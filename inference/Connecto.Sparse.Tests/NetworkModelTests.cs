using Connecto.Testing.Networks;

namespace Connecto.Sparse.Tests;

public sealed class NetworkModelTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_saved_model_comes_back_whole()
    {
        var model = SampleNetworks.Everything(3, 5);
        model.Save(directory);
        var loaded = NetworkModel.Load(directory);
        Assert.Equal(
            model.Nodes.Select(n => (n.Name, n.Operator, string.Join(",", n.Inputs), n.Channels, n.Kernel, n.Stride)),
            loaded.Nodes.Select(n => (n.Name, n.Operator, string.Join(",", n.Inputs), n.Channels, n.Kernel, n.Stride)));
        Assert.Equal((model.Inputs, model.Outputs, model.Output), (loaded.Inputs, loaded.Outputs, loaded.Output));
        Assert.Equal((model.SizeMultiple, model.Radius), (loaded.SizeMultiple, loaded.Radius));
        foreach (var (name, tensor) in model.Tensors) Assert.Equal(tensor.Data, loaded.Tensors[name].Data);
        Assert.Equal(["network.json", "network.safetensors"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Every_operator_and_attribute_comes_back_from_its_file()
    {
        var net = new NetworkBuilder(4);
        var x = net.Node(new NetworkNode
        {
            Name = "conv",
            Operator = NetworkOperator.Conv3d,
            Inputs = ["input"],
            Channels = 8,
            Kernel = 3,
            DepthKernel = 2,
            Stride = 2,
            DepthStride = 3,
            Padding = 0,
            DepthPadding = 4,
            Dilation = 2,
            Groups = 4,
        });
        x = net.Node(new NetworkNode { Name = "norm", Operator = NetworkOperator.BatchNorm, Inputs = [x], Epsilon = 0.25 });
        x = net.Gelu("gelu", net.Tanh("tanh", net.LayerNorm("layer", net.Linear("linear", x, 6))));
        x = net.UpsampleBilinear2d("bilinear", net.AveragePool2d("mean", x));
        x = net.Upsample3d("up", net.MaxPool3d("max", net.Concat("join", x, net.Upsample3d("rise", net.AveragePool3d("cells", x)))));
        var model = net.Build(net.Softmax("out", net.GlobalAveragePool("all", x)), 1);
        model.Save(directory);
        var loaded = NetworkModel.Load(directory);
        Assert.Equal(
            model.Nodes.Select(n => n with { Inputs = [] }).Select(n => n.ToString().Replace(n.Inputs.ToString()!, "")),
            loaded.Nodes.Select(n => n with { Inputs = [] }).Select(n => n.ToString().Replace(n.Inputs.ToString()!, "")));
        foreach (var (name, tensor) in model.Tensors) Assert.Equal(tensor.Data, loaded.Tensors[name].Data);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        var (a, b, c) = (SampleNetworks.UNet(2, 1, [4, 8]), SampleNetworks.UNet(2, 1, [4, 8]), SampleNetworks.UNet(2, 1, [4, 8], 2));
        Assert.Equal(a.Tensors["down0.conv0.weight"].Data, b.Tensors["down0.conv0.weight"].Data);
        Assert.NotEqual(a.Tensors["down0.conv0.weight"].Data, c.Tensors["down0.conv0.weight"].Data);
    }

    [Fact]
    public void The_radius_is_the_farthest_pixel_that_changes_an_output()
    {
        foreach (var model in new[] { SampleNetworks.UNet(1, 1, [2, 2, 3]), SampleNetworks.Everything(1, 2), Strided() })
        {
            const int size = 96;
            var input = new float[model.Inputs * size * size];
            var (before, after) = (new float[model.Outputs * size * size], new float[model.Outputs * size * size]);
            using var session = new NetworkSession(Positive(model));
            session.Run(input, size, size, before);
            var farthest = 0;
            for (var x = 40; x < 40 + model.SizeMultiple; x++)
            {
                input[40 * size + x] = 1;
                session.Run(input, size, size, after);
                input[40 * size + x] = 0;
                for (var i = 0; i < after.Length; i++)
                    if (after[i] != before[i]) farthest = Math.Max(farthest, Math.Abs(i % size - x));
            }
            Assert.Equal(model.Radius, farthest);
        }
    }

    [Fact]
    public void A_graph_that_cannot_be_computed_is_refused()
    {
        Refused("cycle", net => net.Relu("a", net.Relu("b", "a")));
        Refused("no node", net => net.Relu("a", "nobody"));
        Refused("two nodes", net => net.Relu("a", net.Relu("a", "input")));
        Refused("two nodes", net => net.Relu("input", "input"));
        Refused("joins", net => net.Concat("a", "input", net.MaxPool2d("b", "input")));
        Refused("adds", net => net.Add("a", "input", net.Conv2d("b", "input", 5, 1)));
        Refused("upsamples", net => net.Upsample2d("a", "input"));
        Refused("kernel", net => net.Conv2d("a", "input", 3, 0));
        Refused("output channels", net => net.Conv2d("a", "input", 0, 3));
        Refused("stride", net => net.MaxPool2d("a", "input", 0));
        Refused("inputs", net => net.Concat("a"));
        Refused("no name", net => net.Relu("", "input"));
        Assert.Throws<InvalidDataException>(() => new NetworkBuilder(0).Build("input", 1));
        Assert.Throws<InvalidDataException>(() => new NetworkBuilder(1).Build("nobody", 1));

        static void Refused(string word, Func<NetworkBuilder, string> build)
        {
            var net = new NetworkBuilder(2);
            var output = build(net);
            Assert.Contains(word, Assert.Throws<InvalidDataException>(() => net.Build(output, 1)).Message);
        }
    }

    [Fact]
    public void Tensors_that_do_not_fit_the_graph_are_refused()
    {
        var model = SampleNetworks.UNet(2, 1, [4]);
        var tensors = model.Tensors.Values.ToList();
        Assert.Contains("missing", Assert.Throws<InvalidDataException>(() => model.With(tensors.Skip(1))).Message);
        Assert.Contains("belongs", Assert.Throws<InvalidDataException>(() => model.With([.. tensors, new Tensor("more", 1)])).Message);
        Assert.Contains("shape", Assert.Throws<InvalidDataException>(
            () => model.With([.. tensors.Skip(1), new Tensor(tensors[0].Name, 4, 2, 3, 2)])).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":2}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\"}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"Swish\",\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"0\",\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"Conv2d\",\"inputs\":[\"input\"],\"attributes\":{\"channels\":1,\"padding\":-1}}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"LayerNorm\",\"inputs\":[\"input\"],\"attributes\":{\"epsilon\":\"x\"}}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"LayerNorm\",\"inputs\":[\"input\"],\"attributes\":{\"epsilon\":1e999}}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"Relu\",\"inputs\":[1]}]}")]
    [InlineData("{\"format\":\"connecto-network\",\"version\":1,\"input\":{\"channels\":1},\"output\":\"a\",\"nodes\":[{\"name\":\"a\",\"op\":\"Relu\",\"inputs\":[\"input\"],\"attributes\":{\"kernel\":\"x\"}}]}")]
    public void A_file_that_is_not_a_graph_is_refused(string json)
    {
        SampleNetworks.UNet(2, 1, [4]).Save(directory);
        File.WriteAllText(Path.Combine(directory, "network.json"), json);
        Assert.Contains(directory, Assert.Throws<InvalidDataException>(() => NetworkModel.Load(directory)).Message);
    }

    [Fact]
    public void A_folder_that_is_not_a_model_is_refused()
    {
        Assert.Throws<DirectoryNotFoundException>(() => NetworkModel.Load(Path.Combine(directory, "absent")));
        Assert.Throws<FileNotFoundException>(() => NetworkModel.Load(directory));
        SampleNetworks.UNet(2, 1, [4]).Save(directory);
        File.Delete(Path.Combine(directory, "network.safetensors"));
        Assert.Throws<FileNotFoundException>(() => NetworkModel.Load(directory));
    }

    private static NetworkModel Strided()
    {
        var net = new NetworkBuilder(1);
        var x = net.Conv2d("a", NetworkModel.InputName, 3, 5, 2);
        x = net.Conv2d("b", x, 3, 4, 2);
        return net.Build(net.Conv2d("d", net.Upsample2d("c", x, 4), 1, 3), 1);
    }

    /// <summary>Positive weights, so that no path cancels another or is cut off by a Relu.</summary>
    private static NetworkModel Positive(NetworkModel model) => model.With(
        model.Tensors.Values.Select(t => new Tensor(t.Name, t.Shape, Array.ConvertAll(t.Data, v => 0.02f + Math.Abs(v) / 4))));
}
