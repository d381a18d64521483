using Connecto.Volumes;

namespace Connecto.Segmentation;

public class AgglomerationTests
{
    private static readonly VoxelSize Even = new(10, 10, 10), Thin = new(50, 4, 4);

    [Fact]
    public void Merge_agrees_with_merging_the_best_pair_again_and_again()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (fragments, affinities) = Pieces(seed);
            var graph = RegionGraphTests.ByBlocks(fragments, affinities, fragments.Shape, 0);
            foreach (var mean in Enum.GetValues<FaceMean>())
                foreach (var threshold in new[] { 0.4, 0.6, 0.8 })
                {
                    var merged = Agglomeration.Merge(graph, Even, new() { Threshold = threshold, Mean = mean });
                    Assert.True(Toy.SameCut(Naive(graph, threshold, mean), merged.Segments));
                }
        }
    }

    [Fact]
    public void Exact_affinities_give_back_the_cells()
    {
        foreach (var size in new[] { Even, Thin })
        {
            var truth = Toy.Cells(new(8, 60, 60), size, 20, 2);
            var affinities = Toy.Affinities(truth);
            var fragments = new Volume<ulong>(truth.Shape);
            Watershed.Flood(affinities, size, WatershedOptions.For(size), fragments);
            var builder = new RegionGraphBuilder();
            builder.Add(fragments, affinities);
            Agglomeration.Merge(builder.Build(), size, AgglomerationOptions.For(size) with { LeastVolumeNm3 = 0 })
                .Apply(fragments);
            var score = SegmentationScore.Compute(fragments, truth, new());
            Assert.True(score.Vi < 0.1, $"{size}: {score}");
        }
    }

    [Fact]
    public void Blocks_with_halo_give_back_the_cells_across_faces()
    {
        var truth = Toy.Cells(new(16, 50, 60), Even, 15, 6);
        var affinities = Toy.Affinities(truth);
        var whole = Box.Of(truth.Shape);
        var fragments = new Volume<ulong>(truth.Shape);
        var index = 0;
        foreach (var box in whole.Tile(new(16, 20, 20)))
        {
            var read = box.Grow(new(8, 8, 8)).Intersect(whole);
            fragments.Paste(FragmentBlock.Flood(affinities.Crop(read), read, box, Even, WatershedOptions.For(Even),
                index++),
                Box.Of(box.Shape), box.Begin);
        }
        var merged = Agglomeration.Merge(RegionGraphTests.ByBlocks(fragments, affinities, new(16, 20, 20), 1), Even,
            AgglomerationOptions.For(Even));
        merged.Apply(fragments);
        Assert.True(SegmentationScore.Compute(fragments, truth, new()).Vi < 0.1);
    }

    [Fact]
    public void Two_neighbours_of_one_section_do_not_meet_through_a_piece_above()
    {
        // Section 0: left | right with a membrane between; section 1: one piece over both, a thin overlap with the
        // right.
        var fragments = new Volume<ulong>(new(2, 10, 20));
        var affinities = new Volume<byte>(fragments.Shape, 3);
        for (var y = 0; y < 10; y++)
            for (var x = 0; x < 20; x++)
            {
                fragments[0, y, x] = x < 10 ? 1ul : 2;
                fragments[1, y, x] = x < 12 ? 3ul : 4;
                affinities[0, 1, y, x] = (byte)(x is 10 or 11 ? 110 : 230);
                affinities[1, 0, y, x] = affinities[1, 1, y, x] = 255;
                affinities[2, 0, y, x] = (byte)(x == 10 ? 20 : 255);
                affinities[2, 1, y, x] = (byte)(x == 12 ? 20 : 255);
            }
        var builder = new RegionGraphBuilder();
        builder.Add(fragments, affinities);
        var merged = Agglomeration.Merge(builder.Build(), Thin,
            AgglomerationOptions.For(Thin) with { LeastVolumeNm3 = 0 });
        Assert.Equal([1, 2, 1, 2], merged.Segments.ToArray());
    }

    [Fact]
    public void Small_segments_go_to_their_best_neighbour()
    {
        // 1 | 2 | 3 along x, one voxel of 2 between; it is nearer to 3.
        var fragments = new Volume<ulong>(new(1, 1, 9), 1, [1, 1, 1, 1, 2, 3, 3, 3, 3]);
        var affinities = new Volume<byte>(fragments.Shape, 3);
        (affinities[2, 0, 0, 4], affinities[2, 0, 0, 5]) = (30, 60);
        var builder = new RegionGraphBuilder();
        builder.Add(fragments, affinities);
        var kept = Agglomeration.Merge(builder.Build(), Even, new());
        Assert.Equal([1, 2, 3], kept.Segments.ToArray());
        var absorbed = Agglomeration.Merge(builder.Build(), Even, new() { LeastVolumeNm3 = 2000 });
        Assert.Equal([1, 2, 2], absorbed.Segments.ToArray());
    }

    [Fact]
    public void Small_fragments_merge_more_readily_when_asked()
    {
        var fragments = new Volume<ulong>(new(1, 1, 8), 1, [1, 2, 2, 2, 2, 3, 3, 3]);
        var affinities = new Volume<byte>(fragments.Shape, 3);
        (affinities[2, 0, 0, 1], affinities[2, 0, 0, 5]) = (110, 110);
        var builder = new RegionGraphBuilder();
        builder.Add(fragments, affinities);
        var merged = Agglomeration.Merge(builder.Build(), Even,
            new() { Threshold = 0.5, SmallVolumeNm3 = 2000, SmallBonus = 0.2 });
        Assert.Equal([1, 1, 2], merged.Segments.ToArray());
    }

    [Fact]
    public void Settings_pass_through_JSON()
    {
        var settings = SegmentationSettings.For(Thin) with { Agglomeration = new() { Threshold = 0.37 } };
        var json = System.Text.Json.JsonSerializer.Serialize(settings);
        Assert.Equal(settings, System.Text.Json.JsonSerializer.Deserialize<SegmentationSettings>(json));
    }

    [Fact]
    public void Relabelling_checks_its_lists_and_unknown_fragments()
    {
        Assert.Throws<ArgumentException>(() => new Relabelling([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new Relabelling([2, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => new Relabelling([0], [1]));
        Assert.Throws<KeyNotFoundException>(() => new Relabelling([1], [1])[2]);
        Assert.Equal(0ul, new Relabelling([1], [1])[0]);
    }

    private static (Volume<ulong> Fragments, Volume<byte> Affinities) Pieces(int seed)
    {
        var fragments = Toy.Cells(new(4, 12, 14), Even, 20, seed);
        var affinities = new Volume<byte>(fragments.Shape, 3);

        // Each pair of cells has its own level, so that scores differ by more than a bucket and the order is defined.
        var random = new Random(seed);
        var levels = new Dictionary<(ulong, ulong), byte>();
        int[] strides = [12 * 14, 14, 1];
        for (var i = 0; i < fragments.Data.Length; i++)
            for (var axis = 0; axis < 3; axis++)
            {
                if (i < strides[axis]) continue;
                ulong a = fragments.Data[i], b = fragments.Data[i - strides[axis]];
                var pair = (Math.Min(a, b), Math.Max(a, b));
                if (!levels.TryGetValue(pair, out var level)) levels[pair] = level = (byte)random.Next(20, 250);
                affinities.Channel(axis)[i] = level;
            }
        return (fragments, affinities);
    }

    private static ulong[] Naive(RegionGraph graph, double threshold, FaceMean mean)
    {
        var segment = Enumerable.Range(0, graph.Fragments.Length).ToArray();
        while (true)
        {
            var sums = new Dictionary<(int, int), (double Sum, double Faces)>();
            for (var e = 0; e < graph.EdgeCount; e++)
            {
                var (a, b, c) = (segment[graph.A[e]], segment[graph.B[e]], graph.Contacts[e]);
                if (a == b) continue;
                var key = (Math.Min(a, b), Math.Max(a, b));
                var sum = sums.GetValueOrDefault(key);
                var faces = c.Plane + c.Z;
                sums[key] = (sum.Sum + (mean == FaceMean.Arithmetic ? faces.Sum / 255.0 : faces.Squares / 65025.0),
                    sum.Faces + faces.Count);
            }
            if (sums.Count == 0) break;
            var best = sums.MaxBy(s => s.Value.Sum / s.Value.Faces);
            var score = best.Value.Sum / best.Value.Faces;
            if ((mean == FaceMean.Arithmetic ? score : Math.Sqrt(score)) < threshold) break;
            for (var i = 0; i < segment.Length; i++)
                if (segment[i] == best.Key.Item2) segment[i] = best.Key.Item1;
        }
        return [.. segment.Select(s => (ulong)s + 1)];
    }
}
