namespace Connecto.Graph.DuckDb.Tests;

public sealed class GraphTablesTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(7, 50)]
    [InlineData(400, 150_000)]
    public void Tables_come_back_to_the_same_bits(int neurons, int synapses)
    {
        var c = Sample(neurons, synapses);
        GraphTables.Write(_scratch.Path, c);
        var (back, _, table) = GraphTables.Read(_scratch.Path);
        Assert.Equal(c.Neurons.ToArray(), back);
        Assert.True(c.Synapses.Rows().SequenceEqual(table.Rows()));
        Assert.True(c.Connections().SequenceEqual(Connectome.Build(back, table).Connections()));
        Assert.True(c.Connections().SequenceEqual(GraphTables.ReadConnections(_scratch.Path)));
        Assert.Equal(
            GraphTables.Files.Order(), Directory.GetFiles(Path.Combine(_scratch.Path, "tables")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Views_answer_questions_in_sql_and_agree_with_the_graph()
    {
        var c = Sample(60, 3000);
        GraphTables.Write(_scratch.Path, c);
        using var db = GraphViews.Open(_scratch.Path);
        Assert.Equal(
            ["id", "voxels", "begin_z_nm", "begin_y_nm", "begin_x_nm", "end_z_nm", "end_y_nm", "end_x_nm", "centroid_z_nm",
                "centroid_y_nm", "centroid_x_nm", "in_synapses", "out_synapses", "in_partners", "out_partners", "name", "type"],
            db.Query("SELECT * FROM neurons LIMIT 1").Columns.Select(col => col.Name));
        Assert.Equal(DuckType.UBigInt, db.Query("SELECT id FROM synapses").Columns[0].Type);
        var grouped = db.Query(
            "SELECT pre, post, count(*)::INTEGER contacts, sum(size)::BIGINT size FROM synapses " +
            "WHERE pre > 0 AND post > 0 AND pre <> post GROUP BY ALL ORDER BY pre, post");
        Assert.Equal(c.Connections().Select(e => e.Pre), grouped.Values<ulong>("pre"));
        Assert.Equal(c.Connections().Select(e => e.Post), grouped.Values<ulong>("post"));
        Assert.Equal(c.ContactCounts.ToArray(), grouped.Values<int>("contacts"));
        Assert.Equal(c.Sizes.ToArray(), grouped.Values<long>("size"));
        Assert.Equal(0L, db.Query(
            "SELECT count(*) FROM neurons n WHERE out_partners <> (SELECT count(*) FROM connections WHERE pre = n.id) " +
            "OR in_synapses <> coalesce((SELECT sum(contacts) FROM connections WHERE post = n.id), 0)")[0, 0]);
    }

    [Fact]
    public void Labels_and_signs_are_columns_and_come_back()
    {
        Connection[] edges = [new(1, 2, 3, 0, 0, -1), new(2, 3, 4, 0, 0, 1), new(3, 1, 1, 0, 0)];
        var c = Connectome.FromConnections(null, edges).With(NeuronLabels.Of(
            ["name", "Type", "ID", "side"], 3, (n, column) => n == 2 && column == "Type" ? "" : $"{column} Ж神 of neuron {n / 2}, a long one"));
        GraphTables.Write(_scratch.Path, c);
        Assert.Equal(edges, GraphTables.ReadConnections(_scratch.Path));
        var (neurons, labels, _) = GraphTables.Read(_scratch.Path);
        Assert.Equal(["name", "Type", "ID_label", "side"], labels.Columns.Select(l => l.Name));
        foreach (var column in c.Labels.Columns)
            for (var n = 0; n < neurons.Count; n++)
                Assert.Equal(column[n], labels.Of(n, column.Name == "ID" ? "ID_label" : column.Name));
        using var db = GraphViews.Open(_scratch.Path);
        var rows = db.Query("SELECT n.id, sum(contacts * sign)::BIGINT AS drive FROM neurons n JOIN connections ON pre = n.id WHERE type LIKE '%Ж神%' GROUP BY 1 ORDER BY 1");
        Assert.Equal([1UL, 2], rows.Values<ulong>("id"));
        Assert.Equal([-3L, 4], rows.Values<long>("drive"));
    }

    [Fact]
    public void Older_tables_without_names_and_signs_are_asked_in_the_same_words()
    {
        var c = Sample(4, 10);
        GraphTables.Write(_scratch.Path, c);
        var file = Path.Combine(_scratch.Path, "tables", "connections.parquet");
        using (var db = DuckDatabase.OpenMemory())
            db.Execute($"COPY (SELECT pre, post, contacts, size, score FROM read_parquet('{file}')) TO '{file}.old' (FORMAT parquet)");
        File.Move(file + ".old", file, overwrite: true);
        using (var db = GraphViews.Open(_scratch.Path))
            Assert.Equal(0L, db.Query("SELECT count(*) FROM connections, neurons, names WHERE sign <> 0 OR neurons.name <> '' OR neurons.type <> ''")[0, 0]);
        NameCsv.Write(Path.Combine(_scratch.Path, "tables", NameCsv.File), [new(c.IdOf(1), "PN1", "PN")]);
        using (var db = GraphViews.Open(_scratch.Path))
            Assert.Equal(c.IdOf(1), db.Query("SELECT n.id FROM neurons n JOIN names USING (id) WHERE n.name = 'PN1' AND n.type = 'PN'")[0, 0]);
        Assert.All(GraphTables.ReadConnections(_scratch.Path), e => Assert.Equal(0, e.Sign));
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_memory_and_nothing_stays_beside_them()
    {
        var c = Sample(300, 600_000);
        var spare = new DuckOptions { MemoryBytes = 48 << 20, Threads = 1 };
        GraphTables.Write(Path.Combine(_scratch.Path, "spare"), c, spare);
        GraphTables.Write(Path.Combine(_scratch.Path, "ample"), c, new DuckOptions { Threads = 1 });
        foreach (var file in GraphTables.Files)
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(_scratch.Path, "ample", "tables", file)),
                File.ReadAllBytes(Path.Combine(_scratch.Path, "spare", "tables", file)));
        Assert.Equal(3, Directory.GetFileSystemEntries(Path.Combine(_scratch.Path, "spare", "tables")).Length);
    }

    [Theory]
    [InlineData("it's \"quoted\"")]
    [InlineData("нейрон 神経 é")]
    [InlineData("a*b?[c]{d}")]
    [InlineData("%20 $HOME ~ ;--")]
    public void Paths_of_any_spelling_hold_tables(string name)
    {
        var folder = Path.Combine(_scratch.Path, name);
        var c = Sample(5, 20);
        GraphTables.Write(folder, c);
        GraphTables.Write(folder, c);
        Assert.Equal(c.Connections(), GraphTables.ReadConnections(folder));
        Assert.True(c.Synapses.Rows().SequenceEqual(GraphTables.Read(folder).Synapses.Rows()));
        using var views = GraphViews.Open(folder);
        Assert.Equal((long)c.EdgeCount, views.Query("SELECT count(*) FROM connections")[0, 0]);
    }

    [Fact]
    public void A_pattern_in_the_name_reads_its_own_file_and_no_other()
    {
        GraphTables.Write(Path.Combine(_scratch.Path, "a1"), Sample(5, 20));
        GraphTables.Write(Path.Combine(_scratch.Path, "a[1]"), Sample(9, 80));
        Assert.Equal(9, GraphTables.Read(Path.Combine(_scratch.Path, "a[1]")).Neurons.Count);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_threads()
    {
        var c = Sample(300, 260_000);
        GraphTables.Write(Path.Combine(_scratch.Path, "one"), c, new DuckOptions { Threads = 1 });
        GraphTables.Write(Path.Combine(_scratch.Path, "four"), c, new DuckOptions { Threads = 4 });
        foreach (var file in GraphTables.Files)
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(_scratch.Path, "one", "tables", file)),
                File.ReadAllBytes(Path.Combine(_scratch.Path, "four", "tables", file)));
    }

    [Fact]
    public void A_cancelled_write_leaves_the_old_tables_and_nothing_else()
    {
        var c = Sample(5, 20);
        GraphTables.Write(_scratch.Path, c);
        Assert.ThrowsAny<OperationCanceledException>(
            () => GraphTables.Write(_scratch.Path, Sample(6, 30), null, new CancellationToken(canceled: true)));
        Assert.Equal(c.Connections(), GraphTables.ReadConnections(_scratch.Path));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_scratch.Path, "tables")).Length);
    }

    [Fact]
    public void What_is_missing_or_damaged_is_named()
    {
        Assert.Contains("neurons.parquet", Assert.Throws<FileNotFoundException>(() => GraphTables.Read(_scratch.Path)).Message);
        Assert.Throws<FileNotFoundException>(() => GraphViews.Open(_scratch.Path));
        GraphTables.Write(_scratch.Path, Sample(5, 20));
        var path = Path.Combine(_scratch.Path, "tables", "synapses.parquet");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Assert.Contains("synapses.parquet", Assert.Throws<InvalidDataException>(() => GraphTables.Read(_scratch.Path)).Message);
        File.Copy(Path.Combine(_scratch.Path, "tables", "connections.parquet"), path, overwrite: true);
        Assert.Throws<InvalidDataException>(() => GraphTables.Read(_scratch.Path));
    }

    private static Connectome Sample(int neurons, int synapses)
    {
        var random = new Random(neurons);
        Site Place() => new(random.NextSingle() * 1e4f, random.NextSingle(), -random.NextSingle());
        ulong Id(int i) => i == 0 ? 0 : ulong.MaxValue - (ulong)i;
        var rows = Enumerable.Range(1, synapses).Select(i => new Synapse(
            (ulong)i << 33, Id(random.Next(neurons + 1)), Id(random.Next(neurons + 1)), Place(), Place(), Place(),
            random.Next(1000), random.NextSingle(), random.Next(8))).ToList();
        return Connectome.Build(
            Enumerable.Range(1, neurons).Select(i => new Neuron(Id(i), i * 1000L, Place(), Place(), Place())),
            SynapseTable.From(rows));
    }
}
