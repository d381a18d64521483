using System.Runtime.InteropServices;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>A cleft, or the part of one that lies in a block: its voxels while the block is at hand, and its
/// votes.</summary>
/// <remarks>Everything kept is a sum, a least value or the least few of a set, so parts add up to the same cleft in any
/// order.</remarks>
internal sealed class CleftPart(int block, Index3 volume)
{
    private readonly List<Index3> _voxels = [];
    private readonly Dictionary<ulong, SegmentVote> _segments = [];
    private readonly Dictionary<(ulong Nearest, ulong Second), FacingVote> _facing = [];

    public Index3 Volume => volume;

    public int Block { get; private set; } = block;

    /// <summary>The least index in the whole volume.</summary>
    public long FirstVoxel { get; private set; } = long.MaxValue;

    public long Voxels { get; private set; }

    public byte HighestProbability { get; private set; }

    public long ProbabilitySum { get; private set; }

    public long SumZ { get; private set; }

    public long SumY { get; private set; }

    public long SumX { get; private set; }

    /// <summary>Votes by segment within the reach.</summary>
    public IReadOnlyDictionary<ulong, SegmentVote> Segments => _segments;

    /// <summary>Cleft voxels by the two nearest segments; Second = 0 when only one is within the reach.</summary>
    public IReadOnlyDictionary<(ulong Nearest, ulong Second), FacingVote> Facing => _facing;

    /// <summary>Voxels of the block's skin, through which the cleft may go on.</summary>
    public List<Index3> Skin { get; } = [];

    public void Add(Index3 at) => _voxels.Add(at);

    /// <summary>Lets every voxel vote, then forgets the voxels.</summary>
    public void Vote(BlockFrame frame, Neighbourhood near, ReadOnlySpan<byte> cleft, ReadOnlySpan<byte> presynaptic,
        ReadOnlySpan<ulong> segments, byte presynapticThreshold, byte sureFrom)
    {
        var seen = new HashSet<ulong>();
        foreach (var at in _voxels)
        {
            var probability = cleft[frame.Local(at)];
            var global = frame.Global(at);
            FirstVoxel = Math.Min(FirstVoxel, global);
            HighestProbability = Math.Max(HighestProbability, probability);
            (Voxels, ProbabilitySum) = (Voxels + 1, ProbabilitySum + probability);
            (SumZ, SumY, SumX) = (SumZ + at.Z, SumY + at.Y, SumX + at.X);
            if (frame.OnSkin(at)) Skin.Add(at);

            ulong nearest = 0, second = 0, last = 0;
            SegmentVote? vote = null;
            seen.Clear();
            for (var i = 0; i < near.Steps.Length; i++)
            {
                var there = at + near.Steps[i];
                if (!frame.Read.Contains(there)) continue;
                var local = frame.Local(there);
                var segment = segments[local];
                if (segment == 0) continue;
                if (segment != last || vote is null)
                {
                    (last, vote) = (segment, VoteOf(segment));
                    if (seen.Add(segment))
                    {
                        if (nearest == 0) nearest = segment;
                        else if (second == 0) second = segment;
                        vote.Touch(there, frame.Global(there));
                    }
                }
                if (i >= near.InsideBegin && i < near.InsideEnd) vote.Enter(there, frame.Global(there));
                if (presynaptic.Length > 0 && presynaptic[local] >= presynapticThreshold)
                    vote.PresynapticSum += presynaptic[local];
            }
            if (nearest == 0) continue;
            ref var facing = ref CollectionsMarshal.GetValueRefOrAddDefault(_facing, (nearest, second), out _);
            var sure = Math.Max(0, probability - sureFrom);
            facing = facing.Add(new(1, probability, 1 + sure * sure));
        }
        _voxels.Clear();
        _voxels.TrimExcess();
    }

    /// <summary>Takes over another part of the same cleft.</summary>
    public void Add(CleftPart other)
    {
        if (other.FirstVoxel < FirstVoxel) (FirstVoxel, Block) = (other.FirstVoxel, other.Block);
        HighestProbability = Math.Max(HighestProbability, other.HighestProbability);
        (Voxels, ProbabilitySum) = (Voxels + other.Voxels, ProbabilitySum + other.ProbabilitySum);
        (SumZ, SumY, SumX) = (SumZ + other.SumZ, SumY + other.SumY, SumX + other.SumX);
        foreach (var (segment, vote) in other._segments) VoteOf(segment).Add(vote);
        foreach (var (pair, votes) in other._facing)
        {
            ref var facing = ref CollectionsMarshal.GetValueRefOrAddDefault(_facing, pair, out _);
            facing = facing.Add(votes);
        }
    }

    private SegmentVote VoteOf(ulong segment) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_segments, segment, out _) ??= new SegmentVote();
}

/// <summary>Cleft voxels that face one pair of segments.</summary>
/// <param name="Voxels">Their number.</param>
/// <param name="ProbabilitySum">The sum of their probabilities.</param>
/// <param name="Say">What they have to say when a cleft is shared out: the rim of a map spreads over neighbours that are no
/// partners, so a voxel's say grows with the square of its probability above a bound.</param>
internal readonly record struct FacingVote(long Voxels, long ProbabilitySum, long Say)
{
    public FacingVote Add(FacingVote other) => new(Voxels + other.Voxels, ProbabilitySum + other.ProbabilitySum, Say + other.Say);
}
