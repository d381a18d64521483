namespace Connecto.Training;

/// <summary>What training does with weights that are 0 at the start.</summary>
public enum ZeroWeights
{
    /// <summary>It trains them as all others.</summary>
    Train,

    /// <summary>It holds them at 0, biases excepted: the pattern of the weights stays what it was.</summary>
    Hold,
}

/// <summary>How a network is trained.</summary>
/// <remarks>Adam with decoupled weight decay: D. Kingma and J. Ba, ICLR 2015; I. Loshchilov and F. Hutter, ICLR
/// 2019.</remarks>
public sealed record TrainerOptions
{
    /// <summary>The learning rate of every step.</summary>
    public LearningRateSchedule LearningRate { get; init; } = new();

    /// <summary>Decay of the gradient's running mean, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second mean.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of every weight, times the rate, that a step takes away; biases keep theirs.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Longest gradient, Euclidean over all weights; a longer one is scaled down. 0 for no bound.</summary>
    public double GradientBound { get; init; }

    /// <summary>Decay of the averaged weights, in [0, 1); 0 takes the latest. It grows to this in the first
    /// steps, and again after weights fell.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>Threads, the caller's included. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How weights become 0 on the way; null to train them all.</summary>
    public PruningOptions? Pruning { get; init; }

    /// <summary>What becomes of weights that are 0 at the start.</summary>
    public ZeroWeights Zeros { get; init; } = ZeroWeights.Train;

    /// <summary>What is made small.</summary>
    public ILoss Loss { get; init; } = new WeightedCrossEntropy();
}
