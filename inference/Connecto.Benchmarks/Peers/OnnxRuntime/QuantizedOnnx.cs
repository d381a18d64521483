using Connecto.Sparse;
using Connecto.Sparse.Onnx;

namespace Connecto.Benchmarks;

/// <summary>A network as ONNX Runtime runs it fastest in bytes: unsigned activations with a scale and a zero point a tensor,
/// signed weights with a scale an output channel, and its own operators (QLinearConv and those of com.microsoft) between
/// one QuantizeLinear and one DequantizeLinear.</summary>
/// <remarks>A Relu after a convolution is its zero point 0. Poolings and nearest neighbours copy bytes. The last node may be
/// a Sigmoid, which is done in floats.</remarks>
internal sealed class QuantizedOnnx
{
    private const int Levels = 255, LargestWeight = 127;

    private readonly NetworkModel model;
    private readonly IReadOnlyDictionary<string, (float Low, float High)> ranges;
    private readonly OnnxGraph graph = new();
    private readonly Dictionary<string, Bytes> values = [];

    private QuantizedOnnx(NetworkModel model, IReadOnlyDictionary<string, (float Low, float High)> ranges) =>
        (this.model, this.ranges) = (model, ranges);

    // The name of a tensor of bytes and its scale and zero point: value = scale * (byte - zero).
    private sealed record Bytes(string Name, float Scale, byte Zero);

    /// <summary>The bytes of the file.</summary>
    /// <param name="model">The network.</param>
    /// <param name="size">The size of its planes.</param>
    /// <param name="ranges">Least and largest value of the input and of every node, from runs in floats.</param>
    /// <exception cref="NotSupportedException">An operator is not one of a U-Net's; the message names it.</exception>
    public static byte[] Serialize(NetworkModel model, Extent size, IReadOnlyDictionary<string, (float Low, float High)> ranges) =>
        new QuantizedOnnx(model, ranges).Build(size);

    private byte[] Build(Extent size)
    {
        graph.Input(NetworkModel.InputName, OnnxGraph.Element.Float, OnnxFile.Shape("", model.Inputs, size));
        var input = Of("input.bytes", NetworkModel.InputName);
        graph.Node("QuantizeLinear", input.Name, [NetworkModel.InputName, Scale(input), Zero(input)]);
        values[NetworkModel.InputName] = input;
        foreach (var node in model.Nodes) Add(node);
        if (values.TryGetValue(model.Output, out var last)) Dequantize(last, model.Output);
        graph.Output(model.Output, OnnxGraph.Element.Float, OnnxFile.Shape(model.Output, model.Outputs, null));
        return graph.Build("quantized", new Dictionary<string, string>());
    }

    private void Add(NetworkNode node)
    {
        var from = node.Inputs.Select(i => values.GetValueOrDefault(i)).ToArray();
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d:
                var follower = Relu(node);
                Convolve(node, from[0]!, Of(node.Name + ".bytes", follower ?? node.Name), follower ?? node.Name);
                break;
            case NetworkOperator.Relu when from[0] is null:
                break; // the convolution before has done it
            case NetworkOperator.MaxPool2d:
                graph.Node("MaxPool", node.Name + ".bytes", [from[0]!.Name],
                    [OnnxAttribute.Of("kernel_shape", node.Stride, node.Stride), OnnxAttribute.Of("strides", node.Stride, node.Stride)]);
                values[node.Name] = from[0]! with { Name = node.Name + ".bytes" };
                break;
            case NetworkOperator.Upsample2d:
                new OnnxOperators(model, graph).Resize(node with { Name = node.Name + ".bytes", Inputs = [from[0]!.Name] });
                values[node.Name] = from[0]! with { Name = node.Name + ".bytes" };
                break;
            case NetworkOperator.Add when from.Length == 2:
                var sum = Of(node.Name + ".bytes", node.Name);
                graph.Node("QLinearAdd", sum.Name, [.. from.SelectMany(f => Triple(f!)), Scale(sum), Zero(sum)], default, OnnxGraph.Microsoft);
                values[node.Name] = sum;
                break;
            case NetworkOperator.Concat:
                var all = Of(node.Name + ".bytes", node.Name);
                graph.Node("QLinearConcat", all.Name, [Scale(all), Zero(all), .. from.SelectMany(f => Triple(f!))],
                    [OnnxAttribute.Of("axis", 1)], OnnxGraph.Microsoft);
                values[node.Name] = all;
                break;
            case NetworkOperator.Sigmoid when node.Name == model.Output:
                Dequantize(from[0]!, node.Name + ".floats");
                graph.Node("Sigmoid", node.Name, [node.Name + ".floats"]);
                break;
            default:
                throw new NotSupportedException($"node '{node.Name}' ({node.Operator}) is none of a plain U-Net");
        }
    }

    /// <summary>The Relu that alone reads a convolution; null where another node reads it.</summary>
    private string? Relu(NetworkNode node)
    {
        var readers = model.Nodes.Where(n => n.Inputs.Contains(node.Name)).ToList();
        return readers is [{ Operator: NetworkOperator.Relu } relu] && node.Name != model.Output ? relu.Name : null;
    }

    private void Convolve(NetworkNode node, Bytes from, Bytes to, string name)
    {
        var weights = model.Tensors[NetworkModel.WeightName(node)];
        var bias = model.Tensors[NetworkModel.BiasName(node)].Data;
        var each = weights.Data.Length / node.Channels;
        var (bytes, scales, whole) = (new sbyte[weights.Data.Length], new float[node.Channels], new int[node.Channels]);
        for (var o = 0; o < node.Channels; o++)
        {
            var row = weights.Data.AsSpan(o * each, each);
            var largest = 1e-8f;
            foreach (var value in row) largest = Math.Max(largest, Math.Abs(value));
            scales[o] = largest / LargestWeight;
            for (var i = 0; i < each; i++) bytes[o * each + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scales[o]), -LargestWeight, LargestWeight);
            whole[o] = (int)Math.Clamp(Math.Round(bias[o] / ((double)from.Scale * scales[o])), int.MinValue, int.MaxValue);
        }
        graph.Node("QLinearConv", to.Name,
            [
                .. Triple(from), graph.Tensor<sbyte>(weights.Name, weights.Shape, bytes), graph.Tensor<float>(weights.Name + ".scale", [node.Channels], scales),
                graph.Tensor<sbyte>(weights.Name + ".zero", [node.Channels], new sbyte[node.Channels]), Scale(to), Zero(to),
                graph.Tensor<int>(node.Name + ".bias", [node.Channels], whole),
            ], OnnxOperators.ConvolutionAttributes(node));
        values[name] = to;
    }

    private void Dequantize(Bytes from, string name) => graph.Node("DequantizeLinear", name, Triple(from));

    private Bytes Of(string name, string node)
    {
        var (low, high) = (Math.Min(0, ranges[node].Low), Math.Max(0, ranges[node].High));
        var scale = Math.Max(1e-8f, (high - low) / Levels);
        return new(name, scale, (byte)Math.Clamp(MathF.Round(-low / scale), 0, Levels));
    }

    private string[] Triple(Bytes value) => [value.Name, Scale(value), Zero(value)];

    private string Scale(Bytes value) => graph.Tensor<float>(FormattableString.Invariant($"scale.{value.Scale:R}"), [], [value.Scale]);

    private string Zero(Bytes value) => graph.Tensor<byte>($"zero.{value.Zero}", [], [value.Zero]);
}
