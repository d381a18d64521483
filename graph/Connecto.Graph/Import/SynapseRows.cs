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
        IEnumerable<Synapse> rows, LabelTable neurons, ListedNeurons listed, Func<IReadOnlyList<string>, ConnectomeProvenance> provenance) => new(directory =>
    {
        var table = SynapseTable.From(rows);
        var build = new ConnectomeOptions { Autapses = options.Autapses };
        var connectome = listed == ListedNeurons.All
            ? Connectome.Build(neurons.Neurons(), table, build)
            : Connectome.Build(table, build);
        connectome.With(neurons.Labels(connectome.Neurons)).With(provenance([.. Notes()]) with { Rows = Count }).Save(directory);
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
