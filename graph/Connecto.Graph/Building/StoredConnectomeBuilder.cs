using System.Numerics;

namespace Connecto.Graph;

/// <summary>A synapse table of any length becomes a stored connectome in bounded memory, in two passes.
/// The first writes the table's columns and numbers its neurons. The second sorts (pair, row, size, score) by pair, 24 bytes a
/// row, outside memory where need be, and cuts the sorted rows into edges; the columns of the synapses stay where they are, so
/// the bulk of the table is written once. Ids that do not ascend cost a third pass, which puts the columns in order.
/// What was given up: at most 2^31 - 64 rows.</summary>
public static class StoredConnectomeBuilder
{
    /// <summary>Builds and stores.</summary>
    /// <param name="directory">A folder of its own; see <see cref="Connectome.Save"/>.</param>
    /// <param name="table">Read to its end; its ids need not ascend.</param>
    /// <param name="options">Neurons, memory, threads.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Connectome.Build(IEnumerable{Neuron}, SynapseTable, ConnectomeOptions?)"/>;
    /// nothing was stored.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing was stored.</exception>
    /// <remarks>The same connectome as that built in memory, value for value. Scratch on the disk: 32 bytes a row.</remarks>
    public static void Build(string directory, SynapseReader table, ConnectomeBuildOptions options)
    {
        using var folder = new WholeFolder(directory, ConnectomeDocument.File);
        var clock = new PassClock(options.Passed);
        Write(folder.Partial, table, options, clock);
        folder.Commit();
        clock.Pass("flush");
    }

    private static void Write(string folder, SynapseReader table, ConnectomeBuildOptions options, PassClock clock)
    {
        var columns = new ConnectomeColumns(folder);
        var pairs = Path.Combine(folder, "pairs.scratch");
        using var intake = new SynapseIntake(columns, pairs, options);
        intake.Take(table);
        clock.Pass("take");
        if (!intake.Ascending)
        {
            SynapseOrder.Restore(columns, pairs, intake.Rows, options);
            clock.Pass("order");
        }
        var neurons = Sorted(intake, options, out var places);
        var bits = neurons.Length <= 1 ? 1 : BitOperations.Log2((uint)neurons.Length - 1) + 1;
        var autapses = 0L;
        using var edges = new EdgeWriter(columns, neurons.Length, bits);
        using (var sort = new ExternalSort(folder, "pairs", options.MemoryBytes, options.Threads))
        {
            using (var rows = new PairRowSource(columns, pairs, places, bits, options))
            {
                sort.MakeRuns(intake.Rows, neurons.Length == 0 ? 0 : (1UL << (2 * bits)) - 1, rows.Fill);
                autapses = rows.Autapses;
            }
            File.Delete(pairs);
            clock.Pass("sort");
            sort.Merge(edges.Take);
        }
        edges.Finish(options.MemoryBytes);
        columns.WriteNeurons(neurons);
        columns.Finish(options.Labels?.Invoke(neurons) ?? NeuronLabels.None, new ConnectomeDocument
        {
            Neurons = neurons.Length,
            Edges = edges.Edges,
            Contacts = edges.Contacts,
            Synapses = intake.Rows,
            UnassignedSynapses = intake.Unassigned,
            Autapses = autapses,
            Provenance = options.Provenance?.Invoke(intake.Rows),
        });
        clock.Pass("merge");
    }

    /// <summary>The neurons by id, and the place of each number.</summary>
    private static Neuron[] Sorted(SynapseIntake intake, ConnectomeBuildOptions options, out int[] places)
    {
        var ids = intake.Neurons.Ids();
        var numbers = new int[ids.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        Array.Sort(ids, numbers);
        places = new int[ids.Length];
        for (var i = 0; i < numbers.Length; i++) places[numbers[i]] = i;
        return options.Neurons is { } listed
            ? Array.ConvertAll(numbers, number => listed[number])
            : Array.ConvertAll(ids, id => new Neuron(id, 0, default, default, default));
    }
}

/// <summary>Tells the seconds between passes.</summary>
internal sealed class PassClock(Action<string, double>? passed)
{
    private long _since = System.Diagnostics.Stopwatch.GetTimestamp();

    public void Pass(string name)
    {
        passed?.Invoke(name, System.Diagnostics.Stopwatch.GetElapsedTime(_since).TotalSeconds);
        _since = System.Diagnostics.Stopwatch.GetTimestamp();
    }
}
