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

    /// <summary>Reckons all figures; O(neurons + edges log partners).</summary>
    public static ConnectomeStatistics Of(Connectome c)
    {
        var neurons = Enumerable.Range(0, c.NeuronCount);
        var (reciprocal, loops) = Reciprocal(c);
        var components = Graph.WeakComponents.Label(c);
        var sizes = components.CountBy(label => label).Select(pair => pair.Value);
        return new ConnectomeStatistics
        {
            Neurons = c.NeuronCount,
            Synapses = c.ContactCount,
            UnassignedSynapses = c.UnassignedSynapses,
            Autapses = c.Autapses,
            Edges = c.EdgeCount,
            ContactsPerPair = Distribution.Of(Enumerable.Range(0, c.EdgeCount).Select(e => (long)c.ContactCounts[e])),
            PartnersIn = Distribution.Of(neurons.Select(n => (long)c.Degree(n, Direction.In))),
            PartnersOut = Distribution.Of(neurons.Select(n => (long)c.Degree(n, Direction.Out))),
            ContactsIn = Distribution.Of(neurons.Select(n => c.ContactsOf(n, Direction.In))),
            ContactsOut = Distribution.Of(neurons.Select(n => c.ContactsOf(n, Direction.Out))),
            Partners = PartnerAnswer.Of(c),
            ReciprocalEdges = reciprocal,
            Reciprocity = c.EdgeCount == loops ? 0 : (double)reciprocal / (c.EdgeCount - loops),
            WeakComponents = components.Length == 0 ? 0 : components.Max() + 1,
            LargestComponent = sizes.DefaultIfEmpty().Max(),
            IsolatedNeurons = neurons.Count(n => c.Degree(n, Direction.In) + c.Degree(n, Direction.Out) == 0),
        };
    }

    private static (int Reciprocal, int Loops) Reciprocal(Connectome c)
    {
        int reciprocal = 0, loops = 0;
        for (var edge = 0; edge < c.EdgeCount; edge++)
        {
            if (c.Pre[edge] == c.Post[edge]) loops++;
            else if (c.FindEdge(c.Post[edge], c.Pre[edge]) >= 0) reciprocal++;
        }
        return (reciprocal, loops);
    }
}
