// The idea: unpack each strip or tile, put its bytes in the machine's order, undo row differences, and copy what lies
// on the page. Differences are undone after the byte order, as TIFF 6.0 section 14 defines them on samples.
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Slices;

internal sealed class TiffPageDecoder(TiffSource source, TiffPage page)
{
    private readonly int sampleBytes = page.Format.BitsPerSample / 8;

    public GreyImage Decode()
    {
        var samples = new byte[page.Format.ByteCount];
        var rowBytes = page.BlockWidth * sampleBytes;
        var block = page.BlocksAcross == 1 && !page.Tiled ? null : new byte[page.BlockHeight * rowBytes];
        for (var down = 0; down < page.BlocksDown; down++)
            for (var across = 0; across < page.BlocksAcross; across++)
            {
                var rows = page.RowsOf(down);
                // A strip is a run of whole rows and is unpacked in its place.
                var into = block is null
                    ? samples.AsSpan(down * page.BlockHeight * rowBytes, rows * rowBytes)
                    : block.AsSpan(0, rows * rowBytes);
                Unpack(down * page.BlocksAcross + across, into);
                Restore(into, rows);
                if (block is not null) CopyTile(block, down, across, samples);
            }
        return new GreyImage(page.Format, samples);
    }

    private void Unpack(int index, Span<byte> into)
    {
        var (offset, length) = (page.Offsets[index], page.ByteCounts[index]);
        if (page.Compression == TiffCompression.None)
        {
            source.Read(offset, into);
            return;
        }
        if (length > Array.MaxLength) throw source.Bad($"has a strip or tile of {length} bytes");
        var packed = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            source.Read(offset, packed.AsSpan(0, (int)length));
            var count = page.Compression switch
            {
                TiffCompression.Lzw => TiffLzw.Decode(packed.AsSpan(0, (int)length), into, source),
                TiffCompression.PackBits => TiffPackBits.Decode(packed.AsSpan(0, (int)length), into),
                _ => Inflate(packed, (int)length, into),
            };
            if (count < into.Length)
                throw source.Bad($"is damaged: a strip or tile unpacks to {count} of {into.Length} bytes");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private int Inflate(byte[] packed, int length, Span<byte> into)
    {
        try
        {
            using var zlib = new ZLibStream(
                new MemoryStream(packed, 0, length, writable: false), CompressionMode.Decompress);
            var count = zlib.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            // One byte more makes zlib reach the end of the stream and check its Adler-32 sum.
            if (count == into.Length) zlib.ReadByte();
            return count;
        }
        catch (InvalidDataException)
        {
            throw source.Bad("is damaged: a strip or tile does not decompress");
        }
    }

    private void Restore(Span<byte> block, int rows)
    {
        switch (sampleBytes)
        {
            case 1: RestoreSamples(block, rows); break;
            case 2: RestoreSamples(MemoryMarshal.Cast<byte, ushort>(block), rows); break;
            default: RestoreSamples(MemoryMarshal.Cast<byte, uint>(block), rows); break;
        }
    }

    private void RestoreSamples<T>(Span<T> block, int rows) where T : unmanaged, IBinaryInteger<T>
    {
        if (source.BigEndian == BitConverter.IsLittleEndian)
        {
            if (typeof(T) == typeof(ushort))
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, ushort>(block), MemoryMarshal.Cast<T, ushort>(block));
            else if (typeof(T) == typeof(uint))
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, uint>(block), MemoryMarshal.Cast<T, uint>(block));
        }
        if (page.Differenced)
            for (var y = 0; y < rows; y++)
            {
                var row = block.Slice(y * page.BlockWidth, page.BlockWidth);
                for (var x = 1; x < row.Length; x++) row[x] += row[x - 1];
            }
        if (page.WhiteIsZero)
            for (var i = 0; i < block.Length; i++) block[i] = ~block[i];
    }

    private void CopyTile(byte[] tile, int down, int across, byte[] samples)
    {
        var (top, left) = (down * page.BlockHeight, across * page.BlockWidth);
        var rows = Math.Min(page.BlockHeight, page.Format.Height - top);
        var bytes = Math.Min(page.BlockWidth, page.Format.Width - left) * sampleBytes;
        for (var y = 0; y < rows; y++)
            tile.AsSpan(y * page.BlockWidth * sampleBytes, bytes)
                .CopyTo(samples.AsSpan(((top + y) * page.Format.Width + left) * sampleBytes));
    }
}
