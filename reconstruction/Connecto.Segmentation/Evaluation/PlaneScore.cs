namespace Connecto.Segmentation;

/// <summary>How well the regions of one section agree with the truth's: the scores of the ISBI 2012 challenge.</summary>
/// <param name="VRand">Foreground-restricted Rand score: sum p^2 / ((sum s^2 + sum t^2) / 2), where p are shares of pixels
/// by pair of regions, s by region of the result and t of the truth. 1 is best.</param>
/// <param name="VRandSplit">sum p^2 / sum t^2: below 1 where true regions are cut apart.</param>
/// <param name="VRandMerge">sum p^2 / sum s^2: below 1 where true regions run together.</param>
/// <param name="VInfo">Information-theoretic score: mutual information / mean of both entropies. 1 is best.</param>
/// <param name="VInfoSplit">Mutual information / entropy of the result's regions.</param>
/// <param name="VInfoMerge">Mutual information / entropy of the truth's regions.</param>
/// <param name="Pixels">Pixels scored: those of the truth's regions.</param>
/// <remarks>I. Arganda-Carreras et al. 2015, doi:10.3389/fnana.2015.00142, with alpha = 0.5: split and merge errors weigh the
/// same. A share of two entropies that are both 0 is 1.</remarks>
public readonly record struct PlaneScore(
    double VRand, double VRandSplit, double VRandMerge, double VInfo, double VInfoSplit, double VInfoMerge, long Pixels)
{
    /// <summary>The scores of a contingency table; all are 0 where it is empty.</summary>
    public static PlaneScore Of(Contingency table)
    {
        if (table.Voxels == 0) return default;
        double n = table.Voxels;
        var (truths, results) = (new SortedDictionary<ulong, long>(), new SortedDictionary<ulong, long>());
        // Sorted, so that sums are rounded alike however the table was filled.
        var pairs = table.Pairs.ToArray();
        Array.Sort(pairs);
        foreach (var (truth, result, pixels) in pairs)
        {
            truths[truth] = truths.GetValueOrDefault(truth) + pixels;
            results[result] = results.GetValueOrDefault(result) + pixels;
        }
        var (joint, jointEntropy) = Measure(pairs.Select(p => p.Voxels));
        var (s, resultEntropy) = Measure(results.Values);
        var (t, truthEntropy) = Measure(truths.Values);
        var shared = Math.Max(0, resultEntropy + truthEntropy - jointEntropy);
        return new(joint / ((s + t) / 2), joint / t, joint / s, Share((resultEntropy + truthEntropy) / 2), Share(resultEntropy),
            Share(truthEntropy), table.Voxels);

        double Share(double entropy) => entropy == 0 ? 1 : Math.Min(1, shared / entropy);

        (double Squares, double Entropy) Measure(IEnumerable<long> counts)
        {
            double squares = 0, entropy = 0;
            foreach (var count in counts)
            {
                var p = count / n;
                squares += p * p;
                entropy -= p * Math.Log2(p);
            }
            return (squares, entropy);
        }
    }

    /// <summary>The plain mean of every score over sections, as the challenge takes it; pixels are summed.</summary>
    public static PlaneScore Mean(IReadOnlyCollection<PlaneScore> sections) => sections.Count == 0 ? default : new(
        sections.Average(s => s.VRand), sections.Average(s => s.VRandSplit), sections.Average(s => s.VRandMerge),
        sections.Average(s => s.VInfo), sections.Average(s => s.VInfoSplit), sections.Average(s => s.VInfoMerge),
        sections.Sum(s => s.Pixels));
}
