namespace Connecto.Graph;

/// <summary>Neurons that are known by their ids alone.</summary>
internal static class NeuronIds
{
    /// <summary>The neurons that synapses name, ascending; 0 is none.</summary>
    public static Neuron[] Of(SynapseTable synapses)
    {
        var ids = new ulong[2L * synapses.Count];
        synapses.Pre.CopyTo(ids);
        synapses.Post.CopyTo(ids.AsSpan(synapses.Count));
        return Distinct(ids);
    }

    /// <summary>The neurons that connections name, ascending.</summary>
    public static Neuron[] Of(IReadOnlyList<Connection> connections)
    {
        var ids = new ulong[2L * connections.Count];
        for (var i = 0; i < connections.Count; i++)
            (ids[2 * i], ids[2 * i + 1]) = (connections[i].Pre, connections[i].Post);
        return Distinct(ids);
    }

    private static Neuron[] Distinct(ulong[] ids)
    {
        Array.Sort(ids);
        var neurons = new List<Neuron>();
        var last = 0UL;
        foreach (var id in ids)
        {
            if (id == last) continue;
            neurons.Add(new Neuron(id, 0, default, default, default));
            last = id;
        }
        return [.. neurons];
    }
}
