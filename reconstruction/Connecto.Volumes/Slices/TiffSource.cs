using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Connecto.Volumes.Slices;

/// <summary>A TIFF file's bytes by offset, in the file's byte order; every way past its end is one clear
/// error.</summary>
internal sealed class TiffSource
{
    private readonly SafeFileHandle handle;

    public TiffSource(SafeFileHandle handle, string name)
    {
        (this.handle, Name, Length) = (handle, name, RandomAccess.GetLength(handle));
        Span<byte> start = stackalloc byte[4];
        if (Length < 8) throw Bad(Length == 0 ? "is empty" : "is cut short");
        RandomAccess.Read(handle, start, 0);
        BigEndian = start[0] switch
        {
            (byte)'I' when start[1] == 'I' => false,
            (byte)'M' when start[1] == 'M' => true,
            _ => throw Bad("does not begin as a TIFF does"),
        };
        var version = UInt16(start[2..]);
        if (version is not (42 or 43)) throw Bad($"has version {version} where TIFF has 42 and BigTIFF 43");
        Big = version == 43;
    }

    public string Name { get; }

    public long Length { get; }

    public bool BigEndian { get; }

    /// <summary>True for BigTIFF: offsets of 8 bytes.</summary>
    public bool Big { get; }

    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length) throw Bad("is cut short: it points past its end");
        while (into.Length > 0)
        {
            var count = RandomAccess.Read(handle, into, offset);
            if (count == 0) throw Bad("is cut short: it points past its end");
            into = into[count..];
            offset += count;
        }
    }

    public byte[] Read(long offset, long count)
    {
        if (count < 0 || offset < 0 || offset > Length - count) throw Bad("is cut short: it points past its end");
        if (count > Array.MaxLength) throw Bad($"has a field of {count} bytes, which is too large");
        var bytes = new byte[count];
        Read(offset, bytes.AsSpan());
        return bytes;
    }

    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong UInt64(ReadOnlySpan<byte> bytes) =>
        BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    public InvalidDataException Bad(string found) =>
        new($"{Name} {found}; a whole grey TIFF was expected. Nothing was written.");

    public InvalidDataException Refuse(string found, string expected) =>
        new($"{Name} {found}; {expected}. Convert it; nothing was written.");
}
