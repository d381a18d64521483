namespace Connecto.Graph;

/// <summary>What to do with a connection whose neuron is not in the list of neurons.</summary>
public enum DanglingRule
{
    /// <summary>Refuse the data set.</summary>
    Refuse,

    /// <summary>Take the neuron in.</summary>
    Add,

    /// <summary>Leave the connection out and count it.</summary>
    Drop,
}

/// <summary>How a published connectome is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>Connections of a neuron with itself; published data has them on purpose, so they are kept and counted.</summary>
    public AutapseRule Autapses { get; init; } = AutapseRule.Keep;

    /// <summary>Connections whose neuron is not in the list of neurons, where there is a list.</summary>
    public DanglingRule Dangling { get; init; } = DanglingRule.Refuse;

    /// <summary>The part of a data set that has several: larva aa, ad, da, dd or all-all; celegans an animal, as Dataset8;
    /// celegans-edges chemical, electrical or all. Null is all-all, Dataset8 and chemical.</summary>
    public string? Part { get; init; }

    /// <summary>The regions whose rows are taken, names or patterns with * and ?, commas between: neuropils of flywire, regions of
    /// hemibrain. Null takes all.</summary>
    public string? Regions { get; init; }

    /// <summary>Columns from the middle to the edge of flyvis' eye: e makes 3 e (e + 1) + 1 columns.</summary>
    public int Extent { get; init; } = 15;

    /// <summary>Synapses that flyvis' model sets where a filter has a gap inside its outline; 0 leaves the gaps.</summary>
    public double GapSynapses { get; init; }

    /// <summary>Nanometres of one unit of the positions in CAVE rows, z, y, x; 1 where they are nanometres.</summary>
    public Site Voxel { get; init; } = new(1, 1, 1);

    /// <summary>Bytes for sorting synapses, and for the Parquet tables that are read or written; what is more goes to disk.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>The column of presynaptic neurons in a plain edge list; null finds it by its usual names.</summary>
    public string? PreColumn { get; init; }

    /// <summary>The column of postsynaptic neurons in a plain edge list.</summary>
    public string? PostColumn { get; init; }

    /// <summary>The column of counts in a plain edge list, signed or not.</summary>
    public string? CountColumn { get; init; }
}
