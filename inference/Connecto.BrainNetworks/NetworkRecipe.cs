using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>What an edge's contacts become.</summary>
public enum WeightSource
{
    /// <summary>Their number.</summary>
    Contacts,

    /// <summary>Their summed cleft voxels.</summary>
    SummedSize,

    /// <summary>The mean of their scores.</summary>
    MeanScore,
}

/// <summary>Where a weight's sign comes from.</summary>
public enum SignRule
{
    /// <summary>All weights are positive.</summary>
    Unsigned,

    /// <summary>Every presynaptic neuron is excitatory or inhibitory as a whole (Dale's law), drawn from the seed and its
    /// own id, so the same neuron has the same sign in every cut of the data.</summary>
    ExcitatoryFraction,

    /// <summary>Every edge has the sign that the connectome knows of it; one without a sign excites.</summary>
    Edges,

    /// <summary>Every presynaptic neuron has the sign of its transmitter, by <see cref="NetworkRecipe.Transmitters"/>.</summary>
    Transmitters,
}

/// <summary>How weights are scaled at the end.</summary>
public enum ScalingRule
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The absolute weights into every neuron that has any add up to <see cref="NetworkRecipe.Gain"/>.</summary>
    InDegree,

    /// <summary>The largest absolute eigenvalue of the recurrent weights becomes <see cref="NetworkRecipe.Gain"/>; weights
    /// without a cycle have none and stay as they are.</summary>
    SpectralRadius,
}

/// <summary>What kind of network is made.</summary>
public enum NetworkForm
{
    /// <summary>All edges, one square matrix.</summary>
    Recurrent,

    /// <summary>Layers from chosen inputs; an edge that leads to the same or an earlier layer is left out.</summary>
    Layered,
}

/// <summary>How a connectome becomes weights. It is written into the network, so that every weight can be explained.</summary>
public sealed record NetworkRecipe
{
    /// <summary>Every contact counts 1; no signs.</summary>
    public static NetworkRecipe Contacts { get; } = new();

    /// <summary>Every contact counts its size; no signs.</summary>
    public static NetworkRecipe SummedSizes { get; } = new() { Name = "summed-sizes", Weight = WeightSource.SummedSize };

    /// <summary>Contacts with the connectome's own signs, unscaled, as whole-brain models of the fly take them.</summary>
    public static NetworkRecipe SignedContacts { get; } = new()
    {
        Name = "signed-contacts",
        Sign = SignRule.Edges,
        Scaling = ScalingRule.None,
    };

    /// <summary>What the recipe is called, in the network and in answers.</summary>
    public string Name { get; init; } = "contacts";

    /// <summary>What an edge's contacts become.</summary>
    public WeightSource Weight { get; init; } = WeightSource.Contacts;

    /// <summary>Edges whose weight is less are left out; before sign and scaling.</summary>
    public double Threshold { get; init; }

    /// <summary>Where signs come from.</summary>
    public SignRule Sign { get; init; } = SignRule.Unsigned;

    /// <summary>The share of excitatory neurons, 0 to 1, for <see cref="SignRule.ExcitatoryFraction"/>.</summary>
    public double ExcitatoryFraction { get; init; } = 0.8;

    /// <summary>What transmitters do, for <see cref="SignRule.Transmitters"/>; null for the convention, which a network made by it
    /// then holds.</summary>
    public TransmitterRule? Transmitters { get; init; }

    /// <summary>Seed of the signs.</summary>
    public int Seed { get; init; }

    /// <summary>How weights are scaled at the end.</summary>
    public ScalingRule Scaling { get; init; } = ScalingRule.SpectralRadius;

    /// <summary>The summed input or the spectral radius that scaling aims at; positive.</summary>
    public double Gain { get; init; } = 0.9;

    /// <summary>In what order neurons are numbered: all of them in a recurrent network, those of each layer in a layered one.</summary>
    public OrderRule Order { get; init; } = OrderRule.ById;

    /// <summary>Recurrent or layered.</summary>
    public NetworkForm Form { get; init; } = NetworkForm.Recurrent;

    /// <summary>How layers are made.</summary>
    public LayerRule Layers { get; init; } = LayerRule.HopDistance;

    /// <summary>Ids of the input neurons; a layered network needs at least one.</summary>
    public IReadOnlyList<ulong> Inputs { get; init; } = [];

    internal void Check()
    {
        if (!double.IsFinite(Threshold))
            throw new InvalidDataException($"The threshold {Threshold} is no finite number; no network was made.");
        if (!(ExcitatoryFraction is >= 0 and <= 1))
            throw new InvalidDataException($"The excitatory fraction {ExcitatoryFraction} is not between 0 and 1; no network was made.");
        if (!(Gain > 0) || !double.IsFinite(Gain))
            throw new InvalidDataException($"The gain {Gain} is not a positive number; no network was made.");
        if (Form == NetworkForm.Layered && Inputs.Count == 0)
            throw new InvalidDataException("A layered network needs at least one input neuron; none was named, and no network was made.");
    }
}
