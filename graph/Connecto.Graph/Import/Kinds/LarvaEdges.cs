namespace Connecto.Graph;

/// <summary>The larva brain as an edge list, "pre post count" without a header, and meta_data.csv beside it: its first column
/// is the id, the others what is known of the neuron.</summary>
internal static class LarvaEdges
{
    private static readonly (string Column, string Label)[] Labels =
    [
        ("name", NeuronLabels.Name), ("merge_class", NeuronLabels.Type), ("simple_group", NeuronLabels.Class), ("hemisphere", NeuronLabels.Side),
        ("lineage", "lineage"), ("pair", "pair"), ("io", "io"),
    ];

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("G_edgelist.txt");
        var neurons = new LabelTable();
        var listed = ListedNeurons.None;
        if (source.Beside("meta_data.csv") is { } meta)
        {
            using var about = source.Open(meta);
            listed = ListedNeurons.All;
            neurons.Read(about, 0, [.. Labels.Select(l => (about.Find(l.Column), l.Label)).Where(l => l.Item1 >= 0)], LabelRows.AreTheNeurons);
        }
        source.Note(path);
        var rows = new ConnectionRows(options, neurons, listed);
        using var table = new TextTable(path, ' ', ["pre", "post", "contacts"]);
        while (table.Next()) rows.Add(table, table.Id(0), table.Id(1), table.Contacts(2));
        return rows.Finish(new ConnectomeProvenance { Kind = "larva-edges", Sources = source.Sources(), Rule = AggregationRule.Counts });
    }
}
