namespace Connecto.Graph.Tests;

public sealed class StoredConnectomeTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Folder => _scratch.At("connectome");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 5, 40)]
    [InlineData(3, 40, 3000)]
    [InlineData(4, 700, 20000)]
    public void What_was_stored_is_what_is_opened(int seed, int neurons, int count)
    {
        var built = Connectome.Build(Samples.Neurons(neurons), SynapseTable.From(Samples.Synapses(new Random(seed), neurons, count)));
        built.Save(Folder);
        using var opened = Connectome.Open(Folder, ConnectomeCheck.All);
        AssertSame(built, opened);
    }

    [Fact]
    public void Signs_labels_and_provenance_are_kept()
    {
        var built = Connectome.FromConnections(null, [new Connection(1, 2, 3, 4, 0.5f, -1), new Connection(2, 1, 1, 0, 0, 1), new Connection(2, 3, 1, 0, 0)])
            .With(NeuronLabels.Of(["name", "type"], 3, (i, column) => i == 1 ? "" : $"{column} \"{i}\", Zähler"))
            .With(new ConnectomeProvenance { Kind = "test", Rows = 3, Notes = ["one"], Sources = [new SourceFile("a.csv", 12, "00ff")], Rule = AggregationRule.SignedCounts });
        built.Save(Folder);
        using var opened = Connectome.Open(Folder);
        AssertSame(built, opened);
        Assert.Equal([-1, 1, 0], opened.Signs.ToArray());
        Assert.Equal("type \"2\", Zähler", opened.Labels.Of(2, "type"));
        Assert.Equal("", opened.Labels.Of(1, "type"));
        Assert.Equal("", opened.Labels.Of(2, "colour"));
        Assert.Equal(built.Provenance!.Rule, opened.Provenance!.Rule);
        Assert.Equal(built.Provenance.Sources, opened.Provenance.Sources);
        Assert.Equal(built.Provenance.Notes, opened.Provenance.Notes);
    }

    [Fact]
    public void Storing_again_replaces_the_old_one_even_while_it_is_open()
    {
        Samples.Graph(3, (0, 1)).Save(Folder);
        using var old = Connectome.Open(Folder);
        Samples.Graph(4, (0, 1), (2, 3)).Save(Folder);
        using var opened = Connectome.Open(Folder);
        Assert.Equal((1, 2), (old.EdgeCount, opened.EdgeCount));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Fact]
    public void Somebody_elses_folder_is_left_alone()
    {
        _scratch.Write("connectome/thesis.tex", "precious");
        var e = Assert.Throws<InvalidDataException>(() => Samples.Graph(3, (0, 1)).Save(Folder));
        Assert.Contains("not empty", e.Message);
        Assert.Equal([_scratch.At("connectome/thesis.tex")], Directory.GetFiles(_scratch.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_writer_killed_between_its_two_renames_is_made_good_by_the_next_even_if_that_fails()
    {
        var built = Connectome.Build(Samples.Neurons(5), SynapseTable.From(Samples.Synapses(new Random(1), 5, 40)));
        built.Save(Folder);
        Directory.Move(Folder, Folder + ".old");
        using (new WholeFolder(Folder, "connectome.json"))
        {
            // Nothing is committed.
        }
        using (var opened = Connectome.Open(Folder, ConnectomeCheck.All)) AssertSame(built, opened);
        Assert.Equal(["connectome"], Directory.GetFileSystemEntries(_scratch.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_killed_writer_left_is_not_opened_and_does_not_hinder()
    {
        _scratch.Write("connectome.partial/edges.pre.column", "half");
        Assert.Throws<DirectoryNotFoundException>(() => Connectome.Open(Folder));
        Samples.Graph(3, (0, 1)).Save(Folder);
        using var opened = Connectome.Open(Folder);
        Assert.Equal(1, opened.EdgeCount);
        Assert.False(Directory.Exists(Folder + ".partial"));
    }

    [Fact]
    public void Every_flipped_byte_is_found()
    {
        Connectome.Build(Samples.Neurons(6), SynapseTable.From(Samples.Synapses(new Random(5), 6, 30))).Save(Folder);
        var random = new Random(6);
        foreach (var file in Directory.GetFiles(Folder, "*.column"))
        {
            var whole = File.ReadAllBytes(file);
            for (var i = 0; i < 8; i++)
            {
                var at = i < 4 ? random.Next(64) : random.Next(whole.Length);
                var damaged = (byte[])whole.Clone();
                damaged[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, damaged);
                var e = Assert.Throws<InvalidDataException>(() => Connectome.Open(Folder, ConnectomeCheck.All));
                Assert.Contains(Path.GetFileName(file), e.Message);
            }
            File.WriteAllBytes(file, whole);
        }
        Connectome.Open(Folder, ConnectomeCheck.All).Dispose();
    }

    [Fact]
    public void A_file_cut_short_or_missing_is_found_without_reading_values()
    {
        Samples.Random(new Random(7), 20, 100).Save(Folder);
        foreach (var file in Directory.GetFiles(Folder, "*.column"))
        {
            var whole = File.ReadAllBytes(file);
            foreach (var length in new[] { 0, 63, 64, whole.Length - 1 })
            {
                File.WriteAllBytes(file, whole[..length]);
                if (length == whole.Length) continue;
                Assert.Contains(Path.GetFileName(file), Assert.Throws<InvalidDataException>(() => Connectome.Open(Folder, ConnectomeCheck.Headers)).Message);
            }
            File.Delete(file);
            Assert.Contains("missing", Assert.Throws<InvalidDataException>(() => Connectome.Open(Folder, ConnectomeCheck.Headers)).Message);
            File.WriteAllBytes(file, whole);
        }
    }

    [Fact]
    public void Another_connectomes_column_is_found()
    {
        Samples.Random(new Random(8), 20, 100).Save(Folder);
        Samples.Random(new Random(9), 20, 100).Save(_scratch.At("other"));
        File.Copy(_scratch.At("other/edges.post.column"), _scratch.At("connectome/edges.post.column"), overwrite: true);
        Assert.Contains("edges.post", Assert.Throws<InvalidDataException>(() => Connectome.Open(Folder, ConnectomeCheck.Headers)).Message);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version")]
    [InlineData("\"neurons\": 20", "\"neurons\": 21", "does not fit")]
    [InlineData("{", "", "damaged")]
    [InlineData("connecto-connectome", "parquet", "format")]
    [InlineData("\"name\": \"edges.pre\"", "\"name\": \"../edges.pre\"", "outside")]
    public void A_document_that_does_not_fit_is_refused(string text, string instead, string because)
    {
        Samples.Random(new Random(10), 20, 100).Save(Folder);
        var path = _scratch.At("connectome/connectome.json");
        var whole = File.ReadAllText(path);
        var at = whole.IndexOf(text, StringComparison.Ordinal);
        File.WriteAllText(path, whole[..at] + instead + whole[(at + text.Length)..]);
        var e = Assert.Throws<InvalidDataException>(() => Connectome.Open(Folder));
        Assert.Contains(because, e.Message);
    }

    [Fact]
    public void A_disposed_connectome_says_so()
    {
        Samples.Graph(3, (0, 1)).Save(Folder);
        var opened = Connectome.Open(Folder);
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.EdgeCount);
        Assert.Throws<ObjectDisposedException>(() => opened.Synapses);
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void The_checksum_is_XXH64(string text, ulong expected)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(expected, XxHash64.Of(bytes));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var hash = new XxHash64();
            hash.Add(bytes.AsSpan(0, cut));
            hash.Add(bytes.AsSpan(cut));
            Assert.Equal(expected, hash.Value);
        }
    }

    internal static void AssertSame(Connectome expected, Connectome actual)
    {
        Assert.Equal(expected.Neurons.ToArray(), actual.Neurons.ToArray());
        Assert.Equal(expected.Connections(), actual.Connections());
        Assert.Equal(expected.Synapses.Rows(), actual.Synapses.Rows());
        Assert.Equal(
            (expected.ContactCount, expected.Autapses, expected.UnassignedSynapses, expected.Signs.Length),
            (actual.ContactCount, actual.Autapses, actual.UnassignedSynapses, actual.Signs.Length));
        for (var e = 0; e < expected.EdgeCount; e++) Assert.True(expected.Contacts(e).SequenceEqual(actual.Contacts(e)));
        for (var n = 0; n < expected.NeuronCount; n++)
        {
            Assert.Equal(n, actual.IndexOf(expected.IdOf(n)));
            foreach (var direction in (Direction[])[Direction.Out, Direction.In])
            {
                Assert.True(expected.Partners(n, direction).SequenceEqual(actual.Partners(n, direction)));
                for (var k = 0; k < expected.Degree(n, direction); k++)
                    Assert.Equal(expected.EdgeTo(n, direction, k), actual.EdgeTo(n, direction, k));
            }
        }
        Assert.Equal(expected.Labels.Columns.Select(c => c.Name), actual.Labels.Columns.Select(c => c.Name));
        foreach (var column in expected.Labels.Columns)
            for (var n = 0; n < expected.NeuronCount; n++) Assert.Equal(column[n], actual.Labels.Of(n, column.Name));
    }
}
