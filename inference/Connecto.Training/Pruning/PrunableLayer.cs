using Connecto.Sparse;
using Connecto.Training.Gradients;

namespace Connecto.Training;

/// <summary>A layer's weights, [outputs][inputs][taps], in the array of all parameters.</summary>
/// <param name="Start">Place of the first weight.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Taps">Places of the kernel.</param>
internal sealed record PrunableLayer(int Start, int Outputs, int Inputs, int Taps)
{
    private const int BlockChannels = 4;

    /// <summary>Number of weights.</summary>
    public int Length => Outputs * Inputs * Taps;

    /// <summary>Places from a weight to that of the next input channel.</summary>
    public int ChannelStep => Taps;

    /// <summary>All layers but those that read the input or yield the output.</summary>
    public static IEnumerable<PrunableLayer> Of(NetworkModel model, ParameterMap map)
    {
        var layers = model.Nodes.Where(IsWeighted).ToList();
        var last = Producers(model, model.Output).ToHashSet();
        foreach (var node in layers.Where(n => !n.Inputs.Contains(NetworkModel.InputName) && !last.Contains(n.Name)))
        {
            yield return Of(model.Tensors[NetworkModel.WeightName(node)], map.WeightStart(node));
        }
    }

    /// <summary>The layer of a weight tensor.</summary>
    public static PrunableLayer Of(Tensor weights, int start)
    {
        var (outputs, inputs) = (weights.Shape[0], weights.Shape[1]);
        return new(start, outputs, inputs, weights.Data.Length / (outputs * inputs));
    }

    /// <summary>The first weight of every group, in rising order of outputs, blocks and taps.</summary>
    public IEnumerable<int> Groups(PruningPattern pattern)
    {
        var step = pattern == PruningPattern.Blocks ? BlockChannels : 1;
        for (var output = 0; output < Outputs; output++)
            for (var input = 0; input < Inputs; input += step)
                for (var tap = 0; tap < Taps; tap++) yield return Start + (output * Inputs + input) * Taps + tap;
    }

    /// <summary>Weights of the group that begins there.</summary>
    public int GroupSize(int first, PruningPattern pattern) =>
        pattern == PruningPattern.Blocks ? Math.Min(BlockChannels, Inputs - (first - Start) / Taps % Inputs) : 1;

    /// <summary>Marks a group as fallen.</summary>
    public void Drop(int first, int size, byte[] kept)
    {
        for (var i = 0; i < size; i++) kept[first + i * ChannelStep] = 0;
    }

    private static bool IsWeighted(NetworkNode node) => node.Operator is NetworkOperator.Conv2d or NetworkOperator.Linear;

    // The layers whose values reach the output without another layer between.
    private static IEnumerable<string> Producers(NetworkModel model, string name)
    {
        if (model.Nodes.FirstOrDefault(n => n.Name == name) is not { } node) return [];
        return IsWeighted(node) ? [node.Name] : node.Inputs.SelectMany(input => Producers(model, input));
    }
}
