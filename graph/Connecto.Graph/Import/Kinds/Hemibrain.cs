namespace Connecto.Graph;

/// <summary>The hemibrain and its kin as neuPrint exports traced adjacencies (Scheffer et al. 2020): traced-neurons.csv
/// (bodyId, type, instance) and connections (bodyId_pre, bodyId_post, weight), in all or a row a region (roi).</summary>
internal static class Hemibrain
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var neurons = new LabelTable();
        var listed = ListedNeurons.None;
        string[] total = ["traced-total-connections.csv", "traced-connections.csv"], regional = ["traced-roi-connections.csv", "traced-connections-per-roi.csv"];
        var path = source.Require(options.Regions is null ? [.. total, .. regional] : [.. regional, .. total]);
        if (source.Beside("traced-neurons.csv") is { } list)
        {
            listed = ListedNeurons.All;
            using var table = source.Open(list);
            (int Column, string Name)[] labels = [(table.Find("type"), NeuronLabels.Type), (table.Find("instance"), NeuronLabels.Name)];
            neurons.Read(table, table.Require("bodyId"), [.. labels.Where(l => l.Column >= 0)], LabelRows.AreTheNeurons);
        }
        var notes = new List<string>();
        var rows = new ConnectionRows(options, neurons, listed);
        using (var table = source.Open(path))
        {
            var (pre, post, weight) = (table.Require("bodyId_pre"), table.Require("bodyId_post"), table.Require("weight"));
            var regions = new RegionFilter(table, "roi", options);
            while (table.Next()) rows.Add(table, table.Id(pre), table.Id(post), table.Contacts(weight), where: regions);
            notes.AddRange(regions.Notes());
        }
        return rows.Finish(new ConnectomeProvenance { Kind = "hemibrain", Sources = source.Sources(), Rule = AggregationRule.Counts, Notes = notes });
    }
}
