using System.Numerics;

namespace Connecto.Volumes;

/// <summary>A read-only view of a volume with other voxels and, where wanted, another voxel size.</summary>
/// <param name="source">The volume behind.</param>
/// <param name="voxelSize">Taken for its own.</param>
/// <param name="convert">Turns voxels, any number of them, into as many of the other type.</param>
internal sealed class ConvertedVolume<TFrom, T>(ChunkedVolume<TFrom> source, VoxelSize voxelSize, Conversion<TFrom, T> convert)
    : ChunkedVolume<T> where TFrom : unmanaged where T : unmanaged
{
    public override Index3 Shape => source.Shape;

    public override int Channels => source.Channels;

    public override VoxelSize VoxelSize => voxelSize;

    public override Index3 Chunk => source.Chunk;

    public override Volume<T> Read(Box box)
    {
        var voxels = source.Read(box);
        if (voxels is Volume<T> same) return same;
        var converted = new Volume<T>(voxels.Shape, voxels.Channels);
        convert(voxels.Data, converted.Data);
        return converted;
    }

    public override void Write(Box box, Volume<T> voxels) =>
        throw new NotSupportedException("This view of a volume is read-only.");
}

/// <summary>Turns voxels into as many of another type.</summary>
internal delegate void Conversion<TFrom, T>(ReadOnlySpan<TFrom> from, Span<T> to);

/// <summary>Conversions to labels.</summary>
internal static class Widen
{
    /// <summary>Widens unsigned ids.</summary>
    public static void ToLabels<T>(ReadOnlySpan<T> from, Span<ulong> to) where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 0; i < from.Length; i++) to[i] = ulong.CreateTruncating(from[i]);
    }
}
