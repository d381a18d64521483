using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Distance of every interior voxel to the nearest voxel that is none, in quarters of the smallest pitch.</summary>
/// <remarks>
/// The idea: squared distances are small whole numbers, so 32 voxels go through one vector. Along x six steps of
/// doubling (1, 2, 4, ... voxels) find distances up to 63; along y, then z, a voxel takes the least of its line's values
/// plus the parabola, nearest first, until no farther one can win (all 32 lanes share the steps). On tissue that is ten
/// times as fast as the lower envelope of Felzenszwalb and Huttenlocher 2012, whose sweep is one voxel at a time. Given
/// up: distances beyond 63 voxels of x and 255 quarters, which all count as 255; and thirds of a quarter where pitches
/// differ by odd factors. The volume's border is no boundary: what lies outside is not known.
/// </remarks>
internal sealed unsafe class InteriorDistance : IDisposable
{
    private const int Strip = 32, Reach = 63, Guard = 64;
    private readonly VoxelSize _voxelSize;
    private readonly byte _threshold;
    private byte* _memory;
    private long _bytes;

    /// <param name="voxelSize">nm.</param>
    /// <param name="threshold">A voxel is interior when all its affinities reach this.</param>
    public InteriorDistance(VoxelSize voxelSize, byte threshold) => (_voxelSize, _threshold) = (voxelSize, threshold);

    /// <summary>Works out the levels of a block.</summary>
    /// <param name="affinities">Affinities to the lower neighbours in z, y, x of <paramref name="read"/> voxels; z may
    /// be null for one section.</param>
    /// <param name="read">Voxels that affinities are given of.</param>
    /// <param name="core">The block, in the frame of <paramref name="read"/>.</param>
    /// <param name="memory">Prepared for the block; its levels are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Measure(Affinities affinities, Index3 read, Box core, FloodMemory memory)
    {
        var strips = (core.Shape.X + Strip - 1) / Strip * Strip;
        long rowBytes = (read.X + 3 * Guard) & ~63, plane = (long)core.Shape.Y * strips;
        Reserve(4 * rowBytes + 64 + (read.Y + 2L) * strips * 2 + 64 + plane * read.Z * 2 + 64);
        var rows = _memory;
        var across = (ushort*)(rows + 4 * rowBytes);
        var flat = across + ((read.Y * (long)strips + 31) & ~31);
        var weights = Weights(read.Z > 1);
        for (var z = 0; z < read.Z; z++)
        {
            for (var y = 0; y < read.Y; y++)
            {
                var marked = rows + Guard;
                MarkRow(affinities, read, z, y, marked, rows + rowBytes + Guard);
                var distances = Sweep(marked, rows + rowBytes + Guard, read.X);
                Square(distances + core.Begin.X, core.Shape.X, strips, weights.X, across + (long)y * strips);
            }
            for (var s = 0; s < strips; s += Strip)
                for (var y = 0; y < core.Shape.Y; y++)
                    Nearest(across + s, core.Begin.Y + y, read.Y, strips, weights.Y)
                        .Store(flat + z * plane + (long)y * strips + s);
        }
        for (var y = 0; y < core.Shape.Y; y++)
            for (var z = 0; z < core.Shape.Z; z++)
            {
                var to = memory.Levels + memory.Layout.At(z, y);
                for (var s = 0; s < strips; s += Strip)
                    Root(Nearest(flat + (long)y * strips + s, core.Begin.Z + z, read.Z, plane, weights.Z))
                        .Store(to + s);
            }
    }

    /// <summary>255 where all affinities of a voxel reach the threshold, 0 elsewhere.</summary>
    /// <remarks>The least affinity, not the mean: a boundary may be as thin as the face between two voxels.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MarkRow(Affinities affinities, Index3 read, int z, int y, byte* to, byte* along)
    {
        var at = ((long)z * read.Y + y) * read.X;
        long plane = (long)read.Y * read.X;
        new ReadOnlySpan<byte>(affinities.X + at, read.X).CopyTo(new Span<byte>(along, read.X));
        along[0] = along[read.X] = 255;
        var lowerY = y > 0 ? affinities.Y + at : along;
        var upperY = y + 1 < read.Y ? affinities.Y + at + read.X : along;
        var lowerZ = z > 0 ? affinities.Z + at : along;
        var upperZ = z + 1 < read.Z ? affinities.Z + at + plane : along;
        var last = Math.Max(0, read.X - Vector512<byte>.Count);
        for (var i = 0; i < read.X; i += Vector512<byte>.Count)
        {
            if (read.X < Vector512<byte>.Count)
            {
                for (; i < read.X; i++)
                    to[i] = Math.Min(Math.Min(Math.Min(along[i], along[i + 1]), Math.Min(lowerY[i], upperY[i])),
                        Math.Min(lowerZ[i], upperZ[i])) >= _threshold ? (byte)255 : (byte)0;
                break;
            }
            var x = Math.Min(i, last);
            var least = Vector512.Min(Vector512.Load(along + x), Vector512.Load(along + x + 1));
            least = Vector512.Min(least, Vector512.Min(Vector512.Load(lowerY + x), Vector512.Load(upperY + x)));
            least = Vector512.Min(least, Vector512.Min(Vector512.Load(lowerZ + x), Vector512.Load(upperZ + x)));
            Vector512.GreaterThanOrEqual(least, Vector512.Create(_threshold)).Store(to + x);
        }
    }

