using System.Buffers.Binary;

namespace Connecto.Graph;

/// <summary>The first 64 bytes of a column's file; the values follow, little-endian, without gaps.</summary>
/// <remarks><code>
/// offset  bytes  value
///      0      8  "CNCTCOL" and a zero byte
///      8      4  version, 1
///     12      4  kind of value: 1 u64, 2 i64, 3 i32, 4 f32, 5 site (three f32: z, y, x in nm), 6 i8
///     16      8  number of values
///     24      8  XXH64 of the values' bytes, seed 0
///     32     24  zero
///     56      8  XXH64 of the 56 bytes before
/// </code></remarks>
internal readonly record struct ColumnHeader(uint Kind, long Count, ulong Checksum)
{
    public const int Bytes = 64;
    public const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "CNCTCOL\0"u8;

    public static uint KindOf<T>() where T : unmanaged =>
        typeof(T) == typeof(ulong) ? 1 : typeof(T) == typeof(long) ? 2 : typeof(T) == typeof(int) ? 3
        : typeof(T) == typeof(float) ? 4 : typeof(T) == typeof(Site) ? 5 : typeof(T) == typeof(sbyte) ? 6u
        : throw new NotSupportedException($"No column holds {typeof(T).Name}.");

    public static string NameOf(uint kind) => kind switch { 1 => "u64", 2 => "i64", 3 => "i32", 4 => "f32", 5 => "site", 6 => "i8", _ => "?" };

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Kind);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Count);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Checksum);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], XxHash64.Of(target[..56]));
    }

    /// <exception cref="InvalidDataException">These are no such bytes.</exception>
    public static ColumnHeader Read(ReadOnlySpan<byte> source, string path)
    {
        if (source.Length < Bytes || !source[..8].SequenceEqual(Magic))
            throw new InvalidDataException($"{path} is no column of a connectome; import or build it again. Nothing was opened.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        if (version != Version)
            throw new InvalidDataException($"{path} has the version {version}; this program reads {Version}. Nothing was opened.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(source[56..]) != XxHash64.Of(source[..56]))
            throw new InvalidDataException($"The header of {path} is damaged; import or build the connectome again. Nothing was opened.");
        return new ColumnHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(source[12..]), BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));
    }
}
