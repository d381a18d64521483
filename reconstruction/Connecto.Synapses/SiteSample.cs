using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>The mean of many voxels, and a few of them, so that one of them near the mean can be named.</summary>
/// <remarks>Kept are the voxels of the least hashes (a bottom-k sample): the same ones in whatever order, and from
/// whatever parts, they were added.</remarks>
internal sealed class SiteSample
{
    private const int Size = 32;
    private readonly SortedSet<(ulong Hash, long Voxel)> _sample = [];
    private long _count, _sumZ, _sumY, _sumX;
    private ulong _bound = ulong.MaxValue;

    public bool IsEmpty => _count == 0;

    public void Add(Index3 at, long global)
    {
        (_count, _sumZ, _sumY, _sumX) = (_count + 1, _sumZ + at.Z, _sumY + at.Y, _sumX + at.X);
        Offer(Hash((ulong)global), global);
    }

    public void Add(SiteSample other)
    {
        (_count, _sumZ, _sumY, _sumX) = (_count + other._count, _sumZ + other._sumZ, _sumY + other._sumY,
            _sumX + other._sumX);
        foreach (var (hash, voxel) in other._sample) Offer(hash, voxel);
    }

    /// <summary>The sampled voxel closest to the mean of all.</summary>
    public Index3 Centre(Index3 volume, VoxelSize voxelSize)
    {
        double n = _count, meanZ = _sumZ / n, meanY = _sumY / n, meanX = _sumX / n;
        var (best, bestDistance, bestVoxel) = (default(Index3), double.PositiveInfinity, long.MaxValue);
        foreach (var (_, voxel) in _sample)
        {
            var at = BlockFrame.At(voxel, volume);
            double z = (at.Z - meanZ) * voxelSize.Z, y = (at.Y - meanY) * voxelSize.Y, x = (at.X - meanX) * voxelSize.X;
            var distance = z * z + y * y + x * x;
            if (distance < bestDistance || (distance == bestDistance && voxel < bestVoxel))
                (best, bestDistance, bestVoxel) = (at, distance, voxel);
        }
        return best;
    }

    private void Offer(ulong hash, long voxel)
    {
        if (hash >= _bound || !_sample.Add((hash, voxel))) return;
        if (_sample.Count > Size) _sample.Remove(_sample.Max);
        if (_sample.Count == Size) _bound = _sample.Max.Hash;
    }

    /// <summary>The finaliser of splitmix64 (Steele et al. 2014): one to one, so hashes of voxels never
    /// collide.</summary>
    private static ulong Hash(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
