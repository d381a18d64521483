using Connecto.Graph;

namespace Connecto.BrainNetworks.Tests;

/// <summary>Random connectomes with synapses; neuron i has the id 10 i + 3.</summary>
internal static class Samples
{
    public static ulong Id(int neuron) => (ulong)neuron * 10 + 3;

    public static Connectome Random(int seed, int neurons, int synapses)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(1, neurons == 0 ? 0 : synapses).Select(i => new Synapse(
            (ulong)i * 2, Id(random.Next(neurons)), Id(random.Next(neurons)), default, default, default,
            random.Next(1, 50), random.Next(1, 9) / 8f, 0)).ToArray();
        return Connectome.Build(Neurons(neurons), SynapseTable.From(rows));
    }

    /// <summary>Connections with so many contacts, self-connections kept.</summary>
    public static Connectome Edges(int neurons, params (int Pre, int Post, int Contacts)[] edges) =>
        Connectome.FromConnections(
            Neurons(neurons), [.. edges.Select(e => new Connection(Id(e.Pre), Id(e.Post), e.Contacts, 0, 0))],
            new ConnectomeOptions { Autapses = AutapseRule.Keep });

    /// <summary>Weight of every pair of neuron numbers of the network, (post, pre), over all layers.</summary>
    public static Dictionary<(ulong Post, ulong Pre), float> Weights(BrainNetwork network)
    {
        var all = new Dictionary<(ulong, ulong), float>();
        foreach (var layer in network.Layers)
            for (var row = 0; row < layer.Weights.Rows; row++)
                for (var i = layer.Weights.RowStarts[row]; i < layer.Weights.RowStarts[row + 1]; i++)
                    all.Add(
                        (network.Neurons[layer.FirstRow + row], network.Neurons[layer.Weights.ColumnIndices[i]]),
                        layer.Weights.Values[i]);
        return all;
    }

    private static IEnumerable<Neuron> Neurons(int count) =>
        Enumerable.Range(0, count).Select(i => new Neuron(Id(i), 1, default, default, default));
}
