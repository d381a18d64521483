namespace Connecto.Graph;

/// <summary>In what order neurons are numbered, where nearness in number is to mean nearness in the graph.</summary>
public enum OrderRule
{
    /// <summary>Ascending by id.</summary>
    ById,

    /// <summary>Reverse Cuthill-McKee: partners get near numbers, the matrix a narrow band.</summary>
    ReverseCuthillMcKee,

    /// <summary>Communities one after the other, each inside the larger one that it is part of.</summary>
    Community,
}

/// <summary>Orders of a connectome's neurons; edges count in both directions.</summary>
public static class NeuronOrdering
{
    /// <summary>The neurons in an order.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="rule">Which order.</param>
    /// <returns>Neuron indices, each once.</returns>
    /// <remarks>Depends on the graph and the order of its ids alone. Cuthill-McKee O(edges log partners), communities O(edges) a
    /// pass, some ten passes; about 16 bytes an edge of scratch.</remarks>
    public static int[] Of(Connectome connectome, OrderRule rule) => rule switch
    {
        OrderRule.ReverseCuthillMcKee => CuthillMcKee.Reversed(UndirectedRows.Of(connectome)),
        OrderRule.Community => Louvain.Order(UndirectedRows.Of(connectome)),
        _ => [.. Enumerable.Range(0, connectome.NeuronCount)],
    };
}