    /// <summary>Distances along a row in voxels, 255 beyond <see cref="Reach"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte* Sweep(byte* row, byte* spare, int length)
    {
        for (var step = 1; step < Reach; step *= 2)
        {
            NativeMemory.Fill(row - Guard, Guard, 255);
            NativeMemory.Fill(row + length, Guard, 255);
            var add = Vector512.Create((byte)step);
            for (var i = 0; i < length; i += Vector512<byte>.Count)
            {
                var near = Vector512.Min(Vector512.Load(row + i - step), Vector512.Load(row + i + step));
                var far = Vector512.Min(near, Vector512.Create((byte)(255 - step))) + add;
                Vector512.Min(Vector512.Load(row + i), far).Store(spare + i);
            }
            var done = spare;
            spare = row;
            row = done;
        }
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square(byte* distances, int length, int strips, ushort weight, ushort* to)
    {
        var farthest = (ushort)Math.Min(Reach, (int)Math.Sqrt((ushort.MaxValue - 1) / (double)weight));
        for (var i = 0; i < strips; i += Strip)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(distances + i));
            var d = Vector512.Create(low, high);
            var squared = Vector512.ConditionalSelect(
                Vector512.GreaterThan(d, Vector512.Create(farthest)), Vector512<ushort>.AllBitsSet, d * d * weight);
            squared.Store(to + i);
        }
        // Lanes beyond the row hold nothing, so their levels become 0.
        for (var i = length; i < strips; i++) to[i] = 0;
    }

    /// <summary>The least, over a line of <paramref name="count"/> values, of value + weight * steps^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Nearest(ushort* line, int at, int count, long stride, int weight)
    {
        var here = line + at * stride;
        var best = Vector512.Load(here);
        for (int r = 1, most = Math.Max(at, count - 1 - at); r <= most; r++)
        {
            var parabola = weight * r * r;
            if (parabola > ushort.MaxValue) break;
            var add = Vector512.Create((ushort)parabola);
            if (!Vector512.GreaterThanAny(best, add)) break;
            var room = ~add;
            if (r <= at)
                best = Vector512.Min(best, Vector512.Min(Vector512.Load(here - r * stride), room) + add);
            if (r < count - at)
                best = Vector512.Min(best, Vector512.Min(Vector512.Load(here + r * stride), room) + add);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Root(Vector512<ushort> squared)
    {
        var (low, high) = Vector512.Widen(squared);
        var half = Vector512.Create(0.5f);
        var a = Vector512.ConvertToInt32(Vector512.Sqrt(Vector512.ConvertToSingle(low.AsInt32())) + half);
        var b = Vector512.ConvertToInt32(Vector512.Sqrt(Vector512.ConvertToSingle(high.AsInt32())) + half);
        var words = Vector512.Min(Vector512.Narrow(a.AsUInt32(), b.AsUInt32()), Vector512.Create((ushort)255));
        return Vector256.Narrow(words.GetLower(), words.GetUpper());
    }

    /// <summary>Squares of the pitches, in squared quarters of the smallest.</summary>
    private (ushort X, int Y, int Z) Weights(bool deep)
    {
        var pitch = Math.Min(_voxelSize.Y, _voxelSize.X);
        if (deep) pitch = Math.Min(pitch, _voxelSize.Z);
        return ((ushort)Weigh(_voxelSize.X), Weigh(_voxelSize.Y), Weigh(_voxelSize.Z));

        int Weigh(double length) => (int)Math.Min(ushort.MaxValue, Math.Round(16 * (length / pitch) * (length / pitch)));
    }

    private void Reserve(long bytes)
    {
        if (bytes <= _bytes) return;
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        _bytes = bytes;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    ~InteriorDistance() => NativeMemory.AlignedFree(_memory);
}

/// <summary>Affinities of a box of voxels to their lower neighbours, each in C order.</summary>
internal readonly unsafe struct Affinities(byte* z, byte* y, byte* x)
{
    public readonly byte* Z = z, Y = y, X = x;
}
