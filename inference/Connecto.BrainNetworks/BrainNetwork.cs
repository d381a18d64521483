using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>A connectome as a network that runs: sparse weights by layer, each traceable to its synapses.</summary>
/// <remarks>Immutable. The network's neurons are numbered 0..n-1: in the recipe's order in a recurrent network, which is
/// ascending by id unless another was asked for; layer by layer, and in that order within one, in a layered network.</remarks>
public sealed class BrainNetwork
{
    private readonly ulong[] _neurons;

    internal BrainNetwork(NetworkRecipe recipe, ulong[] neurons, NetworkLayer[] layers, NetworkFacts facts)
    {
        (Recipe, _neurons, Layers, Facts) = (recipe, neurons, layers, facts);
    }

    /// <summary>Makes a network of a connectome.</summary>
    /// <exception cref="InvalidDataException">The recipe is out of range, names an input that is no neuron, or has none for
    /// a layered network.</exception>
    /// <remarks>O(neurons + edges log partners), and at most 300 products with the matrix for the spectral radius. The
    /// same connectome and recipe give the same bits.</remarks>
    public static BrainNetwork From(Connectome connectome, NetworkRecipe recipe) => NetworkBuilder.Build(connectome, recipe);

    /// <summary>How it was made.</summary>
    public NetworkRecipe Recipe { get; }

    /// <summary>Ids of the network's neurons.</summary>
    public ReadOnlySpan<ulong> Neurons => _neurons;

    /// <summary>One layer when recurrent; else the layers after the inputs.</summary>
    public IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>What making it found out.</summary>
    public NetworkFacts Facts { get; }

    /// <summary>Weights of all layers.</summary>
    public long WeightCount => Layers.Sum(layer => (long)layer.Weights.NonZeros);

    /// <summary>The number of a neuron in this network, or -1.</summary>
    public int IndexOf(ulong id) => Array.IndexOf(_neurons, id);
}

/// <summary>What making a network found out.</summary>
public sealed record NetworkFacts
{
    /// <summary>Edges of the connectome.</summary>
    public required int Edges { get; init; }

    /// <summary>Edges below the threshold, left out.</summary>
    public required int BelowThreshold { get; init; }

    /// <summary>Edges to the same or an earlier layer or beyond the reach of the inputs, left out; 0 when recurrent.</summary>
    public required int NotForward { get; init; }

    /// <summary>Neurons that no input reaches, left out; 0 when recurrent.</summary>
    public required int UnreachedNeurons { get; init; }

    /// <summary>Excitatory neurons of the network.</summary>
    public required int ExcitatoryNeurons { get; init; }

    /// <summary>The connectome's provenance: the files and the named rule that made contacts, sizes, scores and signs, on which the
    /// recipe works; null where the connectome has none.</summary>
    public ConnectomeProvenance? Counted { get; init; }

    /// <summary>The factor that all weights were multiplied by; 1 without scaling, and for in-degree, which has one a row.</summary>
    public required double Scale { get; init; }

    /// <summary>The largest absolute eigenvalue before scaling; null where it was not asked for.</summary>
    public required SpectralEstimate? Spectrum { get; init; }

    /// <summary>Neurons by transmitter, where signs come from these; else null.</summary>
    public IReadOnlyList<TransmitterCount>? Transmitters { get; init; }

    /// <summary>How near connected neurons lie in the network's order; null in networks of earlier versions.</summary>
    public NetworkLocality? Locality { get; init; }

    /// <summary>The same with neurons ascending by id; null where that is the network's order.</summary>
    public NetworkLocality? LocalityById { get; init; }

    /// <summary>The layers, and every edge by where it leads; null when recurrent.</summary>
    public required LayerSummary? Layering { get; init; }
}
