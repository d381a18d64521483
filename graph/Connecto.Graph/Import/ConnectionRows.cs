using System.Globalization;

namespace Connecto.Graph;

/// <summary>Checks rows of connections one by one and collects them; what is wrong is refused with its row.</summary>
internal sealed class ConnectionRows(ImportOptions options, LabelTable neurons, ListedNeurons listed)
{
    private readonly List<Connection> _rows = [];
    private long _autapses, _firstAutapse, _dangling, _firstDangling;

    /// <summary>Rows read, also those left out.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a row.</summary>
    /// <param name="table">It stands at the row.</param>
    /// <param name="pre">The presynaptic neuron.</param>
    /// <param name="post">The postsynaptic neuron.</param>
    /// <param name="contacts">Not 0; below 0 only where the source means it.</param>
    /// <param name="sign">1, -1 or 0.</param>
    /// <param name="score">0 where the source has none.</param>
    /// <param name="where">The regions that are wanted: a row of another one is checked, and left out.</param>
    public void Add(TableReader table, ulong pre, ulong post, long contacts, sbyte sign = 0, float score = 0, RegionFilter? where = null)
    {
        Count++;
        if (pre == 0 || post == 0) throw table.Bad("names neuron 0, which means background");
        if (Math.Abs(contacts) is < 1 or > int.MaxValue)
            throw table.Bad(string.Create(CultureInfo.InvariantCulture, $"has {contacts} contacts; 1 to {int.MaxValue} were expected"));
        if (where is not null && !where.Keeps(table, contacts)) return;
        if (!Known(table, pre) || !Known(table, post)) return;
        if (pre == post)
        {
            if (options.Autapses == AutapseRule.Refuse) throw table.Bad($"connects neuron {pre} with itself, and autapses are refused");
            if (_autapses++ == 0) _firstAutapse = table.Row;
        }
        _rows.Add(new Connection(pre, post, (int)Math.Abs(contacts), 0, score, sign));
    }

    public ImportedGraph Finish(ConnectomeProvenance provenance)
    {
        var list = neurons.Neurons();
        var connectome = Connectome.FromConnections(list, _rows, new ConnectomeOptions { Autapses = options.Autapses });
        return new ImportedGraph(connectome.With(neurons.Labels(list)).With(provenance with
        {
            Rows = Count,
            Notes = [.. provenance.Notes, .. Notes()],
        }));
    }

    private bool Known(TableReader table, ulong neuron)
    {
        if (neurons.Has(neuron)) return true;
        if (listed == ListedNeurons.None || options.Dangling == DanglingRule.Add) return neurons.Add(neuron);
        if (options.Dangling == DanglingRule.Refuse)
            throw table.Bad($"names neuron {neuron}, which is not in the list of {neurons.Ids.Count} neurons (--dangling add or drop takes such rows)");
        if (_dangling++ == 0) _firstDangling = table.Row;
        return false;
    }

    private IEnumerable<string> Notes()
    {
        if (_autapses > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{_autapses} rows connect a neuron with itself, the first in row {_firstAutapse}; they were {(options.Autapses == AutapseRule.Keep ? "kept" : "left out")}.");
        if (_dangling > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{_dangling} rows name a neuron that is not in the list, the first in row {_firstDangling}; they were left out.");
    }
}

/// <summary>Whether a data set lists its neurons.</summary>
internal enum ListedNeurons
{
    /// <summary>It does; a connection of another one dangles.</summary>
    All,

    /// <summary>It does not; every neuron that a connection names is one.</summary>
    None,
}
