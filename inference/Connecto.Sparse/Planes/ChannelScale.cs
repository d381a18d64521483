namespace Connecto.Sparse.Planes;

/// <summary>A BatchNorm with its fixed statistics, as one factor and one shift a channel.</summary>
/// <remarks>Both are found in double and rounded once. Inside a convolution, the weights and the bias are multiplied in
/// double before they are rounded, so that folding costs one rounding a weight, and zeros stay zeros.</remarks>
internal sealed class ChannelScale
{
    private readonly double[] factors, shifts;

    /// <exception cref="InvalidDataException">A channel has no finite factor and shift.</exception>
    public ChannelScale(NetworkModel model, NetworkNode node)
    {
        var (weight, bias) = (model.Tensors[node.Name + ".weight"].Data, model.Tensors[node.Name + ".bias"].Data);
        var (mean, variance) = (model.Tensors[node.Name + ".mean"].Data, model.Tensors[node.Name + ".variance"].Data);
        factors = new double[weight.Length];
        shifts = new double[weight.Length];
        for (var c = 0; c < weight.Length; c++)
        {
            factors[c] = weight[c] / Math.Sqrt(variance[c] + node.Epsilon);
            shifts[c] = bias[c] - mean[c] * factors[c];
            if (!double.IsFinite(factors[c]) || !double.IsFinite(shifts[c]))
                throw new InvalidDataException(
                    $"Node '{node.Name}' cannot be used: its channel {c} has a variance of {variance[c]}, a weight of {weight[c]}, "
                    + $"a mean of {mean[c]} and a bias of {bias[c]}, which give no finite scale. Restore its tensors; nothing was run.");
        }
        (Factors, Shifts) = (Array.ConvertAll(factors, v => (float)v), Array.ConvertAll(shifts, v => (float)v));
    }

    public float[] Factors { get; }

    public float[] Shifts { get; }

    /// <summary>The weights and biases of a convolution that scales its outputs so.</summary>
    public (float[] Weights, float[] Bias) Fold(float[] weights, float[] bias)
    {
        var each = weights.Length / bias.Length;
        var folded = new float[weights.Length];
        for (var i = 0; i < folded.Length; i++) folded[i] = (float)(weights[i] * factors[i / each]);
        return (folded, [.. bias.Select((b, c) => (float)(b * factors[c] + shifts[c]))]);
    }
}
