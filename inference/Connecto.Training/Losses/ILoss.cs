namespace Connecto.Training;

/// <summary>One sample's outputs and what they should be; all arrays are [Channels][Height][Width].</summary>
public readonly ref struct LossSample
{
    /// <summary>Output channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>What the network says, before its closing Sigmoid if it has one.</summary>
    public required ReadOnlySpan<float> Logits { get; init; }

    /// <summary>What it should say.</summary>
    public required ReadOnlySpan<float> Target { get; init; }

    /// <summary>How much each value counts; 0 or more.</summary>
    public required ReadOnlySpan<float> Weight { get; init; }
}

/// <summary>What training makes small.</summary>
/// <remarks>Called from several threads at once, for different samples. Must depend on the sample alone.</remarks>
public interface ILoss
{
    /// <summary>The loss of a sample, and its gradient.</summary>
    /// <param name="sample">Outputs, targets, weights.</param>
    /// <param name="gradient">d loss / d logit, [Channels][Height][Width]; written in full.</param>
    /// <returns>The sum over the sample, not the mean: the trainer divides loss and gradient by the sum of all
    /// weights of the batch.</returns>
    double Evaluate(in LossSample sample, Span<float> gradient);
}
