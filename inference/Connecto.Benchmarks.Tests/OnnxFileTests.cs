using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Benchmarks.Tests;

/// <summary>Exported networks against ONNX Runtime.</summary>
public sealed class OnnxFileTests
{
    private const double Tolerance = 1e-4;

    [OnnxFact]
    public void The_shipped_architecture_gives_the_same_planes() => Agree(EmArchitecture.Build(7, [8, 12, 16], seed: 3), 40, 56);

    [OnnxFact]
    public void Sizes_may_be_free_or_fixed()
    {
        var model = EmArchitecture.Build(3, [4, 8], seed: 1);
        Agree(model, 16, 24, new OnnxOptions { Size = new Extent(16, 24) });
        Assert.Throws<InvalidOperationException>(() => Agree(model, 24, 24, new OnnxOptions { Size = new Extent(16, 24) }));
    }

    [OnnxFact]
    public void Every_operator_on_planes_gives_the_same_planes()
    {
        var net = new NetworkBuilder(4);
        var x = net.Conv2d("wide", NetworkModel.InputName, 8, kernel: 5);
        x = net.Gelu("gelu", net.BatchNorm("norm", x));
        var skip = x;
        x = net.Tanh("tanh", net.AveragePool2d("mean", x));
        x = net.LayerNorm("layer", net.Linear("linear", x, 6));
        x = net.UpsampleBilinear2d("smooth", x);
        x = net.Concat("both", x, skip, net.Upsample2d("blocky", net.MaxPool2d("most", skip)));
        x = net.Softmax("shares", net.Conv2d("narrow", x, 5, kernel: 1));
        Agree(net.Build(x, seed: 2), 12, 20);
    }

    [OnnxFact]
    public void Strides_paddings_dilations_and_groups_are_kept()
    {
        foreach (var (kernel, stride, padding, dilation) in new (int, int, int?, int)[]
            { (3, 2, null, 1), (1, 2, null, 1), (5, 2, null, 1), (3, 1, 0, 1), (3, 1, null, 2), (2, 1, null, 1), (2, 2, null, 1), (3, 3, null, 1) })
        {
            NetworkNode[] nodes =
            [
                new()
                {
                    Name = "conv", Operator = NetworkOperator.Conv2d, Inputs = [NetworkModel.InputName], Channels = 4, Kernel = kernel,
                    Stride = stride, Padding = padding, Dilation = dilation, Groups = 2,
                },
                new() { Name = "sum", Operator = NetworkOperator.Add, Inputs = ["conv", "conv", "conv"] },
            ];
            var random = new Random(5);
            Tensor[] tensors = [new("conv.weight", 4, 2, kernel, kernel), new("conv.bias", 4)];
            foreach (var tensor in tensors)
                foreach (ref var value in tensor.Data.AsSpan()) value = random.NextSingle() - 0.5f;
            Agree(new NetworkModel(4, nodes, "sum", tensors), 12, 18);
        }
    }

    [Fact]
    public void A_network_on_volumes_is_refused()
    {
        var net = new NetworkBuilder(1);
        var model = net.Build(net.Conv3d("deep", NetworkModel.InputName, 2, kernel: 3), seed: 1);
        var folder = Directory.CreateTempSubdirectory("connecto-onnx-");
        var error = Assert.Throws<InvalidDataException>(() => OnnxFile.Write(model, Path.Combine(folder.FullName, "model.onnx")));
        Assert.Contains("'deep'", error.Message);
        Assert.Empty(folder.GetFiles());
        folder.Delete();
    }

    [Fact]
    public void The_same_network_gives_the_same_bytes()
    {
        var model = EmArchitecture.Build(3, [4, 8], seed: 1);
        var options = new OnnxOptions { Metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        Assert.Equal(OnnxFile.Serialize(model, options), OnnxFile.Serialize(model, options));
    }

    private static void Agree(NetworkModel model, int height, int width, OnnxOptions? options = null)
    {
        var random = new Random(7);
        var input = new float[model.Inputs * height * width];
        foreach (ref var value in input.AsSpan()) value = random.NextSingle() * 4 - 2;
        var size = model.OutputSize(new Extent(height, width));
        var (own, other) = (new float[model.Outputs * size.Count], new float[model.Outputs * size.Count]);
        using var session = new NetworkSession(model);
        session.Run(input, height, width, own);
        using var peer = new OrtSession(OrtLibrary.Installed!, OnnxFile.Serialize(model, options ?? new OnnxOptions()), 1);
        peer.Run(
            new OrtPlanes(NetworkModel.InputName, [1, model.Inputs, height, width], input),
            new OrtPlanes(model.Output, [1, model.Outputs, size.Height, size.Width], other));
        for (var i = 0; i < own.Length; i++) Assert.Equal(own[i], other[i], Tolerance);
    }
}
