using System.Buffers.Binary;

namespace Connecto.Volumes.Slices;

/// <summary>The pixels that are written.</summary>
internal enum PngPixel { Grey8, Grey16, Rgb8 }

/// <summary>The IHDR chunk of a grey picture, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, bool Interlaced)
{
    /// <summary>The eight bytes that every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Signature, then IHDR with its length, type and CRC.</summary>
    public const int ByteCount = 8 + 4 + 4 + 13 + 4;

    public GreyFormat Format => new(Height, Width, BitDepth == 16 ? 16 : 8);

    /// <summary>Reads the first <see cref="ByteCount"/> bytes of a file.</summary>
    public static PngHeader Parse(ReadOnlySpan<byte> start, string name)
    {
        if (start.Length < 8 || !start[..8].SequenceEqual(Signature))
            throw Bad(name, "does not begin as a PNG does");
        if (start.Length < ByteCount) throw Truncated(name);
        if (BinaryPrimitives.ReadUInt32BigEndian(start[8..]) != 13 || !start.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw Bad(name, "has no header chunk where a PNG has it");
        if (BinaryPrimitives.ReadUInt32BigEndian(start[29..]) != Crc32.Append(0, start.Slice(12, 17)))
            throw Bad(name, "is damaged: the checksum of its header is wrong");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(start[16..]), BinaryPrimitives.ReadUInt32BigEndian(start[20..]));
        var (depth, colour) = (start[24], start[25]);
        if (colour != 0)
            throw new InvalidDataException(
                $"{name} is a {ColourName(colour)} PNG; slices must be grey without alpha. Convert it; nothing was written.");
        if (depth is not (1 or 2 or 4 or 8 or 16) || start[26] != 0 || start[27] != 0 || start[28] > 1)
            throw Bad(name, $"has a header that no grey PNG has (depth {depth}, methods {start[26]},{start[27]},{start[28]})");
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue || (ulong)width * height * 2 > (ulong)Array.MaxLength)
            throw Bad(name, $"claims a size of {width} x {height}, which no slice may have");
        return new PngHeader((int)width, (int)height, depth, start[28] == 1);
    }

    public static InvalidDataException Bad(string name, string found) =>
        new($"{name} {found}; a whole grey PNG was expected. Nothing was written.");

    public static InvalidDataException Truncated(string name) => Bad(name, "is cut short");

    private static string ColourName(byte type) => type switch
    {
        2 => "colour (RGB)",
        3 => "palette (indexed colour)",
        4 => "grey + alpha",
        6 => "colour + alpha (RGBA)",
        _ => $"colour-type-{type}",
    };
}
