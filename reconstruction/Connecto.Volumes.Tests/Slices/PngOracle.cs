using System.Buffers.Binary;
using System.IO.Compression;

namespace Connecto.Volumes.Tests.Slices;

/// <summary>A naive PNG writer, by the specification, for every depth, filter and interlacing.</summary>
internal static class PngOracle
{
    /// <param name="samples">(y, x) order, each below 2^depth.</param>
    /// <param name="filterOf">The filter of row number n of the stream.</param>
    /// <param name="idat">Bytes an IDAT chunk.</param>
    public static byte[] Write(int[] samples, int height, int width, int depth, bool interlaced, Func<int, int> filterOf, int idat = 1000,
        byte colour = 0)
    {
        var rows = new MemoryStream();
        var number = 0;
        (int, int, int, int)[] passes = interlaced
            ? [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
            : [(0, 0, 1, 1)];
        foreach (var (y0, x0, dy, dx) in passes)
        {
            byte[]? above = null;
            for (var y = y0; y < height && x0 < width; y += dy)
            {
                var bits = new List<bool>();
                for (var x = x0; x < width; x += dx)
                    for (var bit = depth - 1; bit >= 0; bit--)
                        bits.Add((samples[y * width + x] >> bit & 1) != 0);
                var row = new byte[(bits.Count + 7) / 8];
                for (var i = 0; i < bits.Count; i++) if (bits[i]) row[i / 8] |= (byte)(128 >> (i % 8));
                above ??= new byte[row.Length];
                var filter = filterOf(number++);
                rows.WriteByte((byte)filter);
                var step = Math.Max(1, depth / 8);
                for (var i = 0; i < row.Length; i++)
                {
                    int a = i < step ? 0 : row[i - step], b = above[i], c = i < step ? 0 : above[i - step];
                    rows.WriteByte((byte)(row[i] - filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 }));
                }
                above = row;
            }
        }
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows.ToArray());

        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, colour, (byte)(interlaced ? 1 : 0));
        Chunk(file, "IHDR", header);
        Chunk(file, "tEXt", "Comment\0a slice"u8.ToArray());
        foreach (var part in packed.ToArray().Chunk(idat)) Chunk(file, "IDAT", part);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    public static void Chunk(Stream file, string type, byte[] body)
    {
        var bytes = type.Select(letter => (byte)letter).Concat(body).ToArray();
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(bytes);
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
