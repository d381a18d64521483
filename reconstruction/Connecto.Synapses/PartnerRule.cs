using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Turns a cleft's votes into rows: one presynaptic segment, one row a postsynaptic one.</summary>
internal sealed class PartnerRule(VoxelSize voxelSize, SynapseOptions options)
{
    private readonly double _voxelNm3 = voxelSize.Z * voxelSize.Y * voxelSize.X;

    /// <summary>The rows of a cleft, without ids; none when it is no synapse.</summary>
    public IEnumerable<Synapse> Rows(CleftPart cleft)
    {
        var volume = cleft.Voxels * _voxelNm3;
        if (cleft.HighestProbability < options.HighThreshold * 255 || volume < options.LeastVolumeNm3
            || volume > options.LargestVolumeNm3)
            return [];
        var pre = Presynaptic(cleft);
        var rows = Postsynaptic(cleft, pre).Select(post => Row(cleft, pre, post.Segment, post.Votes)).ToArray();
        if (rows.Length > 0 || options.Lonely == LonelyClefts.Drop) return rows;
        return [Row(cleft, pre, 0, new(cleft.Voxels, cleft.ProbabilitySum, 0))];
    }

    /// <summary>The segment with the most presynaptic probability; without any, the one near the most cleft
    /// voxels.</summary>
    private static ulong Presynaptic(CleftPart cleft)
    {
        var (best, most) = (0UL, (0L, 0L));
        foreach (var (segment, vote) in cleft.Segments)
        {
            var rank = (vote.PresynapticSum, vote.Voxels);
            var order = rank.CompareTo(most);
            if (order > 0 || (order == 0 && segment < best)) (best, most) = (segment, rank);
        }
        return best;
    }

    /// <summary>A cleft voxel between the presynaptic segment and another faces that one; voxels elsewhere face nobody.</summary>
    private List<(ulong Segment, FacingVote Votes)> Postsynaptic(CleftPart cleft, ulong pre)
    {
        var facing = new Dictionary<ulong, FacingVote>();
        foreach (var ((nearest, second), votes) in cleft.Facing)
        {
            var post = nearest == pre ? second : second == pre ? nearest : 0;
            if (post == 0) continue;
            facing[post] = facing.GetValueOrDefault(post).Add(votes);
        }
        var least = options.LeastShare * facing.Values.Sum(f => f.Say);
        return [.. facing.Where(f => f.Value.Say >= least && f.Value.Voxels * _voxelNm3 >= options.LeastShareNm3)
            .OrderByDescending(f => f.Value.Voxels).ThenBy(f => f.Key)
            .Select(f => (f.Key, f.Value))];
    }

    private Synapse Row(CleftPart cleft, ulong pre, ulong post, FacingVote votes)
    {
        double n = cleft.Voxels;
        var centre = Centre(cleft.SumZ / n, cleft.SumY / n, cleft.SumX / n);
        return new Synapse(0, pre, post, centre, SiteOf(cleft, pre, centre), SiteOf(cleft, post, centre), votes.Voxels,
            (float)(votes.ProbabilitySum / (255.0 * votes.Voxels)), cleft.Block);
    }

    private Site SiteOf(CleftPart cleft, ulong segment, Site otherwise)
    {
        if (segment == 0) return otherwise;
        var at = cleft.Segments[segment].Site(cleft.Volume, voxelSize);
        return Centre(at.Z, at.Y, at.X);
    }

    /// <summary>The centre of a voxel, nm.</summary>
    private Site Centre(double z, double y, double x) =>
        new((float)((z + 0.5) * voxelSize.Z), (float)((y + 0.5) * voxelSize.Y), (float)((x + 0.5) * voxelSize.X));
}
