using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Pipeline;

/// <summary>Counts segments block by block: voxels, bounding box, centroid. Whole-number sums, so order does not matter.</summary>
internal sealed class SegmentCensus(VoxelSize voxelSize)
{
    private readonly Dictionary<ulong, Tally> _tallies = [];
    private readonly Lock _lock = new();

    /// <summary>Adds a block whose first voxel lies at <paramref name="origin"/>; safe from several threads.</summary>
    public void Count(Volume<ulong> labels, Index3 origin)
    {
        var local = new Dictionary<ulong, Tally>();
        var shape = labels.Shape;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var row = labels.Data.AsSpan((z * shape.Y + y) * shape.X, shape.X);
                for (var x = 0; x < row.Length;)
                {
                    var id = row[x];
                    var begin = x;
                    while (x < row.Length && row[x] == id) x++;
                    if (id == 0) continue;
                    ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(local, id, out var known);
                    if (!known) tally = Tally.Empty;
                    tally.AddRun(origin.Z + z, origin.Y + y, origin.X + begin, origin.X + x);
                }
            }
        lock (_lock)
            foreach (var (id, tally) in local)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_tallies, id, out var known);
                sum = known ? sum.Plus(tally) : tally;
            }
    }

    /// <summary>All segments, ascending by id.</summary>
    public IReadOnlyList<Neuron> Neurons() =>
        [.. _tallies.OrderBy(t => t.Key).Select(t => new Neuron(t.Key, t.Value.Voxels,
            Place(t.Value.Begin.Z, t.Value.Begin.Y, t.Value.Begin.X), Place(t.Value.End.Z, t.Value.End.Y, t.Value.End.X),
            Place(t.Value.Mean(t.Value.SumZ), t.Value.Mean(t.Value.SumY), t.Value.Mean(t.Value.SumX))))];

    private Site Place(double z, double y, double x) =>
        new((float)(z * voxelSize.Z), (float)(y * voxelSize.Y), (float)(x * voxelSize.X));

    private struct Tally
    {
        public long Voxels;
        public Int128 SumZ, SumY, SumX;
        public Index3 Begin, End;

        public static Tally Empty => new()
        {
            Begin = new(int.MaxValue, int.MaxValue, int.MaxValue),
            End = new(int.MinValue, int.MinValue, int.MinValue),
        };

        public void AddRun(int z, int y, int begin, int end)
        {
            long n = end - begin;
            Voxels += n;
            SumZ += z * n;
            SumY += y * n;
            SumX += (begin + (long)end - 1) * n / 2;
            Begin = Index3.Min(Begin, new(z, y, begin));
            End = Index3.Max(End, new(z + 1, y + 1, end));
        }

        public readonly Tally Plus(Tally other) => new()
        {
            Voxels = Voxels + other.Voxels,
            SumZ = SumZ + other.SumZ,
            SumY = SumY + other.SumY,
            SumX = SumX + other.SumX,
            Begin = Index3.Min(Begin, other.Begin),
            End = Index3.Max(End, other.End),
        };

        /// <summary>Mean place of the voxels' centres, half a voxel after their beginnings.</summary>
        public readonly double Mean(Int128 sum) => (double)sum / Voxels + 0.5;
    }
}
