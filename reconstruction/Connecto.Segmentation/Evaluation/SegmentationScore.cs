using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>What counts in a score.</summary>
public sealed record ScoreOptions
{
    /// <summary>Truth ids that are not scored, as 0 is not: membranes, glia.</summary>
    public IReadOnlyCollection<ulong> Ignore { get; init; } = [];

    /// <summary>Which truth voxels are one object.</summary>
    public TruthObjects Objects { get; init; } = TruthObjects.Ids;

    /// <summary>The part of both volumes that is scored; null = all of it.</summary>
    public Box? Box { get; init; }
}

/// <summary>Which truth voxels are one object.</summary>
public enum TruthObjects
{
    /// <summary>Those of one id.</summary>
    Ids,

    /// <summary>Those of one id that are 26-connected within the scored box; for slabs cut from a larger volume, where
    /// one cell may come back as several pieces that only the missing part joins.</summary>
    Components,
}

/// <summary>How well a segmentation agrees with the truth.</summary>
/// <param name="ViSplit">Bits of H(result | truth): cells cut apart. 0 is best.</param>
/// <param name="ViMerge">Bits of H(truth | result): cells run together. 0 is best.</param>
/// <param name="AdaptedRandError">1 - F of the pairs of voxels that are together in both; 0 is best, 1 worst.</param>
/// <param name="Voxels">Voxels scored: those whose truth is not 0 nor ignored.</param>
/// <remarks>
/// VI after Meila 2007, split and merge as in Nunez-Iglesias et al. 2013, logarithms to base 2; adapted Rand error
/// after Arganda-Carreras et al. 2015 with truth 0 left out and without the correction for pairs of a voxel with
/// itself; a result of 0 is a segment like any other.
/// </remarks>
public readonly record struct SegmentationScore(double ViSplit, double ViMerge, double AdaptedRandError, long Voxels)
{
    /// <summary>VI split and merge together, bits.</summary>
    public double Vi => ViSplit + ViMerge;

    /// <summary>The CREMI challenge's score: sqrt(adapted Rand error * VI); 0 is best.</summary>
    public double Cremi => Math.Sqrt(AdaptedRandError * Vi);

    /// <summary>Scores a volume in memory.</summary>
    /// <exception cref="ArgumentException">Shapes differ, or the box leaves them.</exception>
    public static SegmentationScore Compute(Volume<ulong> result, Volume<ulong> truth, ScoreOptions options) =>
        new SlabScorer(result.Shape, truth.Shape, options).Score(result.Crop, truth.Crop, default);

    /// <summary>Scores volumes of any size, slab by slab.</summary>
    /// <param name="result">The segmentation, channel 0.</param>
    /// <param name="truth">The truth, channel 0, of the same shape.</param>
    /// <param name="options">What counts.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The scores; with no voxel to score, all are 0.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or the box leaves them.</exception>
    /// <remarks>Memory: slabs of whole sections, 32 Mvoxel at most or one section, and one entry a pair of
    /// ids.</remarks>
    public static SegmentationScore Compute(ChunkedVolume<ulong> result, ChunkedVolume<ulong> truth,
        ScoreOptions options,
        CancellationToken cancel = default) =>
        new SlabScorer(result.Shape, truth.Shape, options).Score(result.Read, truth.Read, cancel);

    /// <summary>The scores of a contingency table.</summary>
    public static SegmentationScore Of(Contingency table)
    {
        if (table.Voxels == 0) return default;
        double n = table.Voxels;
        var truths = new Dictionary<ulong, long>();
        var results = new Dictionary<ulong, long>();
        // Sorted, so that sums are rounded alike however the table was filled.
        var pairs = table.Pairs.ToArray();
        Array.Sort(pairs);
        foreach (var (truth, result, voxels) in pairs)
        {
            truths[truth] = truths.GetValueOrDefault(truth) + voxels;
            results[result] = results.GetValueOrDefault(result) + voxels;
        }
        var (jointEntropy, joint) = Measure(pairs.Select(p => p.Voxels));
        var (truthEntropy, truthSquares) = Measure(truths.OrderBy(t => t.Key).Select(t => t.Value));
        var (resultEntropy, resultSquares) = Measure(results.OrderBy(r => r.Key).Select(r => r.Value));
        double precision = joint / resultSquares, recall = joint / truthSquares;
        return new(Math.Max(0, jointEntropy - truthEntropy), Math.Max(0, jointEntropy - resultEntropy),
            Math.Max(0, 1 - 2 * precision * recall / (precision + recall)), table.Voxels);

        (double Entropy, double Squares) Measure(IEnumerable<long> counts)
        {
            double entropy = 0, squares = 0;
            foreach (var count in counts)
            {
                var p = count / n;
                entropy -= p * Math.Log2(p);
                squares += p * p;
            }
            return (entropy, squares);
        }
    }
}
