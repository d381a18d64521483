namespace Connecto.Graph.DuckDb;

/// <summary>The columns of synapses.parquet.</summary>
internal static class SynapseTableColumns
{
    public static IReadOnlyList<DuckSource> Of(SynapseTable t) =>
    [
        DuckSource.Of<ulong>("id", (first, target) => t.Ids.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<ulong>("pre", (first, target) => t.Pre.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<ulong>("post", (first, target) => t.Post.Slice(first, target.Length).CopyTo(target)),
        .. SiteColumns.Of("", i => t.Clefts[i]),
        .. SiteColumns.Of("pre_", i => t.PreSites[i]),
        .. SiteColumns.Of("post_", i => t.PostSites[i]),
        DuckSource.Of<long>("size", (first, target) => t.Sizes.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<float>("score", (first, target) => t.Scores.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<int>("block", (first, target) => t.Blocks.Slice(first, target.Length).CopyTo(target)),
    ];

    public static SynapseTable From(DuckTable table) => new(new SynapseColumns
    {
        Ids = table.Values<ulong>("id"),
        Pre = table.Values<ulong>("pre"),
        Post = table.Values<ulong>("post"),
        Clefts = SiteColumns.From(table, ""),
        PreSites = SiteColumns.From(table, "pre_"),
        PostSites = SiteColumns.From(table, "post_"),
        Sizes = table.Values<long>("size"),
        Scores = table.Values<float>("score"),
        Blocks = table.Values<int>("block"),
    });
}

/// <summary>The columns of connections.parquet.</summary>
internal static class ConnectionColumns
{
    public static IReadOnlyList<DuckSource> Of(Connectome c) =>
    [
        Ends("pre", c, edge => c.Pre[edge]),
        Ends("post", c, edge => c.Post[edge]),
        DuckSource.Of<int>("contacts", (first, target) => c.ContactCounts.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<long>("size", (first, target) => c.Sizes.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<float>("score", (first, target) => c.Scores.Slice(first, target.Length).CopyTo(target)),
        DuckSource.Of<sbyte>("sign", (first, target) =>
        {
            if (c.Signs.IsEmpty) target.Clear();
            else c.Signs.Slice(first, target.Length).CopyTo(target);
        }),
    ];

    public static Connection[] From(DuckTable table)
    {
        var (pre, post) = (table.Values<ulong>("pre"), table.Values<ulong>("post"));
        var (contacts, sizes) = (table.Values<int>("contacts"), table.Values<long>("size"));
        var scores = table.Values<float>("score");
        var signs = table.Columns.Any(c => c.Name == "sign") ? table.Values<sbyte>("sign") : new sbyte[pre.Length];
        var rows = new Connection[pre.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new Connection(pre[i], post[i], contacts[i], sizes[i], scores[i], signs[i]);
        return rows;
    }

    private static DuckSource Ends(string name, Connectome c, Func<int, int> end) =>
        DuckSource.Of<ulong>(name, (first, target) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = c.IdOf(end(first + i));
        });
}
