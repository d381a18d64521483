// The idea: a PNG is one zlib stream of rows, each with a filter byte, cut into IDAT chunks. The chunks' bodies are
// slid together inside the file's own buffer, inflated in one call, and every row is unfiltered straight into the
// picture. Interlaced files are seven small pictures one after the other (Adam7), scattered pixel by pixel.
// Source: PNG, second edition, ISO/IEC 15948. Given up: ancillary chunks (gamma, transparency key, text) are passed
// over.
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Slices;

internal static class PngReader
{
    // Deflate cannot expand by more than this, so a header that asks for more is a lie and costs no memory.
    private const long LargestExpansion = 1032;

    // Adam7: first row, first column, row step, column step of each pass.
    private static readonly (int Y, int X, int StepY, int StepX)[] Passes =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    private static readonly (int Y, int X, int StepY, int StepX)[] OnePass = [(0, 0, 1, 1)];

    /// <summary>Reads the header, then steps from chunk to chunk to the end mark.</summary>
    public static GreyFormat ReadFormat(FileStream stream, string name)
    {
        Span<byte> start = stackalloc byte[PngHeader.ByteCount];
        var header = PngHeader.Parse(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)], name);
        Span<byte> chunk = stackalloc byte[8];
        for (long at = PngHeader.ByteCount; ;)
        {
            stream.Position = at;
            if (stream.ReadAtLeast(chunk, 8, throwOnEndOfStream: false) < 8) throw PngHeader.Truncated(name);
            at += 12 + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (at > stream.Length) throw PngHeader.Truncated(name);
            if (chunk[4..].SequenceEqual("IEND"u8)) return header.Format;
        }
    }

    /// <summary>Decodes a whole file.</summary>
    public static GreyImage Decode(byte[] file, string name)
    {
        var header = PngHeader.Parse(file.AsSpan(0, Math.Min(file.Length, PngHeader.ByteCount)), name);
        var compressed = GatherImageData(file, name);
        var passes = header.Interlaced ? Passes : OnePass;
        long expected = 0;
        foreach (var pass in passes) expected += PassBytes(header, pass);
        if (expected > Array.MaxLength || expected > LargestExpansion * compressed + 1024)
            throw PngHeader.Bad(name,
                $"has {compressed} bytes of image data, too few for its {header.Height} x {header.Width} pixels");

        var filtered = ArrayPool<byte>.Shared.Rent((int)expected);
        try
        {
            Inflate(file, compressed, filtered.AsSpan(0, (int)expected), name);
            var samples = new byte[header.Format.ByteCount];
            if (header is { Interlaced: false, BitDepth: >= 8 })
                DecodeWhole(header, filtered, samples, name);
            else
                DecodePasses(header, passes, filtered, samples, name);
            return new GreyImage(header.Format, samples);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(filtered);
        }
    }

    /// <summary>Slides the bodies of all IDAT chunks to the front of the buffer; returns their length.</summary>
    private static int GatherImageData(byte[] file, string name)
    {
        var (at, length) = (PngHeader.ByteCount, 0);
        while (true)
        {
            if (file.Length - at < 12) throw PngHeader.Truncated(name);
            var size = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (size > file.Length - at - 12) throw PngHeader.Truncated(name);
            var body = file.AsSpan(at + 8, (int)size);
            var type = file.AsSpan(at + 4, 4);
            var crc = Crc32.Append(0, file.AsSpan(at + 4, 4 + (int)size));
            if (crc != BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)size)))
                throw PngHeader.Bad(name, "is damaged: a checksum is wrong");
            at += 12 + (int)size;
            if (type.SequenceEqual("IEND"u8)) return length;
            if (!type.SequenceEqual("IDAT"u8)) continue;
            body.CopyTo(file.AsSpan(length));
            length += body.Length;
        }
    }

    private static void Inflate(byte[] file, int compressed, Span<byte> into, string name)
    {
        try
        {
            using var zlib = new ZLibStream(
                new MemoryStream(file, 0, compressed, writable: false), CompressionMode.Decompress);
            if (zlib.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length)
                throw PngHeader.Bad(name, "holds fewer pixels than its header says");
            // One byte more makes zlib reach the end of the stream and check its Adler-32 sum.
            zlib.ReadByte();
        }
        catch (InvalidDataException inner) when (!inner.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw PngHeader.Bad(name, "is damaged: its image data does not decompress");
        }
    }

    private static void DecodeWhole(PngHeader header, ReadOnlySpan<byte> filtered, byte[] samples, string name)
    {
        var pixelBytes = header.BitDepth / 8;
        Unfilter(filtered, samples, header.Height, header.Width * pixelBytes, pixelBytes, name);
        if (pixelBytes == 2) ReverseIfLittleEndian(samples);
    }

    private static void DecodePasses(PngHeader header, (int Y, int X, int StepY, int StepX)[] passes,
        ReadOnlySpan<byte> filtered, byte[] samples, string name)
    {
        var depth = header.BitDepth;
        var rows = new byte[PassBytes(header, header.Interlaced ? passes[^1] : passes[0])];
        foreach (var pass in passes)
        {
            var (height, width) = PassSize(header, pass);
            if (height == 0 || width == 0) continue;
            var rowBytes = (int)(((long)width * depth + 7) / 8);
            Unfilter(filtered, rows, height, rowBytes, Math.Max(1, depth / 8), name);
            filtered = filtered[(height * (rowBytes + 1))..];
            for (var y = 0; y < height; y++)
            {
                var row = rows.AsSpan(y * rowBytes, rowBytes);
                var target = ((long)(pass.Y + y * pass.StepY) * header.Width) + pass.X;
                for (var x = 0; x < width; x++, target += pass.StepX)
                    if (depth == 16)
                        (samples[2 * target], samples[2 * target + 1]) = (row[2 * x], row[2 * x + 1]);
                    else
                        samples[target] =
                            (byte)(row[x * depth >> 3] >> (8 - depth - (x * depth & 7)) & ((1 << depth) - 1));
            }
        }
        if (depth == 16) ReverseIfLittleEndian(samples);
    }

    private static void Unfilter(ReadOnlySpan<byte> filtered, Span<byte> rows, int height, int rowBytes, int pixelBytes,
        string name)
    {
        ReadOnlySpan<byte> above = new byte[rowBytes];
        for (var y = 0; y < height; y++)
        {
            var row = rows.Slice(y * rowBytes, rowBytes);
            var source = filtered.Slice(y * (rowBytes + 1), rowBytes + 1);
            if (!PngFilter.TryUndo(source[0], source[1..], above, row, pixelBytes))
                throw PngHeader.Bad(name, $"is damaged: a row has filter {source[0]}");
            above = row;
        }
    }

    private static (int Height, int Width) PassSize(PngHeader header, (int Y, int X, int StepY, int StepX) pass) =>
        ((int)((header.Height - pass.Y + (long)pass.StepY - 1) / pass.StepY),
         (int)((header.Width - pass.X + (long)pass.StepX - 1) / pass.StepX));

    private static long PassBytes(PngHeader header, (int Y, int X, int StepY, int StepX) pass)
    {
        var (height, width) = PassSize(header, pass);
        return width == 0 ? 0 : height * (1 + ((long)width * header.BitDepth + 7) / 8);
    }

    private static void ReverseIfLittleEndian(byte[] samples)
    {
        if (!BitConverter.IsLittleEndian) return;
        var words = MemoryMarshal.Cast<byte, ushort>(samples.AsSpan());
        BinaryPrimitives.ReverseEndianness(words, words);
    }
}
