namespace Connecto.Graph;

/// <summary>A neuron near others in the graph.</summary>
/// <param name="Neuron">Its index.</param>
/// <param name="Hops">Fewest edges between it and any of the neurons asked about; 0 for these.</param>
public readonly record struct Neighbour(int Neuron, int Hops);

/// <summary>Which way edges are followed.</summary>
public enum Follow
{
    /// <summary>From pre to post: who can be reached.</summary>
    Downstream,

    /// <summary>From post to pre: who can reach.</summary>
    Upstream,

    /// <summary>Either way at every step.</summary>
    Both,
}

/// <summary>Neurons within some hops, by breadth-first search from all of a set at once.</summary>
public static class Neighbourhood
{
    /// <summary>All neurons within so many hops.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="set">Where to start, neuron indices.</param>
    /// <param name="hops">The most edges; int.MaxValue for all that hangs together.</param>
    /// <param name="follow">Which way.</param>
    /// <returns>The set and its neighbours, ascending by (hops, index).</returns>
    /// <exception cref="ArgumentOutOfRangeException">Negative hops, or no such neuron.</exception>
    /// <remarks>O(neurons + edges visited).</remarks>
    public static Neighbour[] Of(Connectome connectome, IEnumerable<int> set, int hops, Follow follow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hops);
        var seen = new bool[connectome.NeuronCount];
        var wave = new List<int>();
        foreach (var neuron in set)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)neuron, (uint)seen.Length, nameof(set));
            Add(wave, seen, neuron);
        }
        var found = new List<Neighbour>();
        for (var hop = 0; wave.Count > 0; hop++)
        {
            wave.Sort();
            foreach (var neuron in wave) found.Add(new Neighbour(neuron, hop));
            if (hop == hops) break;
            var next = new List<int>();
            foreach (var neuron in wave)
            {
                if (follow != Follow.Upstream) AddAll(next, seen, connectome.Partners(neuron, Direction.Out));
                if (follow != Follow.Downstream) AddAll(next, seen, connectome.Partners(neuron, Direction.In));
            }
            wave = next;
        }
        return [.. found];
    }

    private static void AddAll(List<int> wave, bool[] seen, ReadOnlySpan<int> neurons)
    {
        foreach (var neuron in neurons) Add(wave, seen, neuron);
    }

    private static void Add(List<int> wave, bool[] seen, int neuron)
    {
        if (seen[neuron]) return;
        seen[neuron] = true;
        wave.Add(neuron);
    }
}
