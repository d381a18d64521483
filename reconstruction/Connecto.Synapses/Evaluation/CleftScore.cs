using Connecto.Graph;

namespace Connecto.Synapses;

/// <summary>How far voxels lie from the nearest voxel of the other clefts, nm.</summary>
/// <param name="Voxels">How many were measured.</param>
/// <param name="BeyondThreshold">Those farther away than the threshold.</param>
/// <param name="Mean">Null when there is nothing to measure, or nothing to measure to.</param>
/// <param name="StandardDeviation">Of the voxels, dividing by their number; null as the mean.</param>
/// <param name="Median">Null as the mean.</param>
/// <param name="Largest">Null as the mean.</param>
public sealed record CleftDistance(
    long Voxels, long BeyondThreshold, double? Mean, double? StandardDeviation, double? Median, double? Largest)
{
    internal static CleftDistance Of(double[] distances, double threshold)
    {
        var beyond = distances.LongCount(d => d > threshold);
        if (distances.Length == 0 || double.IsInfinity(distances[0])) return new(distances.Length, beyond, null, null, null, null);
        var mean = distances.Average();
        var deviation = Math.Sqrt(distances.Average(d => (d - mean) * (d - mean)));
        Array.Sort(distances);
        var middle = distances.Length / 2;
        var median = distances.Length % 2 == 1 ? distances[middle] : (distances[middle - 1] + distances[middle]) / 2;
        return new(distances.Length, beyond, mean, deviation, median, distances[^1]);
    }
}

/// <summary>How well clefts agree with the truth, voxel by voxel as the CREMI challenge measures it, and cleft by
/// cleft.</summary>
/// <param name="FromFound">Every found voxel to the nearest true one: its mean is the challenge's ADGT, and those beyond the
/// threshold are its false positives.</param>
/// <param name="FromTrue">Every true voxel to the nearest found one: its mean is the challenge's ADF, and those beyond the
/// threshold are its false negatives.</param>
/// <param name="Clefts">Clefts matched one to one by their centres, at the least sum of distances.</param>
/// <remarks>Distances are Euclidean, between the centres of voxels, at the voxel size, over the whole volume.</remarks>
public sealed record CleftScore(CleftDistance FromFound, CleftDistance FromTrue, MatchCount Clefts)
{
    /// <summary>The mean of ADGT and ADF, nm; null where either is.</summary>
    public double? Cremi => (FromFound.Mean + FromTrue.Mean) / 2;

    /// <summary>Scores clefts.</summary>
    /// <param name="found">The clefts of the result.</param>
    /// <param name="truth">Those there are, of the same shape and voxel size.</param>
    /// <param name="distanceNm">Threshold of false voxels, and the farthest that centres may match.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ArgumentException">Shapes or voxel sizes differ, or the distance is not positive.</exception>
    /// <remarks>8 B a cleft voxel, and 0.5 GiB (or one section, 8 B a pixel) of distances within sections.</remarks>
    public static CleftScore Compute(CleftObjects found, CleftObjects truth, double distanceNm, CancellationToken cancel = default)
    {
        if (found.Shape != truth.Shape || found.VoxelSize != truth.VoxelSize)
            throw new ArgumentException(
                $"Found clefts lie in {found.Shape} voxels of {found.VoxelSize} nm, the true ones in {truth.Shape} of {truth.VoxelSize} nm; they must be equal.");
        if (!(distanceNm > 0)) throw new ArgumentException($"The distance is positive; found {distanceNm} nm.", nameof(distanceNm));
        return new(
            CleftDistance.Of(new CleftDistances(truth).From(found, cancel), distanceNm),
            CleftDistance.Of(new CleftDistances(found).From(truth, cancel), distanceNm),
            Match([.. found.Objects.Select(o => o.Centre)], truth, distanceNm));
    }

    /// <summary>Matches the clefts of a synapse table.</summary>
    /// <param name="found">Rows; those of one cleft have one cleft site and count once.</param>
    /// <param name="truth">The clefts there are, in the frame of the sites.</param>
    /// <param name="distanceNm">The farthest that centres may match.</param>
    public static MatchCount Match(IEnumerable<Synapse> found, CleftObjects truth, double distanceNm) =>
        Match([.. found.Select(s => s.Cleft).Distinct()], truth, distanceNm);

    private static MatchCount Match(Site[] found, CleftObjects truth, double distanceNm)
    {
        var matched = SiteMatching.Count(found, [.. truth.Objects.Select(o => o.Centre)], distanceNm);
        return new(matched, found.Length, truth.Objects.Count, matched);
    }
}
