using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Npy;

/// <summary>NumPy's .npy files, read and written.</summary>
/// <remarks>Versions 1 to 3; bool, integers and floats of 1 to 8 bytes; both byte orders and both axis orders on reading, C
/// order and little-endian on writing. Structured and object arrays are refused.</remarks>
public static class NpyFile
{
    /// <summary>Reads an array into memory, in C order whatever the file's.</summary>
    /// <typeparam name="T">The exact item type: bool and byte both read bool; otherwise no conversion is made.</typeparam>
    /// <exception cref="InvalidDataException">Not an .npy file, cut short, of another item type, or too large for one array.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NpyArray<T> Read<T>(string path) where T : unmanaged
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        var header = NpyHeader.Read(stream, path);
        RequireType<T>(header, path);
        if (header.Count > Array.MaxLength) throw NpyHeader.Bad(path, $"has {header.Count} items, too many for one array");
        var values = new T[header.Count];
        stream.Position = header.DataOffset;
        ReadItems(stream, values.AsSpan(), header, path);
        return new NpyArray<T>(header.Shape, header.FortranOrder ? ToCOrder(values, header.Shape) : values);
    }

    /// <summary>Reads an array of 3 axes (z, y, x) or 4 axes (channel, z, y, x) as a volume.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>, or the array has another number of axes.</exception>
    public static Volume<T> ReadVolume<T>(string path) where T : unmanaged
    {
        var array = Read<T>(path);
        var (channels, shape) = VolumeShape(array.Shape, path);
        return new Volume<T>(shape, channels, array.Values);
    }

    /// <summary>Writes an array, under a temporary name first.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="shape">Lengths of the axes, slowest first.</param>
    /// <param name="values">As many items as the product of the shape, C order.</param>
    /// <exception cref="ArgumentException">The number of items is not the shape's.</exception>
    public static void Write<T>(string path, ReadOnlySpan<int> shape, ReadOnlySpan<T> values) where T : unmanaged
    {
        long count = 1;
        foreach (var length in shape) count = checked(count * length);
        if (count != values.Length)
            throw new ArgumentException($"A shape of {count} items cannot hold {values.Length}.", nameof(values));
        var (kind, size) = TypeOf<T>();
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException(".npy files are written on little-endian machines only.");
        var header = NpyHeader.Write(shape, kind, size);
        var items = values.ToArray();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            const int Piece = 1 << 24;
            for (var at = 0; at < items.Length; at += Piece)
                stream.Write(MemoryMarshal.AsBytes(items.AsSpan(at, Math.Min(Piece, items.Length - at))));
        });
    }

    /// <summary>Writes a volume: 3 axes for one channel, else 4.</summary>
    public static void Write<T>(string path, Volume<T> volume) where T : unmanaged =>
        Write<T>(path, volume.Channels == 1
            ? [volume.Shape.Z, volume.Shape.Y, volume.Shape.X]
            : [volume.Channels, volume.Shape.Z, volume.Shape.Y, volume.Shape.X], volume.Data);

    internal static (int Channels, Index3 Shape) VolumeShape(int[] axes, string path) => axes switch
    {
        [var z, var y, var x] => (1, new Index3(z, y, x)),
        [var c and > 0, var z, var y, var x] => (c, new Index3(z, y, x)),
        _ => throw NpyHeader.Bad(path, $"has shape ({string.Join(",", axes)}), which is not (z, y, x)"),
    };

    /// <summary>Fills values from the stream's place on, in pieces, for an array may have more bytes than a span can count.</summary>
    internal static void ReadItems<T>(FileStream stream, Span<T> values, NpyHeader header, string path) where T : unmanaged
    {
        const int Piece = 1 << 24;
        for (var at = 0; at < values.Length; at += Piece)
        {
            var piece = values.Slice(at, Math.Min(Piece, values.Length - at));
            var bytes = MemoryMarshal.AsBytes(piece);
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw NpyHeader.Bad(path, "is cut short");
            if (header.BigEndian == BitConverter.IsLittleEndian) Reverse(bytes, header.ItemBytes);
        }
    }

    private static void Reverse(Span<byte> bytes, int itemBytes)
    {
        switch (itemBytes)
        {
            case 2: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(bytes), MemoryMarshal.Cast<byte, ushort>(bytes)); break;
            case 4: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(bytes), MemoryMarshal.Cast<byte, uint>(bytes)); break;
            case 8: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(bytes), MemoryMarshal.Cast<byte, ulong>(bytes)); break;
        }
    }

    private static T[] ToCOrder<T>(T[] values, int[] shape)
    {
        var result = new T[values.Length];
        var at = new int[shape.Length];
        var steps = new int[shape.Length];
        for (int axis = 0, step = 1; axis < shape.Length; step *= shape[axis], axis++) steps[axis] = step;
        var from = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = values[from];
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++at[axis] < shape[axis]) break;
                from -= steps[axis] * shape[axis];
                at[axis] = 0;
            }
        }
        return result;
    }

    private static void RequireType<T>(NpyHeader header, string path) where T : unmanaged
    {
        var (kind, size) = TypeOf<T>();
        var matches = header.ItemBytes == size && (header.Kind == kind || header.Kind == 'b' && kind == 'u');
        if (!matches) throw new InvalidDataException($"{path} holds items of {header.TypeName}; {new NpyHeader([], kind, size, false, false, 0).TypeName} was expected. Nothing was written.");
    }

    private static (char Kind, int Size) TypeOf<T>() where T : unmanaged => default(T) switch
    {
        bool => ('b', 1),
        byte => ('u', 1),
        ushort => ('u', 2),
        uint => ('u', 4),
        ulong => ('u', 8),
        sbyte => ('i', 1),
        short => ('i', 2),
        int => ('i', 4),
        long => ('i', 8),
        float => ('f', 4),
        double => ('f', 8),
        _ => throw new NotSupportedException($"An .npy file does not hold {typeof(T).Name} here."),
    };
}
