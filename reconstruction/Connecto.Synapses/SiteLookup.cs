using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Reads the segments at points of a volume, each chunk once.</summary>
internal static class SiteLookup
{
    /// <summary>The segment at each site; 0 outside the volume.</summary>
    public static ulong[] Read(ChunkedVolume<ulong> segments, VoxelSize voxelSize, Site[] sites)
    {
        var result = new ulong[sites.Length];
        var whole = Box.Of(segments.Shape);
        var chunk = segments.Chunk;
        var voxels = sites.Select(s => new Index3((int)Math.Floor(s.Z / voxelSize.Z),
            (int)Math.Floor(s.Y / voxelSize.Y),
            (int)Math.Floor(s.X / voxelSize.X))).ToArray();
        foreach (var group in Enumerable.Range(0, sites.Length).Where(i => whole.Contains(voxels[i]))
            .GroupBy(i => new Index3(voxels[i].Z / chunk.Z, voxels[i].Y / chunk.Y, voxels[i].X / chunk.X)))
        {
            var begin = new Index3(group.Key.Z * chunk.Z, group.Key.Y * chunk.Y, group.Key.X * chunk.X);
            var box = new Box(begin, Index3.Min(begin + chunk, segments.Shape));
            var block = segments.Read(box);
            foreach (var i in group)
            {
                var at = voxels[i] - begin;
                result[i] = block[at.Z, at.Y, at.X];
            }
        }
        return result;
    }
}
