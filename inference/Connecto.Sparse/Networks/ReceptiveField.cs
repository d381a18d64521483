namespace Connecto.Sparse;

/// <summary>How the nodes of a graph act along one axis.</summary>
internal sealed record ReceptiveAxis(
    int[] Scale, int Multiple, Func<NetworkNode, int> Stride, Func<NetworkNode, int> Kernel, Func<NetworkNode, int> Before);

/// <summary>How far the pixels that an output pixel depends on reach beyond it, found from the output back for every
/// phase of an output pixel.</summary>
internal static class ReceptiveField
{
    /// <summary>The reach in input pixels; <see cref="int.MaxValue"/> where an output depends on all of them.</summary>
    public static int Radius(NetworkGraph graph, ReceptiveAxis axis)
    {
        var outputScale = axis.Scale[graph.OutputPlace];
        if (outputScale == 0 || Enumerable.Range(0, graph.Nodes.Length).Any(
            i => graph.Nodes[i].Operator == NetworkOperator.GlobalAveragePool)) return int.MaxValue;
        var radius = 0;
        var low = new int[graph.Channels.Length];
        var high = new int[graph.Channels.Length];
        for (var phase = 0; phase < axis.Multiple / outputScale; phase++)
        {
            Array.Fill(low, int.MaxValue);
            Array.Fill(high, int.MinValue);
            low[graph.OutputPlace] = high[graph.OutputPlace] = phase;
            for (var place = graph.OutputPlace; place > 0; place--)
            {
                if (low[place] > high[place]) continue;
                var (begin, end) = Reads(graph.Nodes[place - 1], axis, low[place], high[place]);
                foreach (var from in graph.InputsOf(place))
                {
                    low[from] = Math.Min(low[from], begin);
                    high[from] = Math.Max(high[from], end);
                }
            }
            radius = Math.Max(radius, Math.Max(phase * outputScale - low[0], high[0] - ((phase + 1) * outputScale - 1)));
        }
        return Math.Max(radius, 0);
    }

    private static (int Low, int High) Reads(NetworkNode node, ReceptiveAxis axis, int low, int high)
    {
        var (stride, kernel, before) = (axis.Stride(node), axis.Kernel(node), axis.Before(node));
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d or NetworkOperator.Conv3d:
                return (low * stride - before, high * stride + (kernel - 1) * node.Dilation - before);
            case NetworkOperator.MaxPool2d or NetworkOperator.MaxPool3d or NetworkOperator.AveragePool2d
                or NetworkOperator.AveragePool3d:
                return (low * stride, high * stride + stride - 1);
            case NetworkOperator.Upsample2d or NetworkOperator.Upsample3d:
                return (FloorDivide(low, stride), FloorDivide(high, stride));
            case NetworkOperator.UpsampleBilinear2d when stride > 1:
                return (FloorDivide(2 * low + 1 - stride, 2 * stride), FloorDivide(2 * high + 1 - stride, 2 * stride) + 1);
            default:
                return (low, high);
        }
    }

    private static int FloorDivide(int a, int b) => (a >= 0 ? a : a - b + 1) / b;
}
