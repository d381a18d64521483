using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

public class CleftScoreTests
{
    private static readonly VoxelSize Size = new(45, 4, 5);

    [Fact]
    public void Distances_agree_with_their_definition_whatever_the_cache()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var shape = new Index3(1 + seed % 7, 3 + seed, 25 - seed);
            var (found, truth) = (Random(shape, seed, 0.02), Random(shape, seed + 100, 0.01));
            found[0, 0, 0] = 1;
            truth[shape.Z - 1, shape.Y - 1, shape.X - 1] = 1;
            var there = Objects(truth);
            foreach (var cache in new[] { 1L, 1 << 20 })
            {
                var distances = new CleftDistances(there) { CacheBytes = cache }.From(Objects(found), default);
                Assert.Equal(Naive(found, truth), distances, (a, b) => Math.Abs(a - b) < 1e-9);
            }
        }
    }

    [Fact]
    public void Two_clefts_give_the_measures_that_one_works_out_by_hand()
    {
        var (found, truth) = (new Volume<ulong>(new(3, 4, 60)), new Volume<ulong>(new(3, 4, 60)));
        truth[1, 2, 0] = truth[1, 2, 1] = 7;
        found[2, 2, 0] = 3;
        found[1, 2, 51] = 4;
        var score = CleftScore.Compute(Objects(found), Objects(truth), 200);
        Assert.Equal(((45 + 50 * 5) / 2.0, 2, 1), (score.FromFound.Mean!.Value, score.FromFound.Voxels, score.FromFound.BeyondThreshold));
        Assert.Equal((45 + Math.Sqrt(45 * 45 + 25)) / 2, score.FromTrue.Mean!.Value, 9);
        Assert.Equal((0, 250.0), (score.FromTrue.BeyondThreshold, score.FromFound.Largest!.Value));
        Assert.Equal((score.FromFound.Mean + score.FromTrue.Mean) / 2, score.Cremi);
        Assert.Equal((147.5, 102.5), (score.FromFound.Median!.Value, score.FromFound.StandardDeviation!.Value));
        Assert.Equal(new MatchCount(1, 2, 1, 1), score.Clefts);
    }

    [Fact]
    public void Without_clefts_on_one_side_every_voxel_of_the_other_is_false_and_there_is_no_mean()
    {
        var (none, some) = (new Volume<ulong>(new(2, 3, 4)), new Volume<ulong>(new(2, 3, 4)));
        some[1, 1, 1] = 5;
        var score = CleftScore.Compute(Objects(some), Objects(none), 200);
        Assert.Equal((1, null, null, 0L), (score.FromFound.BeyondThreshold, score.FromFound.Mean, score.Cremi, score.FromTrue.Voxels));
        Assert.Equal(new MatchCount(0, 1, 0, 0), score.Clefts);
        Assert.Equal(0, CleftScore.Compute(Objects(some), Objects(some), 200).Cremi);
        Assert.Throws<ArgumentException>(() => CleftScore.Compute(Objects(some), Objects(new(new(2, 3, 5))), 200));
    }

    [Fact]
    public void Components_touch_at_corners_and_ids_stay_apart()
    {
        var labels = new Volume<ulong>(new(2, 4, 6));
        labels[0, 0, 0] = labels[1, 1, 1] = 9;
        labels[1, 1, 2] = 8;
        labels[1, 3, 5] = 9;
        Assert.Equal([1, 3], Sizes(labels, CleftIdentity.Mask));
        Assert.Equal([1, 1, 2], Sizes(labels, CleftIdentity.Components));
        Assert.Equal([1, 3], Sizes(labels, CleftIdentity.Ids));
        Assert.Equal([8UL, 9], Objects(labels).Objects.Select(o => o.Id));
        Assert.Equal([1, 3], Sizes(labels, CleftIdentity.Guessed));
        labels[1, 1, 2] = CleftObjects.CremiBackground;
        Assert.Equal([1, 2], Sizes(labels, CleftIdentity.Guessed));
        labels[1, 3, 5] = 0;
        Assert.Equal(new Site(45, 4, 5), Objects(labels).Objects[0].Centre);
    }

    [Fact]
    public void Components_agree_with_a_flood_on_random_masks()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var labels = Random(new(4, 9, 11), seed, 0.15);
            var frame = new BlockFrame(Box.Of(labels.Shape), Box.Of(labels.Shape), labels.Shape, 0);
            var flooded = CleftLabels.Find(Array.ConvertAll(labels.Data, v => (byte)v), frame, 1);
            var parts = Sizes(labels, CleftIdentity.Mask).ToArray();
            Assert.Equal((flooded.Count, labels.Data.Sum(v => (long)v)), (parts.Length, parts.Sum()));
        }
    }

    [Fact]
    public void Clefts_of_a_map_are_those_that_the_detector_takes()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var toy = ToyTissue.Random(new(20, 30, 40), seed);
            var options = SynapseOptions.For(new(10, 10, 10)) with { LeastVolumeNm3 = 5e4, Lonely = LonelyClefts.Keep };
            var rows = SynapseDetector.Detect(toy.Maps(), new(10, 10, 10), options, toy.Segments.Shape);
            var clefts = CleftObjects.OfMap(toy.Maps().Maps, 3, new(10, 10, 10), options);
            Assert.Equal(rows.Select(r => r.Cleft).Distinct().OrderBy(s => (s.Z, s.Y, s.X)),
                clefts.Objects.Select(o => o.Centre).OrderBy(s => (s.Z, s.Y, s.X)));
            var count = CleftScore.Match(rows, clefts, 200);
            Assert.Equal((clefts.Objects.Count, clefts.Objects.Count), ((int)count.Matched, (int)count.Found));
        }
    }

    private static IEnumerable<long> Sizes(Volume<ulong> labels, CleftIdentity identity) =>
        CleftObjects.OfLabels(new MemoryVolume<ulong>(labels, Size), Size, identity).Objects.Select(o => o.Voxels).Order();

    private static CleftObjects Objects(Volume<ulong> labels) =>
        CleftObjects.OfLabels(new MemoryVolume<ulong>(labels, Size), Size, CleftIdentity.Ids);

    private static Volume<ulong> Random(Index3 shape, int seed, double density)
    {
        var random = new Random(seed);
        var labels = new Volume<ulong>(shape);
        foreach (ref var label in labels.Data.AsSpan()) label = random.NextDouble() < density ? 1UL : 0;
        return labels;
    }

    private static IEnumerable<double> Naive(Volume<ulong> from, Volume<ulong> to) =>
        Voxels(from).Select(a => Voxels(to).Min(b => Math.Sqrt(Math.Pow((a.Z - b.Z) * Size.Z, 2) + Math.Pow((a.Y - b.Y) * Size.Y, 2)
            + Math.Pow((a.X - b.X) * Size.X, 2))));

    private static IEnumerable<Index3> Voxels(Volume<ulong> labels) =>
        Enumerable.Range(0, labels.Data.Length).Where(i => labels.Data[i] != 0).Select(i => BlockFrame.At(i, labels.Shape));
}
