namespace Connecto.BrainNetworks;

/// <summary>What a run of the rate model did.</summary>
public sealed record RateSummary
{
    /// <summary>Steps run.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean over steps and neurons.</summary>
    public required double MeanRate { get; init; }

    /// <summary>The highest rate of any neuron at any step.</summary>
    public required double MaxRate { get; init; }

    /// <summary>Neurons that were above 0 at any step.</summary>
    public required int ActiveNeurons { get; init; }

    /// <summary>Their share; 0 without neurons.</summary>
    public required double ActiveFraction { get; init; }

    /// <summary>The first step (from 0) at which a rate reached the limit and was held there; null where none did.</summary>
    public required int? DivergedAtStep { get; init; }

    /// <summary>Neurons that reached it.</summary>
    public required int DivergedNeurons { get; init; }

    /// <summary>Every neuron's own figures, in the network's order.</summary>
    public required IReadOnlyList<NeuronRate> Neurons { get; init; }
}

/// <summary>One neuron of a run.</summary>
/// <param name="Id">The neuron.</param>
/// <param name="Mean">Mean rate over all steps.</param>
/// <param name="Max">Highest rate.</param>
public sealed record NeuronRate(ulong Id, double Mean, double Max);
