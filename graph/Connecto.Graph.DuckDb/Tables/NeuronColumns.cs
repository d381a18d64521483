namespace Connecto.Graph.DuckDb;

/// <summary>The columns of neurons.parquet.</summary>
internal static class NeuronColumns
{
    public static IReadOnlyList<DuckSource> Of(Connectome c) =>
    [
        Column(c, "id", n => n.Id),
        Column(c, "voxels", n => n.Voxels),
        .. SiteColumns.Of("begin_", i => c.Neurons[i].Begin),
        .. SiteColumns.Of("end_", i => c.Neurons[i].End),
        .. SiteColumns.Of("centroid_", i => c.Neurons[i].Centroid),
        Reckoned("in_synapses", n => c.ContactsOf(n, Direction.In)),
        Reckoned("out_synapses", n => c.ContactsOf(n, Direction.Out)),
        Reckoned("in_partners", n => (long)c.Degree(n, Direction.In)),
        Reckoned("out_partners", n => (long)c.Degree(n, Direction.Out)),
        .. LabelColumns.Of(c.Labels),
    ];

    public static Neuron[] From(DuckTable table)
    {
        var (ids, voxels) = (table.Values<ulong>("id"), table.Values<long>("voxels"));
        var begin = SiteColumns.From(table, "begin_");
        var end = SiteColumns.From(table, "end_");
        var centroid = SiteColumns.From(table, "centroid_");
        var neurons = new Neuron[ids.Length];
        for (var i = 0; i < neurons.Length; i++)
            neurons[i] = new Neuron(ids[i], voxels[i], begin[i], end[i], centroid[i]);
        return neurons;
    }

    private static DuckSource Column<T>(Connectome c, string name, Func<Neuron, T> value) where T : unmanaged =>
        Reckoned(name, i => value(c.Neurons[i]));

    private static DuckSource Reckoned<T>(string name, Func<int, T> value) where T : unmanaged =>
        DuckSource.Of<T>(name, (first, target) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = value(first + i);
        });
}

/// <summary>A site as three columns of float, named by axis.</summary>
internal static class SiteColumns
{
    public static IEnumerable<DuckSource> Of(string prefix, Func<int, Site> site) =>
    [
        DuckSource.Of<float>($"{prefix}z_nm", (first, target) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = site(first + i).Z;
        }),
        DuckSource.Of<float>($"{prefix}y_nm", (first, target) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = site(first + i).Y;
        }),
        DuckSource.Of<float>($"{prefix}x_nm", (first, target) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = site(first + i).X;
        }),
    ];

    public static Site[] From(DuckTable table, string prefix)
    {
        var z = table.Values<float>($"{prefix}z_nm");
        var y = table.Values<float>($"{prefix}y_nm");
        var x = table.Values<float>($"{prefix}x_nm");
        var sites = new Site[z.Length];
        for (var i = 0; i < sites.Length; i++) sites[i] = new Site(z[i], y[i], x[i]);
        return sites;
    }
}
