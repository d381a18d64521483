using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>What the voxels of a cleft say about a segment near it.</summary>
internal sealed class SegmentVote
{
    private readonly SiteSample _nearest = new(), _inside = new();

    /// <summary>Cleft voxels that have the segment within their reach.</summary>
    public long Voxels { get; private set; }

    /// <summary>Presynaptic probability seen in the segment, once for each cleft voxel that sees it.</summary>
    public long PresynapticSum { get; set; }

    /// <summary>One cleft voxel has the segment within its reach; <paramref name="at"/> is the nearest voxel of
    /// it.</summary>
    public void Touch(Index3 at, long global)
    {
        Voxels++;
        _nearest.Add(at, global);
    }

    /// <summary>A voxel of the segment halfway within the reach of a cleft voxel.</summary>
    public void Enter(Index3 at, long global) => _inside.Add(at, global);

    public void Add(SegmentVote other)
    {
        (Voxels, PresynapticSum) = (Voxels + other.Voxels, PresynapticSum + other.PresynapticSum);
        _nearest.Add(other._nearest);
        _inside.Add(other._inside);
    }

    /// <summary>A voxel of the segment beside the cleft: halfway within the reach where the segment is thick enough, so
    /// that the point lies in the cell, not on its membrane.</summary>
    public Index3 Site(Index3 volume, VoxelSize voxelSize) =>
        (_inside.IsEmpty ? _nearest : _inside).Centre(volume, voxelSize);
}
