using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Measures the faces within a block and counts its fragments' voxels, while both are at hand.</summary>
/// <remarks>
/// The idea: 16 labels at a time are compared with their lower neighbours; where they differ, a run of faces between the
/// same two fragments costs one look-up. All sums are whole numbers, so neither the cut into blocks nor their order
/// matters. The result is what a <see cref="RegionGraphBuilder"/> finds in its voxels, of the faces
/// that lie within the block.
/// </remarks>
internal sealed unsafe class BlockMeasure(Volume<uint> labels, Volume<byte> affinities, Box core, Index3 origin)
{
    private readonly PairTable _pairs = new();
    private readonly Index3 _shape = labels.Shape;

    public PairTable Pairs => _pairs;

    /// <summary>Measures everything.</summary>
    /// <param name="tallies">One a fragment, written.</param>
    public void Run(Span<FragmentTally> tallies)
    {
        tallies.Fill(FragmentTally.None);
        fixed (uint* all = labels.Data)
            for (var z = 0; z < _shape.Z; z++)
                for (var y = 0; y < _shape.Y; y++)
                {
                    var row = all + ((long)z * _shape.Y + y) * _shape.X;
                    AlongX(row, z, y, tallies);
                    if (y > 0) AcrossY(row, row - _shape.X, z, y);
                    if (z > 0) AcrossZ(row, row - (long)_shape.Y * _shape.X, z, y);
                }
    }

    /// <summary>1 where a voxel lies inside a cell, as its own section sees it.</summary>
    /// <remarks>The faces to its lower neighbours in y and x are at least as likely within a cell as not; faces that leave
    /// the volume are not read. 0.5: on isbi2012 0-15 VI rose by 2 % with 0.25 and by 8 % with 0.75.</remarks>
    public byte IsInterior(int z, int y, int x) =>
        (origin.X + x == 0 || Affinity(2, z, y, x) >= InteriorRow.Least)
        && (origin.Y + y == 0 || Affinity(1, z, y, x) >= InteriorRow.Least) ? (byte)1 : (byte)0;

    /// <summary>The affinity of a voxel of the block to its lower neighbour: channel 0, 1, 2 for z, y, x.</summary>
    public byte Affinity(int channel, int z, int y, int x) =>
        affinities[channel, core.Begin.Z + z, core.Begin.Y + y, core.Begin.X + x];

    private ReadOnlySpan<byte> Row(int channel, int z, int y) => affinities.Slice(core.Begin.Z + z, channel)
        .Slice((core.Begin.Y + y) * affinities.Shape.X + core.Begin.X, _shape.X);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AlongX(uint* row, int z, int y, Span<FragmentTally> tallies)
    {
        var face = Row(2, z, y);
        for (var x = 0; x < _shape.X;)
        {
            var (id, begin) = (row[x], x);
            x = x + 1 < _shape.X ? NextDifference(row, row - 1, x + 1, _shape.X) : _shape.X;
            if (id != 0) tallies[(int)id - 1].AddRun(origin.Z + z, origin.Y + y, origin.X + begin, origin.X + x);
            if (x < _shape.X && id != 0 && row[x] != 0) AddPlane(ref Pair(id, row[x]), face[x]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AcrossY(uint* row, uint* lower, int z, int y)
    {
        var face = Row(1, z, y);
        for (var x = NextDifference(row, lower, 0, _shape.X); x < _shape.X; x = NextDifference(row, lower, x, _shape.X))
        {
            uint a = row[x], b = lower[x];
            if (a == 0 || b == 0)
            {
                x++;
                continue;
            }
            ref var sum = ref Pair(a, b);
            do AddPlane(ref sum, face[x++]);
            while (x < _shape.X && row[x] == a && lower[x] == b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AcrossZ(uint* row, uint* lower, int z, int y)
    {
        var face = Row(0, z, y);
        for (var x = NextDifference(row, lower, 0, _shape.X); x < _shape.X; x = NextDifference(row, lower, x, _shape.X))
        {
            uint a = row[x], b = lower[x];
            if (a == 0 || b == 0)
            {
                x++;
                continue;
            }
            ref var sum = ref Pair(a, b);
            do
            {
                int affinity = face[x];
                sum.ZCount++;
                sum.ZSum += affinity;
                sum.ZSquares += affinity * affinity;
                if (a > b) sum.Rising++;
                if ((IsInterior(z, y, x) & IsInterior(z - 1, y, x)) != 0)
                {
                    sum.InteriorCount++;
                    sum.InteriorSum += affinity;
                    sum.InteriorSquares += affinity * affinity;
                }
                x++;
            }
            while (x < _shape.X && row[x] == a && lower[x] == b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ContactSum Pair(uint a, uint b) => ref a < b ? ref _pairs[a, b] : ref _pairs[b, a];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPlane(ref ContactSum sum, int affinity)
    {
        sum.PlaneCount++;
        sum.PlaneSum += affinity;
        sum.PlaneSquares += affinity * affinity;
    }

    /// <summary>The first place from <paramref name="x"/> on where two rows differ, or their length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextDifference(uint* a, uint* b, int x, int length)
    {
        for (; x + 16 <= length; x += 16)
        {
            var equal = Vector512.Equals(Vector512.Load(a + x), Vector512.Load(b + x)).ExtractMostSignificantBits();
            if (equal != 0xFFFF) return x + BitOperations.TrailingZeroCount(~equal);
        }
        while (x < length && a[x] == b[x]) x++;
        return x;
    }
}
