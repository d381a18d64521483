using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>The weights into one layer, and the synapses that every weight was made of.</summary>
/// <remarks>Row r is the network's neuron <see cref="FirstRow"/> + r (postsynaptic), column c its neuron c (presynaptic).
/// In a recurrent network there is one layer, square. In a layered one, a layer's columns are all earlier layers, so that
/// edges that skip layers are kept.</remarks>
public sealed class NetworkLayer
{
    private readonly int[] _synapseStarts;
    private readonly ulong[] _synapseIds;

    /// <summary>Lays a layer over its arrays, which are not copied.</summary>
    /// <param name="name">Its name in files: letters, digits and hyphens.</param>
    /// <param name="firstRow">The network's neuron of row 0.</param>
    /// <param name="weights">Rows postsynaptic, columns presynaptic.</param>
    /// <param name="synapseStarts">Where each weight's synapses begin, and the end; one longer than the weights.</param>
    /// <param name="synapseIds">The ids of the synapses, by weight; empty where the graph had only counts.</param>
    /// <exception cref="ArgumentException">The starts do not rise from 0 to the number of ids, one a weight.</exception>
    public NetworkLayer(string name, int firstRow, CsrMatrix weights, int[] synapseStarts, ulong[] synapseIds)
    {
        if (synapseStarts.Length != weights.NonZeros + 1 || synapseStarts[0] != 0 || synapseStarts[^1] != synapseIds.Length)
            throw new ArgumentException($"{weights.NonZeros} weights need as many slices of {synapseIds.Length} synapses.", nameof(synapseStarts));
        for (var i = 1; i < synapseStarts.Length; i++)
            if (synapseStarts[i] < synapseStarts[i - 1])
                throw new ArgumentException($"The synapses of weight {i - 1} end before they begin.", nameof(synapseStarts));
        (Name, FirstRow, Weights, _synapseStarts, _synapseIds) = (name, firstRow, weights, synapseStarts, synapseIds);
    }

    /// <summary>Its name in files.</summary>
    public string Name { get; }

    /// <summary>The network's neuron of row 0.</summary>
    public int FirstRow { get; }

    /// <summary>Row = postsynaptic, column = presynaptic.</summary>
    public CsrMatrix Weights { get; }

    /// <summary>Where each weight's synapses begin, and the end.</summary>
    public ReadOnlySpan<int> SynapseStarts => _synapseStarts;

    /// <summary>Ids of all synapses, by weight.</summary>
    public ReadOnlySpan<ulong> SynapseIds => _synapseIds;

    /// <summary>The synapses of the i-th weight, in the matrix's order; ascending by id.</summary>
    public ReadOnlySpan<ulong> SynapsesOf(int weight) =>
        _synapseIds.AsSpan(_synapseStarts[weight].._synapseStarts[weight + 1]);
}
