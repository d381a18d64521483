using System.Runtime.InteropServices;

namespace Connecto.Volumes.Npy;

/// <summary>An .npy file seen as a read-only volume; C-order files stay on disk and are read by rows.</summary>
internal static class NpyVolume
{
    public static ChunkedVolume<ulong> OpenLabels(string path, VoxelSize size) => Type(path) switch
    {
        "uint64" => Open<ulong>(path, size),
        "uint32" => new ConvertedVolume<uint, ulong>(Open<uint>(path, size), size, Widen.ToLabels),
        "uint16" => new ConvertedVolume<ushort, ulong>(Open<ushort>(path, size), size, Widen.ToLabels),
        "uint8" or "bool" => new ConvertedVolume<byte, ulong>(Open<byte>(path, size), size, Widen.ToLabels),
        "int64" => new ConvertedVolume<long, ulong>(Open<long>(path, size), size, (from, to) => Signed(from, to, path)),
        "int32" => new ConvertedVolume<int, ulong>(Open<int>(path, size), size, (from, to) => Signed(from, to, path)),
        "int16" => new ConvertedVolume<short, ulong>(Open<short>(path, size), size, (from, to) => Signed(from, to, path)),
        var other => throw new InvalidDataException(
            $"{path} holds items of {other}; labels are whole numbers. Nothing was written."),
    };

    public static ChunkedVolume<byte> OpenImage(string path, VoxelSize size) => Type(path) switch
    {
        "uint8" or "bool" => Open<byte>(path, size),
        "uint16" => SampleRange.Narrow(Open<ushort>(path, size), size),
        "uint32" => SampleRange.Narrow(Open<uint>(path, size), size),
        var other => throw new InvalidDataException(
            $"{path} holds items of {other}; an image of 8, 16 or 32 unsigned bits was expected. Nothing was written."),
    };

    private static void Signed<T>(ReadOnlySpan<T> from, Span<ulong> to, string path)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = T.IsNegative(from[i])
                ? throw new InvalidDataException(
                    $"{path} holds the label {from[i]}; labels are 0 or more. No voxel was written.")
                : ulong.CreateTruncating(from[i]);
    }

    private static ChunkedVolume<T> Open<T>(string path, VoxelSize size) where T : unmanaged
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        var header = NpyHeader.Read(stream, path);
        return header.FortranOrder
            ? new MemoryVolume<T>(NpyFile.ReadVolume<T>(path), size)
            : new NpyVolume<T>(path, header, size);
    }

    private static string Type(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        return NpyHeader.Read(stream, path).TypeName;
    }
}

/// <summary>A C-order .npy file, read by runs of rows.</summary>
internal sealed class NpyVolume<T> : ChunkedVolume<T> where T : unmanaged
{
    private readonly string path;
    private readonly NpyHeader header;

    public NpyVolume(string path, NpyHeader header, VoxelSize voxelSize)
    {
        (this.path, this.header, VoxelSize) = (path, header, voxelSize);
        (Channels, Shape) = NpyFile.VolumeShape(header.Shape, path);
    }

    public override Index3 Shape { get; }

    public override int Channels { get; }

    public override VoxelSize VoxelSize { get; }

    public override Index3 Chunk => new(1, Math.Max(1, Shape.Y), Math.Max(1, Shape.X));

    public override Volume<T> Read(Box box)
    {
        var result = new Volume<T>(CheckedRead(box).Shape, Channels);
        if (box.IsEmpty) return result;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        // Whole rows follow each other in the file; whole sections would too, but a row is long enough to be worth a
        // read.
        var (rows, row) =
            (box.Shape.X == Shape.X ? box.Shape.Y : 1, box.Shape.X == Shape.X ? box.Shape.Y * Shape.X : box.Shape.X);
        var into = 0;
        for (var c = 0; c < Channels; c++)
            for (var z = box.Begin.Z; z < box.End.Z; z++)
                for (var y = box.Begin.Y; y < box.End.Y; y += rows, into += row)
                {
                    var item = (((long)c * Shape.Z + z) * Shape.Y + y) * Shape.X + box.Begin.X;
                    stream.Position = header.DataOffset + item * header.ItemBytes;
                    NpyFile.ReadItems(stream, result.Data.AsSpan(into, row), header, path);
                }
        return result;
    }

    public override void Write(Box box, Volume<T> voxels) =>
        throw new NotSupportedException("An .npy file is read-only here; write a precomputed volume.");
}
