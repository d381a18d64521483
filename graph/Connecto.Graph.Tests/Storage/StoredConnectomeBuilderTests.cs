using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Graph.Tests;

public sealed class StoredConnectomeBuilderTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Folder => _scratch.At("connectome");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1, 1, 0, 1 << 30)]
    [InlineData(2, 5, 40, 1 << 30)]
    [InlineData(3, 40, 3000, 1 << 30)]
    [InlineData(4, 700, 20000, 1 << 18)]
    [InlineData(5, 3, 70000, 1 << 18)]
    [InlineData(6, 900, 140000, 1 << 20)]
    [InlineData(7, 900, 50000, 1 << 30)]
    public void It_builds_what_memory_builds(int seed, int neurons, int count, int memory)
    {
        var rows = Samples.Synapses(new Random(seed), neurons, count);
        var expected = Connectome.Build(Samples.Neurons(neurons), SynapseTable.From(rows));
        Build(rows, new ConnectomeBuildOptions { Neurons = Samples.Neurons(neurons), MemoryBytes = memory, Threads = 2 });
        using var c = Connectome.Open(Folder, ConnectomeCheck.All);
        StoredConnectomeTests.AssertSame(expected, c);
        Assert.DoesNotContain(Directory.GetFiles(Folder), f => f.EndsWith(".scratch") || f.EndsWith(".run") || f.EndsWith(".old"));
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(1 << 18)]
    public void Rows_in_any_order_give_the_same_bytes(int memory)
    {
        var rows = Samples.Synapses(new Random(7), 60, 9000).ToArray();
        var options = new ConnectomeBuildOptions { MemoryBytes = memory, Threads = 2 };
        Build(rows, options);
        var straight = Bytes();
        new Random(8).Shuffle(rows);
        Build(rows, options);
        Assert.Equal(straight, Bytes());
        Build(rows, options with { Threads = 1, MemoryBytes = 1 << 20 });
        Assert.Equal(straight, Bytes());
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(1 << 18)]
    public void Of_several_wrong_rows_the_first_is_told_at_any_number_of_threads(int memory)
    {
        var rows = Samples.Synapses(new Random(17), 60, 40_000).Select(r => r.Pre == r.Post ? r with { Post = r.Pre % 60 + 1 } : r).ToArray();
        foreach (var wrong in (int[])[39_999, 31_000, 20_003]) rows[wrong] = rows[wrong] with { Pre = 5, Post = 5 };
        for (var threads = 1; threads <= 4; threads++)
        {
            var options = new ConnectomeBuildOptions { Autapses = AutapseRule.Refuse, MemoryBytes = memory, Threads = threads };
            Assert.Contains("Row 20003 ", Assert.Throws<InvalidDataException>(() => Build(rows, options)).Message);
        }
    }

    [Fact]
    public void Any_table_is_built_as_in_memory() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var (neurons, count) = (random.Next(1, 30), random.Next(0, 300));
            var rows = Samples.Synapses(random, neurons, count).ToArray();
            random.Shuffle(rows);
            var rule = random.Next(2) == 0 ? AutapseRule.Keep : AutapseRule.Drop;
            var expected = Connectome.Build(SynapseTable.From(rows), new ConnectomeOptions { Autapses = rule });
            Build(rows, new ConnectomeBuildOptions { Autapses = rule, MemoryBytes = random.Next(1, 100_000), Threads = random.Next(1, 4) });
            using var c = Connectome.Open(Folder);
            StoredConnectomeTests.AssertSame(expected, c);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void Fields_that_a_table_lacks_are_zero()
    {
        var rows = Samples.Synapses(new Random(9), 20, 500);
        using (var table = SynapseReader.Of(rows, SynapseFields.Score)) StoredConnectomeBuilder.Build(Folder, table, new());
        using var c = Connectome.Open(Folder, ConnectomeCheck.All);
        Assert.Equal(rows.Select(r => r.Score), c.Synapses.Scores.ToArray());
        Assert.All(c.Synapses.Rows(), r => Assert.Equal((default, default, default, 0L, 0), (r.Cleft, r.PreSite, r.PostSite, r.Size, r.Block)));
    }

    [Theory]
    [InlineData(SynapseFields.All)]
    [InlineData(SynapseFields.None)]
    [InlineData(SynapseFields.Cleft | SynapseFields.Size | SynapseFields.Score)]
    public void Binary_rows_read_back(SynapseFields fields)
    {
        var rows = Samples.Synapses(new Random(10), 50, 70_000);
        var path = _scratch.At("t.rows");
        using (var table = SynapseReader.Of(rows, fields)) Assert.Equal(70_000, SynapseRowFile.Write(path, table));
        using (var table = SynapseRowFile.Open(path))
        {
            Assert.Equal(fields, table.Fields);
            StoredConnectomeBuilder.Build(Folder, table, new());
        }
        using var c = Connectome.Open(Folder, ConnectomeCheck.All);
        bool Has(SynapseFields one) => (fields & one) != 0;
        Assert.Equal(rows.Select(r => new Synapse(
            r.Id, r.Pre, r.Post, Has(SynapseFields.Cleft) ? r.Cleft : default, Has(SynapseFields.PreSite) ? r.PreSite : default,
            Has(SynapseFields.PostSite) ? r.PostSite : default, Has(SynapseFields.Size) ? r.Size : 0, Has(SynapseFields.Score) ? r.Score : 0,
            Has(SynapseFields.Block) ? r.Block : 0)), c.Synapses.Rows());
    }

    [Fact]
    public void Binary_rows_that_were_cut_short_are_refused()
    {
        var path = _scratch.At("t.rows");
        using (var table = SynapseReader.Of(Samples.Synapses(new Random(11), 5, 10))) SynapseRowFile.Write(path, table);
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 10, 63, 64, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<InvalidDataException>(() => SynapseRowFile.Open(path));
        }
    }

    public static TheoryData<Synapse, string> Wrong => new()
    {
        { Samples.Synapse(0, 3, 10), "the id 0" },
        { Samples.Synapse(2, 3, 10), "repeats the id of row 1" },
        { Samples.Synapse(9, 3, 10, size: -1), "row 3 of the table has a size below 0" },
        { Samples.Synapse(9, 3, 10, score: float.NaN), "row 3 of the table has a score" },
        { Samples.Synapse(9, 3, 10) with { PreSite = new Site(0, float.NaN, 0) }, "row 3 of the table has a position" },
        { Samples.Synapse(9, 3, 4), "names neuron 4" },
        { Samples.Synapse(9, 3, 3), "Row 3 of the table connects a neuron with itself" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_row_is_refused_and_nothing_is_stored(Synapse row, string because)
    {
        var e = Assert.Throws<InvalidDataException>(() => Build(
            [Samples.Synapse(1, 3, 10), Samples.Synapse(2, 10, 3), Samples.Synapse(3, 3, 10), row],
            new ConnectomeBuildOptions { Neurons = [Samples.Neuron(3), Samples.Neuron(10)], Autapses = AutapseRule.Refuse }));
        Assert.Contains(because, e.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Fact]
    public void A_table_that_fails_in_the_middle_leaves_the_old_connectome()
    {
        Build(Samples.Synapses(new Random(12), 5, 10), new());
        var before = Bytes();
        Assert.Throws<IOException>(() => Build(Failing(), new()));
        Assert.Equal(before, Bytes());
        Assert.False(Directory.Exists(Folder + ".partial"));

        static IEnumerable<Synapse> Failing()
        {
            for (var i = 1; i < 200_000; i++) yield return Samples.Synapse((ulong)i, 1, 2);
            throw new IOException("The disk is gone.");
        }
    }

    private void Build(IEnumerable<Synapse> rows, ConnectomeBuildOptions options)
    {
        using var table = SynapseReader.Of(rows);
        StoredConnectomeBuilder.Build(Folder, table, options);
    }

    private string Bytes() => string.Join('\n', Directory.GetFiles(Folder).Order()
        .Select(f => $"{Path.GetFileName(f)} {XxHash64.Of(File.ReadAllBytes(f)):x}"));
}
