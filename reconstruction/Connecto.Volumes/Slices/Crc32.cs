using System.Buffers.Binary;

namespace Connecto.Volumes.Slices;

/// <summary>The CRC of PNG chunks (ISO 3309, polynomial 0xEDB88320 reflected).</summary>
/// <remarks>Eight bytes a step through eight tables ("slicing-by-8", Kounavis and Berry 2005): one lookup a byte, but
/// the eight do not wait for each other.</remarks>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The CRC of the bytes, continued from the CRC of those before them (0 at the start).</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> table = Table;
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[(int)(7 * 256 + (low & 0xFF))] ^ table[(int)(6 * 256 + (low >> 8 & 0xFF))]
                ^ table[(int)(5 * 256 + (low >> 16 & 0xFF))] ^ table[(int)(4 * 256 + (low >> 24))]
                ^ table[(int)(3 * 256 + (high & 0xFF))] ^ table[(int)(2 * 256 + (high >> 8 & 0xFF))]
                ^ table[(int)(256 + (high >> 16 & 0xFF))] ^ table[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (var b in bytes) crc = table[(int)((crc ^ b) & 0xFF)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        for (var n = 256; n < table.Length; n++) table[n] = table[table[n - 256] & 0xFF] ^ (table[n - 256] >> 8);
        return table;
    }
}
