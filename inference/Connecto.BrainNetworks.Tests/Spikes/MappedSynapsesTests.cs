using Connecto.Graph;

namespace Connecto.BrainNetworks.Tests;

/// <summary>Columns in a mapped file give the spikes of columns in memory, and damaged files are told.</summary>
public sealed class MappedSynapsesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("connecto-columns-").FullName;

    private string File => Path.Combine(_folder, "synapses.columns");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_spikes_are_those_of_columns_in_memory(int threads)
    {
        var c = Samples.Random(31, 300, 6000);
        var recipe = NetworkRecipe.SignedContacts with { Sign = SignRule.ExcitatoryFraction };
        var inputs = new SpikeInputs { Poisson = [.. Enumerable.Range(0, 40).Select(n => new PoissonInput(n, 150, PoissonInput.DefaultJumpMv, (ulong)n))] };
        var options = new SpikeOptions { Seconds = 0.3, Threads = threads };
        var (expected, summary) = SpikeRun.Record(SynapseArrays.From(c, recipe), new LifParameters(), inputs, options);
        SynapseColumnFile.Write(File, c, recipe);
        using var mapped = new MappedSynapses(File);
        var (spikes, again) = SpikeRun.Record(mapped, new LifParameters(), inputs, options);
        Assert.True(expected.Count > 1000);
        Assert.Equal(expected, spikes);
        Assert.Equal(summary.Events, again.Events);
        Assert.Equal(summary.Counts, again.Counts);
    }

    [Fact]
    public void A_file_holds_every_column_in_six_bytes_an_edge()
    {
        var c = Samples.Edges(4, (0, 1, 40_000), (0, 3, 2), (2, 0, 7));
        SynapseColumnFile.Write(File, c, NetworkRecipe.SignedContacts);
        Assert.Equal(64 + 5 * 8 + 4 * 6, new FileInfo(File).Length);
        using var mapped = new MappedSynapses(File);
        Assert.Equal((4, 4L, 18L, 0L), (mapped.Neurons, mapped.Edges, mapped.BytesOf(0), mapped.BytesOf(1)));
        Assert.Equal([1, 1, 3], mapped.Of(0).Targets.ToArray());
        Assert.Equal([short.MaxValue, (short)(40_000 - short.MaxValue), (short)2], mapped.Of(0).Contacts.ToArray());
        var copy = SynapseArrays.Copy(mapped);
        for (var n = 0; n < 4; n++)
        {
            Assert.Equal(mapped.Of(n).Targets.ToArray(), copy.Of(n).Targets.ToArray());
            Assert.Equal(mapped.Of(n).Contacts.ToArray(), copy.Of(n).Contacts.ToArray());
        }
    }

    [Fact]
    public void A_file_cut_short_or_of_another_kind_or_with_wrong_starts_is_refused()
    {
        SynapseColumnFile.Write(File, Samples.Random(1, 20, 60), NetworkRecipe.SignedContacts);
        var whole = System.IO.File.ReadAllBytes(File);
        Refused(whole[..^1], "cut short");
        Refused(whole[..30], "no synapse columns");
        Refused([.. whole[..3], 0, .. whole[4..]], "no synapse columns");
        Refused([.. whole[..72], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. whole[77..]], "damaged");
        Assert.Throws<FileNotFoundException>(() => new MappedSynapses(File + "x"));

        void Refused(byte[] bytes, string words)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => new MappedSynapses(File)).Message);
        }
    }
}
