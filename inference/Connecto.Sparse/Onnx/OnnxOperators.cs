namespace Connecto.Sparse.Onnx;

/// <summary>Each operator of a network on planes in ONNX's own; axes are (batch, channel, row, column).</summary>
internal sealed class OnnxOperators(NetworkModel model, OnnxGraph graph)
{
    /// <summary>Adds a node; its output has the node's name.</summary>
    /// <exception cref="InvalidDataException">It works on volumes.</exception>
    public void Add(NetworkNode node)
    {
        var (name, inputs, first) = (node.Name, node.Inputs, node.Inputs[0]);
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d:
                graph.Node("Conv", name, [first, Tensor(node, "weight"), Tensor(node, "bias")], ConvolutionAttributes(node));
                break;
            case NetworkOperator.Linear:
                var weight = model.Tensors[NetworkModel.WeightName(node)];
                graph.Tensor<float>(weight.Name, [.. weight.Shape, 1, 1], weight.Data);
                graph.Node("Conv", name, [first, weight.Name, Tensor(node, "bias")], [OnnxAttribute.Of("kernel_shape", 1, 1)]);
                break;
            case NetworkOperator.Relu or NetworkOperator.Sigmoid or NetworkOperator.Tanh:
                graph.Node(node.Operator.ToString(), name, [first]);
                break;
            case NetworkOperator.GlobalAveragePool:
                graph.Node("GlobalAveragePool", name, [first]);
                break;
            case NetworkOperator.Add:
                graph.Node(inputs.Count == 2 ? "Add" : "Sum", name, inputs);
                break;
            case NetworkOperator.Concat:
                graph.Node("Concat", name, inputs, [OnnxAttribute.Of("axis", 1)]);
                break;
            case NetworkOperator.Softmax:
                graph.Node("Softmax", name, [first], [OnnxAttribute.Of("axis", 1)]);
                break;
            case NetworkOperator.MaxPool2d or NetworkOperator.AveragePool2d:
                graph.Node(node.Operator == NetworkOperator.MaxPool2d ? "MaxPool" : "AveragePool", name, [first],
                    [OnnxAttribute.Of("kernel_shape", node.Stride, node.Stride), OnnxAttribute.Of("strides", node.Stride, node.Stride)]);
                break;
            case NetworkOperator.Upsample2d or NetworkOperator.UpsampleBilinear2d:
                Resize(node);
                break;
            case NetworkOperator.BatchNorm:
                graph.Node("BatchNormalization", name,
                    [first, Tensor(node, "weight"), Tensor(node, "bias"), Tensor(node, "mean"), Tensor(node, "variance")],
                    [OnnxAttribute.Of("epsilon", (float)node.Epsilon)]);
                break;
            case NetworkOperator.LayerNorm:
                var last = graph.Node("Transpose", name + ".last", [first], [OnnxAttribute.Of("perm", 0, 2, 3, 1)]);
                var norm = graph.Node("LayerNormalization", name + ".norm", [last, Tensor(node, "weight"), Tensor(node, "bias")],
                    [OnnxAttribute.Of("axis", -1), OnnxAttribute.Of("epsilon", (float)node.Epsilon)]);
                graph.Node("Transpose", name, [norm], [OnnxAttribute.Of("perm", 0, 3, 1, 2)]);
                break;
            case NetworkOperator.Gelu:
                var scaled = graph.Node("Mul", name + ".scaled", [first, Scalar((float)Math.Sqrt(0.5))]);
                var grown = graph.Node("Add", name + ".grown", [graph.Node("Erf", name + ".erf", [scaled]), Scalar(1)]);
                graph.Node("Mul", name, [graph.Node("Mul", name + ".half", [first, Scalar(0.5f)]), grown]);
                break;
            default:
                throw new InvalidDataException(
                    $"Node '{name}' is a {node.Operator}; networks on planes can be exported to ONNX, this one works on volumes. Nothing was written.");
        }
    }

    /// <summary>Padding "same" puts (reach - 1) / 2 zeros before, and behind what the last output still needs.</summary>
    public static OnnxAttribute[] ConvolutionAttributes(NetworkNode node)
    {
        var reach = (node.Kernel - 1) * node.Dilation + 1;
        var before = node.Padding ?? (reach - 1) / 2;
        var behind = node.Padding ?? Math.Max(0, reach - node.Stride - before);
        return
        [
            OnnxAttribute.Of("kernel_shape", node.Kernel, node.Kernel), OnnxAttribute.Of("strides", node.Stride, node.Stride),
            OnnxAttribute.Of("dilations", node.Dilation, node.Dilation), OnnxAttribute.Of("group", node.Groups),
            OnnxAttribute.Of("pads", before, before, behind, behind),
        ];
    }

    /// <summary>Nearest neighbours repeat pixels; linear ones match pixel centres.</summary>
    public void Resize(NetworkNode node)
    {
        var scales = graph.Tensor<float>($"scales.{node.Stride}", [4], [1, 1, node.Stride, node.Stride]);
        OnnxAttribute[] attributes = node.Operator == NetworkOperator.Upsample2d
            ? [OnnxAttribute.Of("mode", "nearest"), OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
                OnnxAttribute.Of("nearest_mode", "floor")]
            : [OnnxAttribute.Of("mode", "linear"), OnnxAttribute.Of("coordinate_transformation_mode", "half_pixel")];
        graph.Node("Resize", node.Name, [node.Inputs[0], "", scales], attributes);
    }

    private string Tensor(NetworkNode node, string part)
    {
        var tensor = model.Tensors[$"{node.Name}.{part}"];
        return graph.Tensor<float>(tensor.Name, tensor.Shape, tensor.Data);
    }

    private string Scalar(float value) => graph.Tensor<float>(FormattableString.Invariant($"constant.{value:R}"), [], [value]);
}
