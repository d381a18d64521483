using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>What fitting changes.</summary>
public enum FitTarget
{
    /// <summary>All weights of the graph, and a readout; the graph's pattern stays: where there is no edge the weight stays 0.</summary>
    Pattern,

    /// <summary>A linear readout of all layers' activities alone; the graph's weights stay.</summary>
    Readout,
}

/// <summary>How a network is fitted to the small task of <see cref="PatternTask"/>.</summary>
public sealed record FitOptions
{
    /// <summary>What is changed.</summary>
    public FitTarget Target { get; init; } = FitTarget.Pattern;

    /// <summary>Patterns to tell apart, 2 or more.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Standard deviation of the noise on every input; inputs are 0 or 1.</summary>
    public double Noise { get; init; } = 0.5;

    /// <summary>Steps of the optimiser.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Samples a step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>The highest learning rate; it falls as half a cosine.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Samples that are held out for the accuracies.</summary>
    public int TestSamples { get; init; } = 1000;

    /// <summary>Seed of patterns, noise and the readout's start.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    internal void Check()
    {
        if (Classes < 2 || Steps < 0 || Batch < 1 || TestSamples < 1 || Threads < 1 || !(Noise >= 0) || !(LearningRate > 0))
            throw new InvalidDataException(
                $"A fit needs 2 classes or more, and steps, batch, noise and rate that are not negative; found {Classes}, {Steps}, {Batch}, {Noise}, {LearningRate}; nothing was trained.");
    }
}

/// <summary>A fitted network, and how well it does.</summary>
/// <param name="Model">The network with its readout, ready for a session: logits of the classes out.</param>
/// <param name="Chance">Accuracy of guessing.</param>
/// <param name="Before">Accuracy on the held-out samples before training.</param>
/// <param name="After">The same after it.</param>
/// <param name="GraphWeights">Weights of the graph: edges.</param>
/// <param name="HeldZeros">Places of the layers without an edge, all of which are 0 still.</param>
public sealed record FitResult(NetworkModel Model, double Chance, double Before, double After, long GraphWeights, long HeldZeros);
