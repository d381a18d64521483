using System.Runtime.InteropServices;
using Connecto.Graph;
using Connecto.Segmentation;
using Connecto.Volumes;

namespace Connecto.Pipeline;

/// <summary>Sums up segments from their fragments: voxels, bounding box, centroid. Whole-number sums, so order does not
/// matter.</summary>
internal sealed class SegmentCensus(VoxelSize voxelSize)
{
    private readonly Dictionary<ulong, Tally> _tallies = [];

    /// <summary>Adds a fragment to its segment.</summary>
    public void Add(ulong segment, FragmentTally fragment)
    {
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_tallies, segment, out var known);
        if (!known) tally = Tally.Empty;
        tally.Add(fragment);
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

        public void Add(FragmentTally fragment)
        {
            Voxels += fragment.Voxels;
            SumZ += fragment.SumZ;
            SumY += fragment.SumY;
            SumX += fragment.SumX;
            Begin = Index3.Min(Begin, fragment.Begin);
            End = Index3.Max(End, fragment.End);
        }

        /// <summary>Mean place of the voxels' centres, half a voxel after their beginnings.</summary>
        public readonly double Mean(Int128 sum) => (double)sum / Voxels + 0.5;
    }
}
