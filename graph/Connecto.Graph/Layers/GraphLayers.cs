namespace Connecto.Graph;

/// <summary>How neurons are put into layers.</summary>
public enum LayerRule
{
    /// <summary>Layer = fewest edges from any input. Edges to the same or an earlier layer remain.</summary>
    HopDistance,

    /// <summary>Layer = most edges from an input when the neurons of a cycle (a strong component) count as one; they share
    /// a layer, and no edge leads backward except into the inputs.</summary>
    LongestPath,
}

/// <summary>Neurons in layers, from chosen inputs along the direction of the synapses.</summary>
/// <remarks>Inputs are layer 0 whatever leads back into them. A neuron that no input reaches has no layer.</remarks>
public sealed class GraphLayers
{
    private readonly int[] _layerOf;
    private readonly int[][] _members;

    private GraphLayers(Connectome connectome, LayerRule rule, int[] layerOf)
    {
        _layerOf = layerOf;
        _members = new int[layerOf.Length == 0 ? 0 : layerOf.Max() + 1][];
        for (var i = 0; i < _members.Length; i++) _members[i] = [];
        foreach (var group in Enumerable.Range(0, layerOf.Length).Where(n => layerOf[n] >= 0).GroupBy(n => layerOf[n]))
            _members[group.Key] = [.. group];
        Summary = Summarise(connectome, rule);
    }

    /// <summary>Layers a connectome.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="inputs">Neuron indices; repeated ones count once.</param>
    /// <param name="rule">Hop distance or longest path.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input is no neuron of the graph.</exception>
    /// <remarks>O(neurons + edges); depends on the set of inputs alone, not on their order.</remarks>
    public static GraphLayers From(Connectome connectome, IEnumerable<int> inputs, LayerRule rule)
    {
        var isInput = new bool[connectome.NeuronCount];
        foreach (var input in inputs)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)input, (uint)isInput.Length, nameof(inputs));
            isInput[input] = true;
        }
        var layerOf = rule == LayerRule.HopDistance
            ? HopDistance.From(connectome, isInput)
            : LongestPath.From(connectome, isInput);
        return new GraphLayers(connectome, rule, layerOf);
    }

    /// <summary>Number of layers; 0 without inputs.</summary>
    public int Depth => _members.Length;

    /// <summary>The layer of a neuron, or -1 where no input reaches it.</summary>
    public int LayerOf(int neuron) => _layerOf[neuron];

    /// <summary>The neurons of a layer, ascending.</summary>
    public ReadOnlySpan<int> Members(int layer) => _members[layer];

    /// <summary>Sizes of the layers and what the edges between them are.</summary>
    public LayerSummary Summary { get; }

    private LayerSummary Summarise(Connectome c, LayerRule rule)
    {
        int forward = 0, skip = 0, lateral = 0, backward = 0, unreached = 0;
        for (var edge = 0; edge < c.EdgeCount; edge++)
        {
            int from = _layerOf[c.Pre[edge]], to = _layerOf[c.Post[edge]];
            if (from < 0 || to < 0) unreached++;
            else if (to == from + 1) forward++;
            else if (to > from) skip++;
            else if (to == from) lateral++;
            else backward++;
        }
        return new LayerSummary
        {
            Rule = rule,
            LayerSizes = [.. _members.Select(m => m.Length)],
            UnreachedNeurons = _layerOf.Count(layer => layer < 0),
            ForwardEdges = forward,
            SkipEdges = skip,
            LateralEdges = lateral,
            BackwardEdges = backward,
            UnreachedEdges = unreached,
        };
    }
}

/// <summary>Sizes of layers, and every edge by where it leads; the five kinds of edges add up to all edges.</summary>
public sealed record LayerSummary
{
    /// <summary>How the layers were made.</summary>
    public required LayerRule Rule { get; init; }

    /// <summary>Neurons of each layer; the first are the inputs.</summary>
    public required IReadOnlyList<int> LayerSizes { get; init; }

    /// <summary>Neurons that no input reaches.</summary>
    public required int UnreachedNeurons { get; init; }

    /// <summary>Edges into the next layer.</summary>
    public required int ForwardEdges { get; init; }

    /// <summary>Edges over at least one layer.</summary>
    public required int SkipEdges { get; init; }

    /// <summary>Edges within a layer: recurrent.</summary>
    public required int LateralEdges { get; init; }

    /// <summary>Edges into an earlier layer: recurrent.</summary>
    public required int BackwardEdges { get; init; }

    /// <summary>Edges with an end that no input reaches.</summary>
    public required int UnreachedEdges { get; init; }
}
