namespace Connecto.Sparse;

/// <summary>What an operator may have: one line for each; the checks of graphs and files read it.</summary>
/// <param name="Many">More than one input.</param>
/// <param name="Weighted">A weight matrix: output channels of its own.</param>
/// <param name="Kernel">A kernel, padding, dilation and groups.</param>
/// <param name="Strided">A stride or factor along rows and columns.</param>
/// <param name="Volume">Attributes along sections.</param>
/// <param name="Norm">An epsilon.</param>
internal sealed record OperatorRules(bool Many, bool Weighted, bool Kernel, bool Strided, bool Volume, bool Norm)
{
    private static readonly OperatorRules Plain = new(false, false, false, false, false, false);

    public static OperatorRules Of(NetworkOperator op) => op switch
    {
        NetworkOperator.Conv2d => Plain with { Weighted = true, Kernel = true, Strided = true },
        NetworkOperator.Conv3d => Plain with { Weighted = true, Kernel = true, Strided = true, Volume = true },
        NetworkOperator.Linear => Plain with { Weighted = true },
        NetworkOperator.MaxPool2d or NetworkOperator.AveragePool2d or NetworkOperator.Upsample2d
            or NetworkOperator.UpsampleBilinear2d => Plain with { Strided = true },
        NetworkOperator.MaxPool3d or NetworkOperator.AveragePool3d or NetworkOperator.Upsample3d =>
            Plain with { Strided = true, Volume = true },
        NetworkOperator.Concat or NetworkOperator.Add => Plain with { Many = true },
        NetworkOperator.BatchNorm or NetworkOperator.LayerNorm => Plain with { Norm = true },
        NetworkOperator.Relu or NetworkOperator.Sigmoid or NetworkOperator.Gelu or NetworkOperator.Tanh
            or NetworkOperator.Softmax or NetworkOperator.GlobalAveragePool => Plain,
        _ => throw new InvalidDataException($"{op} is no operator. Use one of those that NetworkOperator lists."),
    };

    /// <summary>What is wrong with a node's attributes, as half a sentence; null where nothing is.</summary>
    public static string? Fault(NetworkNode node)
    {
        var rules = Of(node.Operator);
        var which = $"node '{node.Name}' ({node.Operator})";
        if (node.Name.Length == 0) return "a node has no name";
        if (node.Inputs.Count < 1 || (!rules.Many && node.Inputs.Count != 1)) return $"{which} has {node.Inputs.Count} inputs";
        if (rules.Weighted ? node.Channels is < 1 or > 65536 : node.Channels != 0)
            return $"{which} has {node.Channels} output channels";
        if (node.Kernel is < 1 or > 31 || (!rules.Kernel && node.Kernel != 1)) return $"{which} has a kernel of {node.Kernel}";
        if (node.Stride is < 1 or > 16 || (!rules.Strided && node.Stride != 1)) return $"{which} has a stride of {node.Stride}";
        if (node.DepthKernel is < 1 or > 31 || (!(rules.Kernel && rules.Volume) && node.DepthKernel != 1))
            return $"{which} has a kernel of {node.DepthKernel} along sections";
        if (node.DepthStride is < 1 or > 16 || (!rules.Volume && node.DepthStride != 1))
            return $"{which} has a stride of {node.DepthStride} along sections";
        if (node.Padding is < 0 or > 255 || (!rules.Kernel && node.Padding is not null))
            return $"{which} has a padding of {node.Padding}";
        if (node.DepthPadding is < 0 or > 255 || (!(rules.Kernel && rules.Volume) && node.DepthPadding is not null))
            return $"{which} has a padding of {node.DepthPadding} along sections";
        if (node.Dilation is < 1 or > 16 || (!rules.Kernel && node.Dilation != 1))
            return $"{which} has a dilation of {node.Dilation}";
        if (node.Groups < 1 || (!rules.Kernel && node.Groups != 1) || (rules.Kernel && node.Channels % node.Groups != 0))
            return $"{which} has {node.Groups} groups for {node.Channels} output channels";
        return rules.Norm && !(node.Epsilon >= 0 && double.IsFinite(node.Epsilon))
            ? $"{which} has an epsilon of {node.Epsilon}" : null;
    }

    /// <summary>The tensors of a node.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Tensors(NetworkNode node, int inputs)
    {
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d:
                yield return (node.Name + ".weight", [node.Channels, inputs / node.Groups, node.Kernel, node.Kernel]);
                break;
            case NetworkOperator.Conv3d:
                yield return (
                    node.Name + ".weight",
                    [node.Channels, inputs / node.Groups, node.DepthKernel, node.Kernel, node.Kernel]);
                break;
            case NetworkOperator.Linear:
                yield return (node.Name + ".weight", [node.Channels, inputs]);
                break;
            case NetworkOperator.BatchNorm or NetworkOperator.LayerNorm:
                yield return (node.Name + ".weight", [inputs]);
                yield return (node.Name + ".bias", [inputs]);
                break;
        }
        if (Of(node.Operator).Weighted) yield return (node.Name + ".bias", [node.Channels]);
        if (node.Operator != NetworkOperator.BatchNorm) yield break;
        yield return (node.Name + ".mean", [inputs]);
        yield return (node.Name + ".variance", [inputs]);
    }
}
