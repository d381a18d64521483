using System.Globalization;

namespace Connecto.Graph;

/// <summary>Checks rows of synapses as they stream by, and counts what is odd but allowed.</summary>
internal sealed class SynapseRows(ImportOptions options)
{
    private long _autapses, _firstAutapse, _unassigned, _firstUnassigned;

    public long Count { get; private set; }

    public Synapse Check(TableReader table, Synapse synapse)
    {
        Count++;
        if (synapse.Id == 0) throw table.Bad("has the synapse id 0; ids begin at 1");
        if (synapse.Size < 0) throw table.Bad(string.Create(CultureInfo.InvariantCulture, $"has the size {synapse.Size}; 0 or more was expected"));
        if (synapse.Pre == 0 || synapse.Post == 0)
        {
            if (_unassigned++ == 0) _firstUnassigned = table.Row;
        }
        else if (synapse.Pre == synapse.Post)
        {
            if (options.Autapses == AutapseRule.Refuse)
                throw table.Bad($"connects neuron {synapse.Pre} with itself, and autapses are refused");
            if (_autapses++ == 0) _firstAutapse = table.Row;
        }
        return synapse;
    }

    /// <summary>Stores what streams by, and then the notes.</summary>
    public ImportedGraph Finish(
        IEnumerable<Synapse> rows, SynapseFields fields, LabelTable neurons, ListedNeurons listed,
        Func<IReadOnlyList<string>, ConnectomeProvenance> provenance) =>
        Finish(() => SynapseReader.Of(rows, fields), neurons, listed, provenance);

    /// <summary>Stores a table that is opened when it is stored.</summary>
    public ImportedGraph Finish(
        Func<SynapseReader> open, LabelTable neurons, ListedNeurons listed, Func<IReadOnlyList<string>, ConnectomeProvenance> provenance) => new(directory =>
    {
        using (var table = open())
            StoredConnectomeBuilder.Build(directory, table, new ConnectomeBuildOptions
            {
                Neurons = listed == ListedNeurons.All ? neurons.Neurons() : null,
                Autapses = options.Autapses,
                MemoryBytes = options.MemoryBytes,
                Labels = sorted => neurons.Labels(sorted),
                Provenance = count => provenance([.. Notes()]) with { Rows = count },
            });
        return Connectome.Open(directory);
    });

    private IEnumerable<string> Notes()
    {
        if (_autapses > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{_autapses} synapses connect a neuron with itself, the first in row {_firstAutapse}; they were {(options.Autapses == AutapseRule.Keep ? "kept" : "left out")}.");
        if (_unassigned > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{_unassigned} synapses have no known partner (0), the first in row {_firstUnassigned}; they make no edge.");
    }
}
