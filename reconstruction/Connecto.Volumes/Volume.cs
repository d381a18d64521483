namespace Connecto.Volumes;

/// <summary>A dense block of voxels in memory: shape (channels, z, y, x), C order, x fastest.</summary>
/// <typeparam name="T">The voxel: byte for images and maps, ulong for labels.</typeparam>
/// <remarks>Holds at most 2^31 - 64 values; larger data stays in a <see cref="ChunkedVolume{T}"/> and is read by box.
/// The array is the volume's own unless it was handed in.</remarks>
public sealed class Volume<T> where T : unmanaged
{
    /// <summary>Makes a volume of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative, or the volume is too large for one array.</exception>
    public Volume(Index3 shape, int channels = 1) : this(shape, channels, new T[CheckedLength(shape, channels)]) { }

    /// <summary>Lays a volume over an array that the caller keeps.</summary>
    /// <exception cref="ArgumentException">The array's length is not channels * z * y * x.</exception>
    public Volume(Index3 shape, int channels, T[] data)
    {
        if (data.Length != CheckedLength(shape, channels))
            throw new ArgumentException(
                $"A volume of {channels} x {shape} needs {channels * shape.Count} values; found {data.Length}.", nameof(data));
        (Shape, Channels, Data) = (shape, channels, data);
    }

    /// <summary>Extent of one channel, in voxels.</summary>
    public Index3 Shape { get; }

    /// <summary>Number of channels; 1 for images and labels.</summary>
    public int Channels { get; }

    /// <summary>All values, index ((c * Z + z) * Y + y) * X + x.</summary>
    public T[] Data { get; }

    /// <summary>One voxel of channel 0.</summary>
    public ref T this[int z, int y, int x] => ref Data[((long)z * Shape.Y + y) * Shape.X + x];

    /// <summary>One voxel of a channel.</summary>
    public ref T this[int channel, int z, int y, int x] =>
        ref Data[(((long)channel * Shape.Z + z) * Shape.Y + y) * Shape.X + x];

    /// <summary>All voxels of a channel.</summary>
    public Span<T> Channel(int channel) => Data.AsSpan((int)(channel * Shape.Count), (int)Shape.Count);

    /// <summary>One section of a channel, y then x.</summary>
    public Span<T> Slice(int z, int channel = 0) =>
        Data.AsSpan((int)(((long)channel * Shape.Z + z) * Shape.Y * Shape.X), Shape.Y * Shape.X);

    /// <summary>A copy of the voxels of a box that lies inside this volume, all channels.</summary>
    /// <exception cref="ArgumentException">The box does not lie inside.</exception>
    public Volume<T> Crop(Box box)
    {
        var result = new Volume<T>(box.Shape, Channels);
        result.Paste(this, box, default);
        return result;
    }

    /// <summary>Copies a box of another volume to a place in this one, all channels.</summary>
    /// <exception cref="ArgumentException">Channels differ, or the box lies outside either volume.</exception>
    public void Paste(Volume<T> from, Box box, Index3 at)
    {
        if (from.Channels != Channels)
            throw new ArgumentException($"Channels differ: {from.Channels} into {Channels}.", nameof(from));
        if (!Box.Of(from.Shape).Contains(box) || !Box.Of(Shape).Contains(box.Shift(at - box.Begin)))
            throw new ArgumentException($"Box {box} at {at} leaves volume {from.Shape} or {Shape}.", nameof(box));
        if (box.IsEmpty) return;
        var size = box.Shape;
        for (var c = 0; c < Channels; c++)
            for (var z = 0; z < size.Z; z++)
                for (var y = 0; y < size.Y; y++)
                    from.Data.AsSpan(from.Offset(c, box.Begin.Z + z, box.Begin.Y + y, box.Begin.X), size.X)
                        .CopyTo(Data.AsSpan(Offset(c, at.Z + z, at.Y + y, at.X), size.X));
    }

    private int Offset(int c, int z, int y, int x) => (int)((((long)c * Shape.Z + z) * Shape.Y + y) * Shape.X + x);

    private static int CheckedLength(Index3 shape, int channels)
    {
        if (shape.Z < 0 || shape.Y < 0 || shape.X < 0 || channels < 1)
            throw new ArgumentOutOfRangeException(nameof(shape), $"No volume has the shape {channels} x {shape}.");
        var length = (Int128)channels * shape.Z * shape.Y * shape.X;
        if (length > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(shape),
                $"{channels} x {shape} is too large for memory in one piece; read it by box from a chunked volume.");
        return (int)length;
    }
}
