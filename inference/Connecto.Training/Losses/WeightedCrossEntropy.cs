using System.Numerics;

namespace Connecto.Training;

/// <summary>Binary cross-entropy of each output's sigmoid, weighted value by value.</summary>
/// <remarks>Computed from logits, max(z, 0) - z t + log(1 + exp(-|z|)), so that it is exact for sure predictions
/// too.</remarks>
public sealed class WeightedCrossEntropy : ILoss
{
    /// <inheritdoc/>
    public double Evaluate(in LossSample sample, Span<float> gradient)
    {
        var logits = sample.Logits;
        var target = sample.Target;
        var weight = sample.Weight;
        var width = Vector<float>.Count;
        double sum = 0;
        var i = 0;
        for (; i + width <= logits.Length; i += width)
        {
            var value = Value(new Vector<float>(logits[i..]), new(target[i..]), new(weight[i..]), out var slope);
            slope.CopyTo(gradient[i..]);
            sum += Vector.Sum(value);
        }
        for (; i < logits.Length; i++)
        {
            sum += Value(new Vector<float>(logits[i]), new(target[i]), new(weight[i]), out var slope)[0];
            gradient[i] = slope[0];
        }
        return sum;
    }

    private static Vector<float> Value(Vector<float> z, Vector<float> t, Vector<float> w, out Vector<float> slope)
    {
        var e = Vector.Exp(-Vector.Abs(z));
        var small = e / (Vector<float>.One + e); // sigmoid(-|z|)
        var sigmoid = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(z, Vector<float>.Zero), Vector<float>.One - small, small);
        slope = w * (sigmoid - t);
        return w * (Vector.Max(z, Vector<float>.Zero) - z * t + Vector.Log(Vector<float>.One + e));
    }
}
