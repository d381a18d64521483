using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Found and true things, and how many of them are the same.</summary>
/// <param name="Matched">Things found that are true.</param>
/// <param name="Found">Things found.</param>
/// <param name="True">Things there are.</param>
/// <param name="Covered">True things that were found; equal to <paramref name="Matched"/> in a one-to-one
/// matching.</param>
public readonly record struct MatchCount(long Matched, long Found, long True, long Covered)
{
    /// <summary>Matched of found; 1 when nothing was found.</summary>
    public double Precision => Found == 0 ? 1 : (double)Matched / Found;

    /// <summary>Covered of true; 1 when there is nothing to find.</summary>
    public double Recall => True == 0 ? 1 : (double)Covered / True;

    /// <summary>Harmonic mean of both, 0 when both are 0.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

/// <summary>How far apart two sites may be and still be the same.</summary>
public sealed record SynapseScoreOptions
{
    /// <summary>For the partners of a synapse, nm.</summary>
    public double PartnerDistanceNm { get; init; } = 400;

    /// <summary>For the centre of a cleft, nm.</summary>
    public double CleftDistanceNm { get; init; } = 200;
}

/// <summary>How well synapses agree with the truth.</summary>
/// <param name="Partners">Rows: pairs of pre and post site, matched one to one as the CREMI challenge defines it: both
/// sites within the distance, both in the same truth segments, least sum of distances (Hungarian method).</param>
/// <param name="Clefts">Cleft centres, matched one to one within the distance, whatever the partners.</param>
/// <param name="Connections">Pairs of segments with at least one contact. Each result segment stands for the truth
/// segment that most of its sites lie in. Found = pairs of result segments, matched when their truth pair is
/// connected.</param>
/// <param name="Contacts">The same weighed by contacts: a truth pair's contacts are matched as far as both have
/// them.</param>
public readonly record struct SynapseScore(MatchCount Partners, MatchCount Clefts, MatchCount Connections,
    MatchCount Contacts)
{
    /// <summary>Scores synapses.</summary>
    /// <param name="result">Rows found; their segment ids are the result's own.</param>
    /// <param name="truth">True rows; Pre and Post are ids of <paramref name="truthSegments"/>.</param>
    /// <param name="truthSegments">The true segmentation, channel 0, in the frame of the sites.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Distances.</param>
    /// <exception cref="ArgumentException">A distance is not positive.</exception>
    /// <remarks>A result site outside the volume, or where the truth is 0, lies in no segment and matches nothing. (The
    /// challenge's own scorer takes 0 for a segment like any other; its truth is dense, so the two agree on it.)</remarks>
    public static SynapseScore Compute(IReadOnlyList<Synapse> result, IReadOnlyList<Synapse> truth,
        ChunkedVolume<ulong> truthSegments, VoxelSize voxelSize, SynapseScoreOptions options)
    {
        var pre = SiteLookup.Read(truthSegments, voxelSize, [.. result.Select(s => s.PreSite)]);
        var post = SiteLookup.Read(truthSegments, voxelSize, [.. result.Select(s => s.PostSite)]);
        return Compute(result, [.. pre.Zip(post)], truth, options);
    }

    /// <summary>Scores synapses whose sites were looked up already.</summary>
    /// <param name="result">Rows found.</param>
    /// <param name="resultTruth">For each row the truth segments at its pre and its post site; 0 = none.</param>
    /// <param name="truth">True rows.</param>
    /// <param name="options">Distances.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a distance is not positive.</exception>
    public static SynapseScore Compute(IReadOnlyList<Synapse> result,
        IReadOnlyList<(ulong Pre, ulong Post)> resultTruth,
        IReadOnlyList<Synapse> truth, SynapseScoreOptions options)
    {
        if (result.Count != resultTruth.Count)
            throw new ArgumentException(
                $"{result.Count} rows cannot have {resultTruth.Count} pairs of truth segments.");
        if (!(options.PartnerDistanceNm > 0 && options.CleftDistanceNm > 0))
            throw new ArgumentException($"Distances are positive; found {options}.");
        var (connections, contacts) = ConnectionScore.Compute(result, resultTruth, truth);
        return new(MatchPartners(result, resultTruth, truth, options.PartnerDistanceNm),
            MatchClefts(result, truth, options.CleftDistanceNm), connections, contacts);
    }

    /// <summary>Matches cleft centres alone.</summary>
    /// <param name="result">Rows found.</param>
    /// <param name="truth">True rows.</param>
    /// <param name="distanceNm">Centres this far apart at most may be the same.</param>
    /// <remarks>A row is a contact, and a cleft may have several: rows of one presynaptic segment whose centres chain
    /// up within the distance are one cleft, at the mean of their centres.</remarks>
    public static MatchCount MatchClefts(IReadOnlyList<Synapse> result, IReadOnlyList<Synapse> truth, double distanceNm)
    {
        var found = CleftCentres(result, distanceNm);
        var there = CleftCentres(truth, distanceNm);
        var matched = SiteMatching.Count(found, there, distanceNm);
        return new(matched, found.Length, there.Length, matched);
    }

    private static Site[] CleftCentres(IReadOnlyList<Synapse> rows, double distance) =>
        [.. rows.GroupBy(r => r.Pre).SelectMany(g => SiteMatching.Chains([.. g.Select(r => r.Cleft)], distance))];

    /// <summary>Only rows of the same two truth segments can match, so each such pair is a matching of its
    /// own.</summary>
    private static MatchCount MatchPartners(IReadOnlyList<Synapse> result,
        IReadOnlyList<(ulong Pre, ulong Post)> resultTruth,
        IReadOnlyList<Synapse> truth, double distance)
    {
        var found = Enumerable.Range(0, result.Count).ToLookup(i => resultTruth[i]);
        var matched = 0L;
        foreach (var there in truth.Where(t => t.Pre != 0 && t.Post != 0).GroupBy(t => (t.Pre, t.Post)))
        {
            var rows = found[there.Key].Select(i => result[i]).ToArray();
            var columns = there.ToArray();
            if (rows.Length > 0)
                matched += SiteMatching.Count(rows.Length, columns.Length, distance, (r, c) =>
                {
                    double pre = rows[r].PreSite.DistanceTo(columns[c].PreSite),
                        post = rows[r].PostSite.DistanceTo(columns[c].PostSite);
                    return pre > distance || post > distance ? null : (pre + post) / 2;
                });
        }
        return new(matched, result.Count, truth.Count, matched);
    }
}
