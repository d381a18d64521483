using System.Buffers.Binary;
using System.IO.Compression;

namespace Connecto.Volumes.Slices;

/// <summary>Writes the simplest TIFF that everybody reads: little-endian, black is zero, one strip a page.</summary>
internal static class TiffWriter
{
    private const ushort Short = 3, Long = 4;

    public static void Write(Stream stream, IEnumerable<GreyImage> pages, CompressionLevel level)
    {
        Span<byte> start = [(byte)'I', (byte)'I', 42, 0, 0, 0, 0, 0];
        stream.Write(start);
        Span<byte> number = stackalloc byte[4];
        long link = 4;
        foreach (var page in pages)
        {
            if (!BitConverter.IsLittleEndian)
                throw new PlatformNotSupportedException("TIFF is written on little-endian machines only.");
            var data = stream.Position;
            if (level == CompressionLevel.NoCompression)
                stream.Write(page.Bytes);
            else
                using (var zlib = new ZLibStream(stream, level, leaveOpen: true))
                    zlib.Write(page.Bytes);
            var length = stream.Position - data;
            if (stream.Position % 2 != 0) stream.WriteByte(0);
            var directory = stream.Position;
            if (directory > uint.MaxValue - 1024)
                throw new ArgumentException("The pages pass 4 GB; classic TIFF cannot address more.", nameof(pages));
            var compression = (ushort)(level == CompressionLevel.NoCompression ? 1 : 8);
            stream.Write(Directory(page.Format, (uint)data, (uint)length, compression));

            var end = stream.Position;
            stream.Position = link;
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)directory);
            stream.Write(number);
            stream.Position = end;
            link = end - 4;
        }
        if (link == 4) throw new ArgumentException("A TIFF has one page or more; found none.", nameof(pages));
    }

    private static byte[] Directory(GreyFormat format, uint data, uint length, ushort compression)
    {
        (ushort Tag, ushort Type, uint Value)[] fields =
        [
            (256, Long, (uint)format.Width), (257, Long, (uint)format.Height), (258, Short, (uint)format.BitsPerSample),
            (259, Short, compression), (262, Short, 1), (273, Long, data), (277, Short, 1), (278, Long, (uint)format.Height),
            (279, Long, length), (339, Short, 1),
        ];
        var bytes = new byte[2 + 12 * fields.Length + 4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)fields.Length);
        for (var i = 0; i < fields.Length; i++)
        {
            var entry = bytes.AsSpan(2 + 12 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, fields[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], fields[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], fields[i].Value);
        }
        return bytes;
    }
}
