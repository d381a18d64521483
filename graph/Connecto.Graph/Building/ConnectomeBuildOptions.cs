namespace Connecto.Graph;

/// <summary>How a stored connectome is built of a synapse table that need not fit in memory.</summary>
public sealed record ConnectomeBuildOptions
{
    /// <summary>All neurons, also those without synapses, in any order; null for those that the synapses name.</summary>
    public IReadOnlyList<Neuron>? Neurons { get; init; }

    /// <summary>What to do with synapses of a neuron on itself.</summary>
    public AutapseRule Autapses { get; init; } = AutapseRule.Drop;

    /// <summary>Bytes for sorting. Besides, some 100 bytes a neuron and some 40 MB of buffers are needed.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Threads for sorting; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Labels of the neurons, ascending by id, once they are known; null for none.</summary>
    public Func<IReadOnlyList<Neuron>, NeuronLabels>? Labels { get; init; }

    /// <summary>Where the table comes from, once its rows are known; null where nobody says.</summary>
    public Func<long, ConnectomeProvenance>? Provenance { get; init; }

    /// <summary>Told of every pass when it is over, and its seconds; null for nobody. "take" reads and writes columns, "order" puts
    /// rows in the order of their ids, "sort" makes runs, "merge" makes edges, "flush" waits for the disk.</summary>
    public Action<string, double>? Passed { get; init; }

    /// <summary>How errors call a row of the table; by default they count from 0.</summary>
    public string Table { get; init; } = "the table";
}
