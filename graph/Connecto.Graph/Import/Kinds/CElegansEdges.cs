namespace Connecto.Graph;

/// <summary>The C. elegans hermaphrodite (Cook et al. 2019, Nature) as an edge list: Source, Target, Weight (sections), Type
/// (chemical or electrical). Electrical connections stand in both directions.</summary>
internal static class CElegansEdges
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var part = options.Part ?? "chemical";
        if (part is not ("chemical" or "electrical" or "all"))
            throw new InvalidDataException($"The worm's edge list has no part '{part}'; chemical, electrical and all are there. Nothing was imported.");
        var path = source.Require("herm_full_edgelist.csv");
        var names = Names(source, path);
        var neurons = new LabelTable();
        foreach (var (name, id) in names)
        {
            neurons.Add(id);
            neurons.Set(id, NeuronLabels.Name, name);
        }
        WormNames.Annotate(source, neurons, names);
        var rows = new ConnectionRows(options, neurons, ListedNeurons.All);
        var others = 0;
        using (var table = source.Open(path))
        {
            var (pre, post, weight, type) = Columns(table);
            while (table.Next())
            {
                var kind = table.Text(type).Trim();
                if (kind is not ("chemical" or "electrical")) throw table.BadValue(type, "chemical or electrical");
                var contacts = table.Contacts(weight);
                if (part != "all" && kind != part) others++;
                else rows.Add(table, names[table.Text(pre).Trim()], names[table.Text(post).Trim()], contacts);
            }
        }
        return rows.Finish(new ConnectomeProvenance
        {
            Kind = "celegans-edges",
            Sources = source.Sources(),
            Rule = AggregationRule.Counts with { Contacts = $"the weights of the pair's {(part == "all" ? "chemical and electrical" : part)} rows, summed" },
            Notes = others == 0 ? [] : [FormattableString.Invariant($"{others} rows are not {part}; they were left out.")],
        });
    }

    private static (int Pre, int Post, int Weight, int Type) Columns(TableReader table) =>
        (table.Require("Source"), table.Require("Target"), table.Require("Weight"), table.Require("Type"));

    private static SortedDictionary<string, ulong> Names(ImportSource source, string path)
    {
        using var table = source.Open(path);
        var (pre, post, _, _) = Columns(table);
        var names = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        while (table.Next())
            foreach (var column in (int[])[pre, post])
                names[table.IsEmpty(column) ? throw table.BadValue(column, "a neuron's name") : table.Text(column).Trim()] = 0;
        return NamedNeurons.Number(names);
    }
}
