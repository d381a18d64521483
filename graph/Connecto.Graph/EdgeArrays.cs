namespace Connecto.Graph;

/// <summary>What <see cref="ConnectomeBuilder"/> makes and <see cref="Connectome"/> shows: edges by column.</summary>
internal sealed class EdgeArrays
{
    /// <summary>First edge out of each neuron, and the end; n + 1.</summary>
    public required int[] OutStarts { get; init; }

    public required int[] Pre { get; init; }

    public required int[] Post { get; init; }

    public required int[] Contacts { get; init; }

    public required long[] Sizes { get; init; }

    public required float[] Scores { get; init; }

    /// <summary>First entry into each neuron, and the end; n + 1.</summary>
    public required int[] InStarts { get; init; }

    /// <summary>Edges ascending by (post, pre).</summary>
    public required int[] InEdges { get; init; }

    /// <summary>Presynaptic neurons of <see cref="InEdges"/>.</summary>
    public required int[] InPre { get; init; }

    /// <summary>First entry of each edge in <see cref="ContactRows"/>; null without a synapse table.</summary>
    public int[]? ContactStarts { get; init; }

    /// <summary>Synapse rows by edge; null without a synapse table.</summary>
    public int[]? ContactRows { get; init; }

    public required long ContactCount { get; init; }

    public int Unassigned { get; init; }

    public required long Autapses { get; init; }
}
