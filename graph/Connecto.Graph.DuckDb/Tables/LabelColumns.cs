namespace Connecto.Graph.DuckDb;

/// <summary>What is said of neurons, as columns of text behind those of every neurons.parquet.</summary>
internal static class LabelColumns
{
    /// <summary>The names of the columns that every table of neurons has.</summary>
    private static readonly string[] Taken =
    [
        "id", "voxels", .. Sites("begin_"), .. Sites("end_"), .. Sites("centroid_"),
        "in_synapses", "out_synapses", "in_partners", "out_partners",
    ];

    /// <summary>One column a label. SQL takes no notice of capitals, so a label that has the name of an earlier column goes by its
    /// name and "_label", once more where need be.</summary>
    public static IEnumerable<DuckSource> Of(NeuronLabels labels)
    {
        var taken = new HashSet<string>(Taken, StringComparer.OrdinalIgnoreCase);
        foreach (var column in labels.Columns)
        {
            var name = column.Name.Length == 0 ? "label" : column.Name;
            while (!taken.Add(name)) name += "_label";
            yield return DuckSource.OfText(name, column.Values, neuron => column.Codes[neuron]);
        }
    }

    /// <summary>The labels of a table of neurons, by row.</summary>
    public static NeuronLabels From(DuckTable table)
    {
        var columns = table.Columns.OfType<DuckColumn<string>>().ToDictionary(c => c.Name, c => c.Values);
        return NeuronLabels.Of([.. columns.Keys], table.RowCount, (neuron, column) => columns[column][neuron] ?? "");
    }

    private static IEnumerable<string> Sites(string prefix) => [$"{prefix}z_nm", $"{prefix}y_nm", $"{prefix}x_nm"];
}
