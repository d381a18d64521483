namespace Connecto.Graph;

/// <summary>What there is in a connectome, as numbers.</summary>
public sealed record ConnectomeStatistics
{
    /// <summary>All neurons, those without synapses included.</summary>
    public required int Neurons { get; init; }

    /// <summary>Contacts that belong to an edge.</summary>
    public required long Synapses { get; init; }

    /// <summary>Synapses without an edge because a partner is unknown.</summary>
    public required long UnassignedSynapses { get; init; }

    /// <summary>Synapses of a neuron on itself.</summary>
    public required long Autapses { get; init; }

    /// <summary>Ordered pairs of neurons with at least one contact.</summary>
    public required int Edges { get; init; }

    /// <summary>Contacts of a pair, over all edges.</summary>
    public required Distribution ContactsPerPair { get; init; }

    /// <summary>Upstream partners of a neuron, over all neurons.</summary>
    public required Distribution PartnersIn { get; init; }

    /// <summary>Downstream partners of a neuron, over all neurons.</summary>
    public required Distribution PartnersOut { get; init; }

    /// <summary>Contacts that a neuron receives, over all neurons.</summary>
    public required Distribution ContactsIn { get; init; }

    /// <summary>Contacts that a neuron makes, over all neurons.</summary>
    public required Distribution ContactsOut { get; init; }

    /// <summary>How many partners a neuron's synapses are.</summary>
    public required PartnerAnswer Partners { get; init; }

    /// <summary>Edges between two different neurons, whose reverse is an edge too.</summary>
    public required int ReciprocalEdges { get; init; }

    /// <summary>Their share of all edges between different neurons; 0 without edges.</summary>
    public required double Reciprocity { get; init; }

    /// <summary>Parts that hang together when direction is ignored; a lone neuron is one.</summary>
    public required int WeakComponents { get; init; }

    /// <summary>Neurons of the largest part.</summary>
    public required int LargestComponent { get; init; }

    /// <summary>Neurons without any edge.</summary>
    public required int IsolatedNeurons { get; init; }

    /// <summary>Parts in which every neuron reaches every other along the direction of edges; a lone neuron is one.</summary>
    public required int StrongComponents { get; init; }

    /// <summary>Neurons of the largest such part.</summary>
    public required int LargestStrongComponent { get; init; }

    /// <summary>Reckons all figures; O(neurons + edges).</summary>
    public static ConnectomeStatistics Of(Connectome c)
    {
        var (reciprocal, loops) = Reciprocal(c);
        var weak = Sizes(Graph.WeakComponents.Label(c));
        var strong = Sizes(StrongParts.Label(c));
        var (received, made) = ContactSums(c);
        int[] partnersIn = new int[c.NeuronCount], partnersOut = new int[c.NeuronCount];
        var isolated = 0;
        for (var n = 0; n < partnersIn.Length; n++)
        {
            (partnersIn[n], partnersOut[n]) = (c.Degree(n, Direction.In), c.Degree(n, Direction.Out));
            if (partnersIn[n] + partnersOut[n] == 0) isolated++;
        }
        return new ConnectomeStatistics
        {
            Neurons = c.NeuronCount,
            Synapses = c.ContactCount,
            UnassignedSynapses = c.UnassignedSynapses,
            Autapses = c.Autapses,
            Edges = c.EdgeCount,
            ContactsPerPair = Distribution.Of(c.ContactCounts),
            PartnersIn = Distribution.Of(partnersIn),
            PartnersOut = Distribution.Of(partnersOut),
            ContactsIn = Distribution.Of(received),
            ContactsOut = Distribution.Of(made),
            Partners = PartnerAnswer.Of(c),
            ReciprocalEdges = reciprocal,
            Reciprocity = c.EdgeCount == loops ? 0 : (double)reciprocal / (c.EdgeCount - loops),
            WeakComponents = weak.Length,
            LargestComponent = weak.DefaultIfEmpty().Max(),
            StrongComponents = strong.Length,
            LargestStrongComponent = strong.DefaultIfEmpty().Max(),
            IsolatedNeurons = isolated,
        };
    }

    private static int[] Sizes(int[] labels)
    {
        var sizes = new int[labels.DefaultIfEmpty(-1).Max() + 1];
        foreach (var label in labels) sizes[label]++;
        return sizes;
    }

    private static (long[] Received, long[] Made) ContactSums(Connectome c)
    {
        long[] received = new long[c.NeuronCount], made = new long[c.NeuronCount];
        ReadOnlySpan<int> pre = c.Pre, post = c.Post, contacts = c.ContactCounts;
        for (var edge = 0; edge < pre.Length; edge++)
        {
            made[pre[edge]] += contacts[edge];
            received[post[edge]] += contacts[edge];
        }
        return (received, made);
    }

    // Both rows of a neuron ascend, so those it sends to and receives from are found by one merge.
    private static (int Reciprocal, int Loops) Reciprocal(Connectome c)
    {
        int both = 0, loops = 0;
        for (var n = 0; n < c.NeuronCount; n++)
        {
            ReadOnlySpan<int> outs = c.Partners(n, Direction.Out), ins = c.Partners(n, Direction.In);
            for (int o = 0, i = 0; o < outs.Length && i < ins.Length;)
            {
                int to = outs[o], from = ins[i];
                if (to == from)
                {
                    if (to == n) loops++;
                    else both++;
                }
                o += to <= from ? 1 : 0;
                i += from <= to ? 1 : 0;
            }
        }
        return (both, loops);
    }
}
