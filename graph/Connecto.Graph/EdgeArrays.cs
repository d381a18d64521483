namespace Connecto.Graph;

/// <summary>What <see cref="ConnectomeBuilder"/> makes, or a stored connectome maps, and <see cref="Connectome"/> shows: edges
/// by column.</summary>
internal sealed class EdgeArrays
{
    /// <summary>First edge out of each neuron, and the end; n + 1.</summary>
    public required Column<int> OutStarts { get; init; }

    public required Column<int> Pre { get; init; }

    public required Column<int> Post { get; init; }

    public required Column<int> Contacts { get; init; }

    public required Column<long> Sizes { get; init; }

    public required Column<float> Scores { get; init; }

    /// <summary>-1, 0 or 1 for each edge; null where no edge has a sign.</summary>
    public Column<sbyte>? Signs { get; init; }

    /// <summary>First entry into each neuron, and the end; n + 1.</summary>
    public required Column<int> InStarts { get; init; }

    /// <summary>Edges ascending by (post, pre).</summary>
    public required Column<int> InEdges { get; init; }

    /// <summary>Presynaptic neurons of <see cref="InEdges"/>.</summary>
    public required Column<int> InPre { get; init; }

    /// <summary>First entry of each edge in <see cref="ContactRows"/>; null without a synapse table.</summary>
    public Column<int>? ContactStarts { get; init; }

    /// <summary>Synapse rows by edge; null without a synapse table.</summary>
    public Column<int>? ContactRows { get; init; }

    public required long ContactCount { get; init; }

    public int Unassigned { get; init; }

    public required long Autapses { get; init; }
}
