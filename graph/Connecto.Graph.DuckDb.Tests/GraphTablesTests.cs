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
        var (back, table) = GraphTables.Read(_scratch.Path);
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
        using var db = GraphTables.OpenViews(_scratch.Path);
        Assert.Equal(
            ["id", "voxels", "begin_z_nm", "begin_y_nm", "begin_x_nm", "end_z_nm", "end_y_nm", "end_x_nm", "centroid_z_nm",
                "centroid_y_nm", "centroid_x_nm", "in_synapses", "out_synapses", "in_partners", "out_partners"],
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
        using var views = GraphTables.OpenViews(folder);
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
        Assert.Throws<FileNotFoundException>(() => GraphTables.OpenViews(_scratch.Path));
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
