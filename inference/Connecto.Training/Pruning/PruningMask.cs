using Connecto.Training.Gradients;

namespace Connecto.Training;

/// <summary>Which weights of a network are kept, and the choice of those that fall next.</summary>
/// <remarks>
/// Idea: a group (a weight, or a block of four) is ranked by its root mean square over that of its whole layer, so that
/// layers of any scale are compared fairly, and the lowest of the network fall. A layer's zeros count in its mean: the more
/// a layer has lost, the higher its rest ranks, which keeps layers near each other. Dense stay biases, the layer that
/// reads the input and the layer that yields the output: a few percent of the work, and the hardest to do without.
/// Ties fall in the order of the weights: the mask depends on the weights alone. O(n log n) over the groups.
/// </remarks>
internal sealed class PruningMask
{
    private readonly PruningOptions? options;
    private readonly PrunableLayer[] layers;
    private readonly long prunable;

    /// <summary>A mask of which nothing falls by itself.</summary>
    public PruningMask(ParameterMap map)
    {
        layers = [];
        Kept = new byte[map.Length];
        Kept.AsSpan().Fill(1);
    }

    public PruningMask(PruningOptions options, ParameterMap map, IEnumerable<PrunableLayer> layers)
    {
        if (options.FindFault() is { } fault) throw new ArgumentException($"Pruning cannot be done: {fault}. Nothing was trained.");
        this.options = options;
        this.layers = [.. layers];
        prunable = this.layers.Sum(l => (long)l.Length);
        Kept = new byte[map.Length];
        Kept.AsSpan().Fill(1);
    }

    /// <summary>1 for a parameter that is trained, 0 for one that is held at 0.</summary>
    public byte[] Kept { get; }

    /// <summary>Takes out all weights that are 0; biases stay.</summary>
    public void HoldZeros(float[] values, bool[] isWeight)
    {
        for (var i = 0; i < values.Length; i++)
            if (isWeight[i] && values[i] == 0) Kept[i] = 0;
    }

    /// <summary>Lets weights fall where they are due.</summary>
    /// <returns>True when the mask may have changed.</returns>
    public bool Update(long steps, float[] weights)
    {
        if (options is null || !options.IsDue(steps)) return false;
        var groups = new List<(double Score, int Layer, int First)>();
        for (var l = 0; l < layers.Length; l++) Rank(layers[l], l, weights, options.Pattern, groups);
        groups.Sort();

        var target = (long)(options.At(steps) * prunable + 1e-6);
        var room = layers.Select(l => (long)(options.LayerCeiling * l.Length)).ToArray();
        long zeros = 0;
        foreach (var (_, layer, first) in groups)
        {
            var size = layers[layer].GroupSize(first, options.Pattern);
            if (zeros + size > target) break;
            if (room[layer] < size) continue;
            layers[layer].Drop(first, size, Kept);
            zeros += size;
            room[layer] -= size;
        }
        return true;
    }

    /// <summary>Sets what fell to 0.</summary>
    public void Apply(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            if (Kept[i] == 0) values[i] = 0;
    }

    // A group that fell has the score 0, so it is the first to fall again.
    private void Rank(
        PrunableLayer layer, int index, float[] weights, PruningPattern pattern, List<(double Score, int Layer, int First)> groups)
    {
        double square = 0;
        foreach (var value in weights.AsSpan(layer.Start, layer.Length)) square += (double)value * value;
        var mean = Math.Sqrt(square / layer.Length) + 1e-30;
        foreach (var first in layer.Groups(pattern))
        {
            var size = layer.GroupSize(first, pattern);
            double sum = 0;
            for (var i = 0; i < size; i++)
            {
                var value = weights[first + i * layer.ChannelStep];
                sum += (double)value * value;
            }
            groups.Add((Kept[first] == 0 ? -1 : Math.Sqrt(sum / size) / mean, index, first));
        }
    }
}
