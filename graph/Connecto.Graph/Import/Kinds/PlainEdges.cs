using System.Globalization;

namespace Connecto.Graph;

/// <summary>Any table of connections with a header: pre, post and a count, signed or not, under their usual names or those
/// that were given; neurons are ids, or names that get ids in alphabetical order.</summary>
internal static class PlainEdges
{
    private static readonly string[] Pre =
        ["pre", "source", "src", "from", "pre_id", "presynaptic", "presynaptic_id", "pre_root_id", "pre_pt_root_id", "bodyId_pre", "body_pre"];

    private static readonly string[] Post =
        ["post", "target", "tgt", "dst", "to", "post_id", "postsynaptic", "postsynaptic_id", "post_root_id", "post_pt_root_id", "bodyId_post", "body_post"];

    private static readonly string[] Count =
        ["contacts", "count", "weight", "synapses", "syn_count", "n_syn", "n", "number", "connectivity"];

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("edges.csv", "edges.parquet", "connections.csv", "connections.parquet");
        var names = Names(source, path, options);
        var neurons = new LabelTable();
        var rows = new ConnectionRows(options, neurons, ListedNeurons.None);
        var signed = false;
        using (var table = source.Open(path))
        {
            var (pre, post, count) = Columns(table, options);
            while (table.Next())
            {
                var contacts = count < 0 ? 1 : table.Whole(count);
                signed |= contacts < 0;
                if (contacts < 0 && options.CountColumn is null)
                    throw table.BadValue(count, "a number of contacts from 1 (name a column of signed counts with --count)");
                rows.Add(table, Neuron(table, pre, names), Neuron(table, post, names), contacts, options.CountColumn is null ? (sbyte)0 : (sbyte)Math.Sign(contacts));
            }
        }
        if (names is not null)
            foreach (var (name, id) in names)
                neurons.Set(id, NeuronLabels.Name, name);
        return rows.Finish(new ConnectomeProvenance
        {
            Kind = "edges",
            Sources = source.Sources(),
            Rule = signed ? AggregationRule.SignedCounts : AggregationRule.Counts,
        });
    }

    private static (int Pre, int Post, int Count) Columns(TableReader table, ImportOptions options) => (
        table.Require(options.PreColumn is { } pre ? [pre] : Pre),
        table.Require(options.PostColumn is { } post ? [post] : Post),
        options.CountColumn is { } count ? table.Require(count) : table.Find(Count));

    /// <summary>Ids of names, or null where the first row has ids.</summary>
    private static SortedDictionary<string, ulong>? Names(ImportSource source, string path, ImportOptions options)
    {
        using var table = source.Open(path);
        var (pre, post, _) = Columns(table, options);
        SortedDictionary<string, ulong>? names = null;
        while (table.Next())
        {
            if (names is null)
            {
                if (ulong.TryParse(table.Text(pre), NumberStyles.None, CultureInfo.InvariantCulture, out _)) return null;
                names = new(StringComparer.Ordinal);
            }
            names[table.Text(pre).Trim()] = 0;
            names[table.Text(post).Trim()] = 0;
        }
        return names is null ? null : NamedNeurons.Number(names);
    }

    private static ulong Neuron(TableReader table, int column, SortedDictionary<string, ulong>? names) =>
        names is null ? table.Id(column) : names[table.Text(column).Trim()];
}

/// <summary>Neurons that a data set knows by name get the ids 1, 2, ... in ordinal order of their names.</summary>
internal static class NamedNeurons
{
    public static SortedDictionary<string, ulong> Number(SortedDictionary<string, ulong> names)
    {
        var numbered = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var name in names.Keys) numbered[name] = (ulong)numbered.Count + 1;
        return numbered;
    }
}
