using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

public class SynapseDetectorTests
{
    private static readonly VoxelSize Even = new(10, 10, 10);
    private static readonly SynapseOptions Options = SynapseOptions.For(Even) with
    {
        LeastVolumeNm3 = 5000,
        LeastShareNm3 = 3000
    };

    [Fact]
    public void One_presynaptic_cell_and_two_partners_give_two_rows()
    {
        var toy = new ToyTissue(new(12, 40, 40));
        toy.AddPolyad(z: 6, y: 20, x: 20);
        var rows = Detect(toy, new(100, 100, 100));
        // The cleft has one column more on the side of segment 3: the larger share comes first.
        Assert.Equal([(1ul, 1ul, 3ul), (2ul, 1ul, 2ul)], rows.Select(r => (r.Id, r.Pre, r.Post)));
        Assert.All(rows, r =>
        {
            Assert.Equal(1f, r.Score, 3);
            Assert.Equal(1ul, toy.At(r.PreSite, Even));
            Assert.Equal(r.Post, toy.At(r.PostSite, Even));
            Assert.True(r.Cleft.DistanceTo(new(65, 205, 205)) < 20, $"{r}");
        });
        Assert.Equal(toy.CleftVoxels, rows.Sum(r => r.Size));
    }

    [Fact]
    public void Without_a_presynaptic_map_the_cell_that_most_of_the_cleft_touches_is_presynaptic()
    {
        var toy = new ToyTissue(new(12, 40, 40));
        toy.AddPolyad(6, 20, 20);
        var maps = toy.Maps() with { PresynapticChannel = null };
        var rows = SynapseDetector.Detect(maps, Even, Options, new(12, 40, 40));
        Assert.All(rows, r => Assert.Equal(1ul, r.Pre));
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void Rows_do_not_depend_on_blocks_or_threads()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var toy = ToyTissue.Random(new(10, 20, 24), seed);
            var options = Options with { LowThreshold = 0.4, HighThreshold = 0.6 };
            var whole = SynapseDetector.Detect(toy.Maps(), Even, options, new(10, 20, 24));
            Assert.NotEmpty(whole);
            foreach (var (block, threads) in new[] { (new Index3(5, 7, 9), 1), (new(1, 20, 24), 2), (new(4, 5, 6), 4),
                (new(10, 11, 24), 3) })
            {
                var cut = SynapseDetector.Detect(toy.Maps(), Even, options, block, threads);
                Assert.Equal(whole, cut.Select(r => r with { Block = 0 }));
            }
        }
    }

    [Fact]
    public void Renaming_segments_renames_partners_and_nothing_else()
    {
        var toy = ToyTissue.Random(new(10, 24, 30), 9);
        var rows = Detect(toy, new(5, 12, 15));
        foreach (ref var id in toy.Segments.Data.AsSpan()) id = id == 0 ? 0 : id + 100;
        Assert.Equal(rows.Select(r => r with { Pre = r.Pre + 100, Post = r.Post + 100 }), Detect(toy, new(5, 12, 15)));
    }

    [Fact]
    public void Weak_clefts_small_clefts_and_clefts_inside_one_cell_are_no_synapses()
    {
        var toy = new ToyTissue(new(12, 40, 40));
        toy.AddPolyad(6, 20, 20);
        Assert.Empty(SynapseDetector.Detect(toy.Maps(), Even, Options with { LeastVolumeNm3 = 1e8 }, new(12, 40, 40)));
        foreach (ref var p in toy.Probabilities.Channel(3)) p = (byte)(p / 2);
        Assert.Empty(SynapseDetector.Detect(toy.Maps(), Even, Options, new(12, 40, 40)));
        foreach (ref var p in toy.Probabilities.Channel(3)) p = (byte)(p * 2);
        toy.Segments.Data.AsSpan().Fill(1);
        Assert.Empty(SynapseDetector.Detect(toy.Maps(), Even, Options, new(12, 40, 40)));
        var lonely = SynapseDetector.Detect(toy.Maps(), Even, Options with { Lonely = LonelyClefts.Keep },
            new(12, 40, 40));
        Assert.Equal([(1ul, 0ul)], lonely.Select(r => (r.Pre, r.Post)));
    }

    [Fact]
    public void Options_and_shapes_are_checked()
    {
        var toy = new ToyTissue(new(4, 8, 8));
        Assert.Throws<ArgumentException>(() => SynapseDetector.Detect(toy.Maps() with { CleftChannel = 5 }, Even,
            Options, new(4, 8, 8)));
        Assert.Throws<ArgumentException>(() => SynapseDetector.Detect(toy.Maps(), Even,
            Options with { LowThreshold = 0.9 }, new(4, 8, 8)));
        Assert.Throws<ArgumentException>(() => SynapseDetector.Detect(toy.Maps(), Even, Options with { ReachNm = 0 },
            new(4, 8, 8)));
    }

    [Fact]
    public void Options_pass_through_JSON()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(Options);
        Assert.Equal(Options, System.Text.Json.JsonSerializer.Deserialize<SynapseOptions>(json));
    }

    private static IReadOnlyList<Synapse> Detect(ToyTissue toy, Index3 block) =>
        SynapseDetector.Detect(toy.Maps(), Even, Options, block);
}
