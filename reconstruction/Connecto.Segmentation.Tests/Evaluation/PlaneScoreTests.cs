using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Evaluation;

/// <summary>The scores of ISBI 2012 against their definitions, written out naively.</summary>
public sealed class PlaneScoreTests
{
    [Fact]
    public void A_perfect_section_scores_one_and_a_single_region_over_two_halves_two_thirds()
    {
        var truth = Section(2, 4, (y, x) => x < 2 ? 5ul : 9ul);
        var same = Section(2, 4, (y, x) => x < 2 ? 1ul : 2ul);
        Assert.Equal(new PlaneScore(1, 1, 1, 1, 1, 1, 8), Score(same, truth));
        // p = 1/2, 1/2: 1/2 / ((1 + 1/2) / 2); no mutual information.
        var one = Score(Section(2, 4, (_, _) => 7), truth);
        Assert.Equal(2 / 3.0, one.VRand, 1e-12);
        Assert.Equal((1.0, 0.5, 0.0), (one.VRandSplit, one.VRandMerge, one.VInfo));
    }

    [Fact]
    public void Every_score_is_its_definition_on_random_sections()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var (height, width, ids) = (random.Next(1, 14), random.Next(1, 17), random.Next(1, 5));
            var truth = Section(height, width, (_, _) => (ulong)random.Next(0, ids + 1));
            var result = Section(height, width, (_, _) => (ulong)random.Next(0, ids + 1));
            if (truth.Data.All(id => id is 0 or 3)) continue;
            var found = Score(result, truth, 3);
            var expected = Defined(result, truth, ignore: 3);
            Assert.Equal(expected.VRand, found.VRand, 1e-12);
            Assert.Equal(expected.VRandSplit, found.VRandSplit, 1e-12);
            Assert.Equal(expected.VRandMerge, found.VRandMerge, 1e-12);
            Assert.Equal(expected.VInfo, found.VInfo, 1e-9);
            Assert.Equal(expected.Pixels, found.Pixels);
            Assert.InRange(found.VRand, 0, 1 + 1e-12);
            Assert.InRange(found.VInfo, 0, 1);
        }
    }

    [Fact]
    public void How_wide_a_membrane_is_drawn_does_not_matter()
    {
        var truth = Section(9, 12, (_, x) => x < 6 ? 1ul : 2ul);
        foreach (var width in new[] { 0, 2, 4 })
        {
            // A straight membrane around column 6, as wide on either side.
            var result = Section(9, 12, (_, x) => x < 6 - width / 2 ? 1ul : x >= 6 + width / 2 ? 2ul : 0);
            Assert.Equal(1, Score(result, truth).VRand, 1e-12);
        }
    }

    [Fact]
    public void Regions_are_cut_by_section_so_one_id_in_two_places_is_two_regions()
    {
        var truth = Section(1, 5, (_, x) => x == 2 ? 0ul : 4ul);
        var result = Section(1, 5, (_, x) => x == 2 ? 0ul : 8ul);
        Assert.Equal(1, Score(result, truth).VRand, 1e-12);
        Assert.True(Score(Section(1, 5, (_, _) => 8), truth).VRand < 1);
    }

    [Fact]
    public void Sections_without_truth_are_left_out_and_the_mean_counts_each_of_the_others_once()
    {
        var (truth, result) = (new Volume<ulong>(new(3, 2, 4)), new Volume<ulong>(new(3, 2, 4)));
        for (var i = 0; i < 8; i++)
        {
            truth.Slice(0)[i] = truth.Slice(2)[i] = i % 4 < 2 ? 1u : 2u;
            (result.Slice(0)[i], result.Slice(2)[i]) = (truth.Slice(0)[i], 6);
        }
        var size = new VoxelSize(50, 4, 4);
        var scores = PlaneScorer.Compute(new MemoryVolume<ulong>(result, size), new MemoryVolume<ulong>(truth, size), new ScoreOptions());
        Assert.Equal([0, 2], scores.Select(s => s.Section));
        var mean = PlaneScore.Mean([.. scores.Select(s => s.Score)]);
        Assert.Equal((1 + 2 / 3.0) / 2, mean.VRand, 1e-12);
        Assert.Equal(16, mean.Pixels);
        Assert.Equal(default, PlaneScore.Mean([]));
    }

    [Fact]
    public void Shapes_that_differ_are_refused()
    {
        var (a, b) = (new Volume<ulong>(new(1, 2, 3)), new Volume<ulong>(new(1, 3, 2)));
        var size = new VoxelSize(1, 1, 1);
        Assert.Throws<ArgumentException>(() => PlaneScorer.Compute(
            new MemoryVolume<ulong>(a, size), new MemoryVolume<ulong>(b, size), new ScoreOptions()));
    }

    private static PlaneScore Score(Volume<ulong> result, Volume<ulong> truth, params ulong[] ignore)
    {
        var size = new VoxelSize(50, 4, 4);
        var options = new ScoreOptions { Ignore = ignore };
        return PlaneScorer.Compute(new MemoryVolume<ulong>(result, size), new MemoryVolume<ulong>(truth, size), options).Single().Score;
    }

    private static Volume<ulong> Section(int height, int width, Func<int, int, ulong> id)
    {
        var section = new Volume<ulong>(new(1, height, width));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                section[0, y, x] = id(y, x);
        return section;
    }

    // Every pixel's component by walking, then all pairs of pixels and of components by the formulas.
    private static PlaneScore Defined(Volume<ulong> result, Volume<ulong> truth, ulong ignore)
    {
        var (height, width) = (truth.Shape.Y, truth.Shape.X);
        var cleaned = Section(height, width, (y, x) => truth[0, y, x] == ignore ? 0 : truth[0, y, x]);
        var (t, s) = (Walk(cleaned), Walk(result));
        // Rings: a pixel without a region takes that of the neighbour which got one earliest.
        for (var found = Ordered(s); found.Count > 0; found = [.. Spread(s, found, height, width)]) { }
        var pixels = Enumerable.Range(0, height * width).Where(i => t[i] != 0).ToArray();
        double n = pixels.Length, joint = 0, sames = 0, truths = 0, shared = 0, hs = 0, ht = 0;
        double P(Func<int, bool> of) => pixels.Count(of) / n;
        foreach (var i in pixels.Select(p => s[p]).Distinct())
        {
            var si = P(p => s[p] == i);
            (sames, hs) = (sames + si * si, hs - si * Math.Log2(si));
            foreach (var j in pixels.Select(p => t[p]).Distinct())
            {
                var (pij, tj) = (P(p => s[p] == i && t[p] == j), P(p => t[p] == j));
                joint += pij * pij;
                if (pij > 0) shared += pij * Math.Log2(pij / (si * tj));
            }
        }
        foreach (var j in pixels.Select(p => t[p]).Distinct())
        {
            var tj = P(p => t[p] == j);
            (truths, ht) = (truths + tj * tj, ht - tj * Math.Log2(tj));
        }
        var info = hs + ht == 0 ? 1 : Math.Max(0, shared) / ((hs + ht) / 2);
        return new(joint / (0.5 * sames + 0.5 * truths), joint / truths, joint / sames, info, 0, 0, pixels.Length);
    }

    private static List<int> Ordered(int[] regions) => [.. Enumerable.Range(0, regions.Length).Where(i => regions[i] != 0)];

    private static IEnumerable<int> Spread(int[] regions, List<int> ring, int height, int width)
    {
        foreach (var at in ring)
            foreach (var (dy, dx) in new[] { (-1, 0), (0, -1), (0, 1), (1, 0) })
            {
                var (y, x) = (at / width + dy, at % width + dx);
                if (y < 0 || x < 0 || y >= height || x >= width || regions[y * width + x] != 0) continue;
                regions[y * width + x] = regions[at];
                yield return y * width + x;
            }
    }

    private static int[] Walk(Volume<ulong> section)
    {
        var (height, width, next) = (section.Shape.Y, section.Shape.X, 0);
        var region = new int[height * width];
        for (var i = 0; i < region.Length; i++)
        {
            if (section.Data[i] == 0 || region[i] != 0) continue;
            next++;
            var open = new Stack<int>([i]);
            while (open.TryPop(out var at))
            {
                if (region[at] != 0) continue;
                region[at] = next;
                foreach (var (dy, dx) in new[] { (-1, 0), (0, -1), (0, 1), (1, 0) })
                {
                    var (y, x) = (at / width + dy, at % width + dx);
                    if (y >= 0 && x >= 0 && y < height && x < width && section[0, y, x] == section.Data[i]) open.Push(y * width + x);
                }
            }
        }
        return region;
    }
}
