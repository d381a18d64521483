namespace Connecto.Sparse;

/// <summary>The size of every node's planes for one size of the input.</summary>
internal static class NetworkSizes
{
    /// <summary>Sizes by place; place 0 is the input.</summary>
    /// <exception cref="ArgumentException">The network cannot be computed for that size.</exception>
    public static Extent[] Of(NetworkGraph graph, Extent input)
    {
        if (input.Range.Least < 1)
            throw new ArgumentException($"A network's input has at least one row, column and section; found {input}.");
        var sizes = new Extent[graph.Nodes.Length + 1];
        sizes[0] = input;
        for (var i = 0; i < graph.Nodes.Length; i++)
        {
            var node = graph.Nodes[i];
            var from = graph.InputsOf(i + 1);
            foreach (var other in from)
                if (sizes[other] != sizes[from[0]])
                    throw new ArgumentException(
                        $"Node '{node.Name}' joins planes of {sizes[from[0]]} and {sizes[other]} for an input of {input}; "
                        + "choose a size that divides evenly, or other paddings.");
            sizes[i + 1] = After(node, sizes[from[0]]);
        }
        return sizes;
    }

    private static Extent After(NetworkNode node, Extent size) => node.Operator switch
    {
        NetworkOperator.Conv2d or NetworkOperator.Conv3d => new(
            Convolved(node, size.Depth, node.DepthKernel, node.DepthStride, node.DepthPadding, "sections"),
            Convolved(node, size.Height, node.Kernel, node.Stride, node.Padding, "rows"),
            Convolved(node, size.Width, node.Kernel, node.Stride, node.Padding, "columns")),
        NetworkOperator.MaxPool2d or NetworkOperator.MaxPool3d or NetworkOperator.AveragePool2d
            or NetworkOperator.AveragePool3d => new(
                Divided(node, size.Depth, node.DepthStride, "sections"), Divided(node, size.Height, node.Stride, "rows"),
                Divided(node, size.Width, node.Stride, "columns")),
        NetworkOperator.Upsample2d or NetworkOperator.Upsample3d or NetworkOperator.UpsampleBilinear2d => new(
            checked(size.Depth * node.DepthStride), checked(size.Height * node.Stride), checked(size.Width * node.Stride)),
        NetworkOperator.GlobalAveragePool => new(1, 1, 1),
        _ => size,
    };

    private static int Convolved(NetworkNode node, int length, int kernel, int stride, int? padding, string axis)
    {
        if (padding is not { } zeros) return Divided(node, length, stride, axis);
        var room = length + 2 * zeros - ((kernel - 1) * node.Dilation + 1);
        return room >= 0 ? room / stride + 1 : throw new ArgumentException(
            $"Node '{node.Name}' finds {length} {axis}, fewer than its kernel needs; choose a larger input.");
    }

    private static int Divided(NetworkNode node, int length, int factor, string axis) =>
        length % factor == 0 ? length / factor : throw new ArgumentException(
            $"Node '{node.Name}' finds {length} {axis}, which is no multiple of its stride of {factor}; choose another size.");
}
