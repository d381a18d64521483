using Connecto.Volumes;

namespace Connecto.Segmentation;

public class SegmentationScoreTests
{
    [Fact]
    public void A_perfect_result_under_other_names_has_no_error()
    {
        var truth = Toy.Noise(new(4, 6, 8), 5, 1);
        var result = new Volume<ulong>(truth.Shape);
        for (var i = 0; i < truth.Data.Length; i++) result.Data[i] = truth.Data[i] * 1000 + 7;
        var score = SegmentationScore.Compute(result, truth, new());
        Assert.Equal(0, score.Vi, 12);
        Assert.Equal(0, score.AdaptedRandError, 12);
        Assert.Equal(0, score.Cremi, 6);
        Assert.Equal(truth.Data.LongCount(t => t != 0), score.Voxels);
    }

    [Fact]
    public void Halving_every_object_costs_one_bit_of_split_and_joining_two_halves_one_bit_of_merge()
    {
        var whole = Line(1, 1, 1, 1);
        var halves = Line(1, 1, 2, 2);
        var split = SegmentationScore.Compute(halves, whole, new());
        Assert.Equal((1, 0), (split.ViSplit, split.ViMerge));
        var merge = SegmentationScore.Compute(whole, halves, new());
        Assert.Equal((0, 1), (merge.ViSplit, merge.ViMerge));

        // Pairs together in both: 8 of 16 ordered pairs; precision 1, recall 1/2, F 2/3.
        Assert.Equal(1.0 / 3, split.AdaptedRandError, 12);
        Assert.Equal(Math.Sqrt(1.0 / 3), split.Cremi, 12);
    }

    [Fact]
    public void Truth_0_and_ignored_ids_do_not_count_but_a_result_of_0_is_a_segment()
    {
        var truth = Line(0, 9, 1, 1, 2, 2);
        var result = Line(5, 6, 0, 0, 3, 3);
        var score = SegmentationScore.Compute(result, truth, new() { Ignore = [9] });
        Assert.Equal(4, score.Voxels);
        Assert.Equal(0, score.Vi, 12);
    }

    [Fact]
    public void The_numbers_of_the_independent_scorer_come_out()
    {
        // Worked out by NumPy and scikit-image from the definitions, on the same made volumes.
        var (result, truth) = Made();
        var plain = SegmentationScore.Compute(result, truth, new());
        Assert.Equal(MadeScores[0], [plain.ViSplit, plain.ViMerge, plain.AdaptedRandError, plain.Voxels], Close);
        var components = SegmentationScore.Compute(result, truth, new() { Objects = TruthObjects.Components });
        Assert.Equal(MadeScores[1], [components.ViSplit, components.ViMerge, components.AdaptedRandError,
            components.Voxels], Close);
    }

    [Fact]
    public void A_chunked_volume_and_a_box_of_it_score_as_the_same_voxels_in_memory()
    {
        var (result, truth) = Made();
        var box = new Box(new(1, 3, 5), new(7, 22, 31));
        foreach (var objects in Enum.GetValues<TruthObjects>())
            Assert.Equal(
                SegmentationScore.Compute(result.Crop(box), truth.Crop(box), new() { Objects = objects }),
                SegmentationScore.Compute(new MemoryVolume<ulong>(result, new(1, 1, 1)),
                    new MemoryVolume<ulong>(truth, new(1, 1, 1)),
                    new() { Objects = objects, Box = box }));
    }

    [Fact]
    public void Components_pass_through_slabs()
    {
        var truth = Toy.Noise(new(9, 6, 6), 3, 4);
        var result = Toy.Noise(new(9, 6, 6), 4, 5);
        var relabelled = new Volume<ulong>(truth.Shape);
        ConnectedComponents.Label(truth, Connectivity.Corners, relabelled);
        var expected = SegmentationScore.Compute(result, relabelled, new());
        foreach (var slab in new[] { 36L, 72, 180, 1000 })
        {
            var scorer = new SlabScorer(truth.Shape, truth.Shape,
                new() { Objects = TruthObjects.Components })
            { SlabVoxels = slab };
            var score = scorer.Score(result.Crop, truth.Crop, default);
            Assert.Equal(expected.ViSplit, score.ViSplit, 12);
            Assert.Equal(expected.ViMerge, score.ViMerge, 12);
            Assert.Equal(expected.AdaptedRandError, score.AdaptedRandError, 12);
        }
    }

    [Fact]
    public void Shapes_that_differ_are_refused() =>
        Assert.Throws<ArgumentException>(() => SegmentationScore.Compute(Line(1), Line(1, 2), new()));

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-4;

    private static Volume<ulong> Line(params ulong[] ids) => new(new(1, 1, ids.Length), 1, ids);

    private static readonly double[][] MadeScores =
    [
        [2.764276571634632, 2.957120301899217, 0.8590251819397046, 8520],
        [2.4191048224535328, 5.345505189987231, 0.9491866945016492, 8520],
    ];

    /// <summary>truth = (z/2 + y/5 * 3 + x/7 * 5) % 9, result = (z/3 + y/4 + x/6 * 2) % 7 over 8 x 30 x 40.</summary>
    private static (Volume<ulong> Result, Volume<ulong> Truth) Made()
    {
        var shape = new Index3(8, 30, 40);
        var (result, truth) = (new Volume<ulong>(shape), new Volume<ulong>(shape));
        for (var z = 0; z < 8; z++)
            for (var y = 0; y < 30; y++)
                for (var x = 0; x < 40; x++)
                {
                    truth[z, y, x] = (ulong)((z / 2 + y / 5 * 3 + x / 7 * 5) % 9);
                    result[z, y, x] = (ulong)((z / 3 + y / 4 + x / 6 * 2) % 7);
                }
        return (result, truth);
    }
}
