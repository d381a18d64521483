namespace Connecto.Graph.Tests;

public sealed class TextTablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("connecto-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Synapses_come_back_to_the_same_bits()
    {
        var rows = Samples.Synapses(new Random(1), 9, 200);
        rows.Add(new Synapse(ulong.MaxValue, 1UL << 60, 2, new(0.1f, 1e-30f, 3e30f), default, new(-1, 2, 3), long.MaxValue, 1 / 3f, -1));
        var path = Path.Combine(_folder, "s.csv");
        SynapseCsv.Write(path, SynapseTable.From(rows));
        Assert.Equal(rows, SynapseCsv.Read(path).Rows());
        Assert.Equal(["s.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Connections_come_back_and_rebuild_the_graph()
    {
        var c = Connectome.Build(Samples.Neurons(9), SynapseTable.From(Samples.Synapses(new Random(2), 9, 200)));
        var path = Path.Combine(_folder, "connections.csv");
        ConnectionCsv.Write(path, c);
        Assert.StartsWith("pre,post,contacts,size,score\n", File.ReadAllText(path));
        Assert.Equal(c.Connections(), ConnectionCsv.Read(path));
        Assert.Equal(c.Connections(), Connectome.FromConnections(null, ConnectionCsv.Read(path)).Connections());
    }

    [Fact]
    public void Columns_are_found_by_name_and_others_passed_over()
    {
        var path = Text("score,\"pre\",note,post,size,contacts\r\n0.5, 1 ,x,2,3,4\r\n\r\n");
        Assert.Equal([new Connection(1, 2, 4, 3, 0.5f)], ConnectionCsv.Read(path));
    }

    [Theory]
    [InlineData("", "no column pre")]
    [InlineData("pre,post,contacts,size\n", "no column score")]
    [InlineData("pre,post,contacts,size,score,pre\n", "names the column pre twice")]
    [InlineData("pre,post,contacts,size,score\n1,2,3,4,0\n1,2,3\n", "Line 3")]
    [InlineData("pre,post,contacts,size,score\n1,2,3.5,4,0\n", "'3.5' as contacts; a whole number")]
    [InlineData("pre,post,contacts,size,score\n-1,2,3,4,0\n", "'-1' as pre; a whole number from 0")]
    [InlineData("pre,post,contacts,size,score\n1,2,3,4,high\n", "'high' as score; a number")]
    public void A_bad_file_is_refused_by_line(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => ConnectionCsv.Read(Text(text))).Message);

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(
        "gone.csv", Assert.Throws<FileNotFoundException>(() => SynapseCsv.Read(Path.Combine(_folder, "gone.csv"))).Message);

    [Fact]
    public void Edge_lists_of_several_fashions_are_read()
    {
        Assert.Equal(
            [new Connection(1, 2, 9, 0, 0), new Connection(3, 4, 1, 0, 0), new Connection(5, 6, 2, 0, 0)],
            EdgeList.Read(Text("# a comment\n1 2 9.0\n3\t4\n\n5,6,2\n")));
        foreach (var bad in (string[])["1", "1 2 0", "1 2 1.5", "a b 1", "1 2 3 4", "1 2 NaN"])
            Assert.Contains("Line 1", Assert.Throws<InvalidDataException>(() => EdgeList.Read(Text(bad))).Message);
    }

    [Fact]
    public void A_matrix_keeps_its_lone_neurons_and_reads_rows_as_presynaptic()
    {
        var (neurons, connections) = AdjacencyMatrix.Read(new StringReader(",7,5,9\n7,0,2.0,0\n5,1,0,0\n9,0,0,0\n"), "m");
        Assert.Equal([5UL, 7UL, 9UL], neurons.Select(n => n.Id));
        Assert.Equal([new Connection(7, 5, 2, 0, 0), new Connection(5, 7, 1, 0, 0)], connections);
        Assert.Throws<InvalidDataException>(() => AdjacencyMatrix.Read(new StringReader(",1,2\n1,0\n"), "m"));
        Assert.Throws<InvalidDataException>(() => AdjacencyMatrix.Read(new StringReader(",1,2\n1,0,-3\n"), "m"));
        Assert.Throws<InvalidDataException>(() => AdjacencyMatrix.Read(new StringReader(",1,x\n"), "m"));
    }

    private string Text(string text)
    {
        var path = Path.Combine(_folder, "text.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
