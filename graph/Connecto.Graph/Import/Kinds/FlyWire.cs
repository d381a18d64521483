namespace Connecto.Graph;

/// <summary>FlyWire as Codex publishes it (Dorkenwald et al. 2024; codex.flywire.ai): connections.csv with pre_root_id,
/// post_root_id, neuropil, syn_count, nt_type, a row a neuropil; neurons.csv, classification.csv and
/// consolidated_cell_types.csv beside it, each with root_id. All may be gzipped.</summary>
internal static class FlyWire
{
    private static readonly string[] Connections =
        ["connections.csv", "connections_no_threshold.csv", "connections_princeton.csv", "connections_princeton_no_threshold.csv", "connections_filtered.csv"];

    private static readonly (string File, (string Column, string Label)[] Labels)[] About =
    [
        ("classification.csv",
        [
            ("super_class", NeuronLabels.Class), ("class", "subclass"), ("sub_class", "sub_class"), ("side", NeuronLabels.Side), ("flow", "flow"),
            ("hemilineage", "lineage"), ("nerve", "nerve"),
        ]),
        ("consolidated_cell_types.csv", [("primary_type", NeuronLabels.Type)]),
        ("cell_types.csv", [("primary_type", NeuronLabels.Type)]),
        ("names.csv", [("name", NeuronLabels.Name)]),
    ];

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var neurons = new LabelTable();
        var listed = ListedNeurons.None;
        var path = source.Require(Connections);
        if (source.Beside("neurons.csv") is { } list)
        {
            listed = ListedNeurons.All;
            using var table = source.Open(list);
            neurons.Read(
                table, table.Require("root_id"), Columns(table, [("nt_type", NeuronLabels.Transmitter), ("group", "group")]), LabelRows.AreTheNeurons);
        }
        var notes = new List<string>();
        var rows = new ConnectionRows(options, neurons, listed);
        using (var table = source.Open(path))
        {
            var (pre, post) = (table.Require("pre_root_id"), table.Require("post_root_id"));
            var (count, transmitter) = (table.Require("syn_count"), table.Find("nt_type"));
            var regions = new RegionFilter(table, "neuropil", options);
            while (table.Next())
            {
                var contacts = table.Contacts(count);
                var sign = transmitter < 0 ? (sbyte)0 : Sign(table, transmitter);
                rows.Add(table, table.Id(pre), table.Id(post), contacts, sign, where: regions);
            }
            notes.AddRange(regions.Notes());
        }
        foreach (var (file, labels) in About)
        {
            if (source.Beside(file) is not { } about) continue;
            using var table = source.Open(about);
            var strangers = neurons.Read(table, table.Require("root_id"), Columns(table, labels), LabelRows.TellOfNeurons);
            if (strangers > 0) notes.Add(FormattableString.Invariant($"{strangers} rows of {file} are of other neurons; they were passed over."));
        }
        return rows.Finish(new ConnectomeProvenance
        {
            Kind = "flywire",
            Sources = source.Sources(),
            Rule = AggregationRule.CountsByTransmitter with { Contacts = "the counts of the pair's neuropils, summed" },
            Notes = notes,
        });
    }

    /// <summary>Acetylcholine excites, GABA and glutamate inhibit in the fly's brain; of the others no sign is told.</summary>
    private static sbyte Sign(TableReader table, int column) => table.Text(column) switch
    {
        "ACH" => 1,
        "GABA" or "GLUT" => -1,
        "DA" or "SER" or "OCT" or "" => 0,
        _ => throw table.BadValue(column, "ACH, GABA, GLUT, DA, SER, OCT or nothing"),
    };

    private static (int, string)[] Columns(TableReader table, IEnumerable<(string Column, string Label)> labels) =>
        [.. labels.Select(l => (table.Find(l.Column), l.Label)).Where(l => l.Item1 >= 0)];
}
