namespace Connecto.Graph;

/// <summary>Neurons and what is said of them, while a data set is read; ids in any order.</summary>
internal sealed class LabelTable
{
    private readonly HashSet<ulong> _ids = [];
    private readonly List<(string Name, Dictionary<ulong, string> Texts)> _columns = [];

    public IReadOnlyCollection<ulong> Ids => _ids;

    public bool Has(ulong id) => _ids.Contains(id);

    /// <returns>False where the neuron was there.</returns>
    public bool Add(ulong id) => _ids.Add(id);

    /// <summary>Says something of a neuron; the last word counts, and nothing is kept of "".</summary>
    public void Set(ulong id, string column, string text)
    {
        var at = _columns.FindIndex(c => c.Name == column);
        if (at < 0)
        {
            at = _columns.Count;
            _columns.Add((column, []));
        }
        if (text.Length > 0) _columns[at].Texts[id] = text;
    }

    /// <summary>Takes a table's columns, one row a neuron.</summary>
    /// <param name="table">Read to its end.</param>
    /// <param name="id">The column of ids.</param>
    /// <param name="columns">What columns become; others are passed over.</param>
    /// <param name="adds">Whether neurons of the table are neurons of the connectome, each once, or said of those that are.</param>
    /// <returns>Rows of neurons that the connectome does not have.</returns>
    public long Read(TableReader table, int id, IReadOnlyList<(int Column, string Name)> columns, LabelRows adds)
    {
        var strangers = 0L;
        while (table.Next())
        {
            var neuron = table.Id(id);
            if (neuron == 0) throw table.BadValue(id, "an id from 1, because 0 means background,");
            if (adds == LabelRows.AreTheNeurons)
            {
                if (!_ids.Add(neuron)) throw table.Bad($"lists neuron {neuron} a second time");
            }
            else if (!_ids.Contains(neuron))
            {
                strangers++;
                continue;
            }
            foreach (var (column, name) in columns) Set(neuron, name, table.Text(column).Trim());
        }
        return strangers;
    }

    public Neuron[] Neurons() => [.. _ids.Order().Select(id => new Neuron(id, 0, default, default, default))];

    public NeuronLabels Labels(IReadOnlyList<Neuron> neurons) => new(
        [.. _columns.Where(c => c.Texts.Count > 0).Select(c => LabelColumn.Of(c.Name, neurons.Count, i => c.Texts.GetValueOrDefault(neurons[i].Id, "")))]);
}

/// <summary>What the rows of a table of neurons are.</summary>
internal enum LabelRows
{
    /// <summary>All neurons, each once.</summary>
    AreTheNeurons,

    /// <summary>Something about neurons that are known, others passed over.</summary>
    TellOfNeurons,
}
