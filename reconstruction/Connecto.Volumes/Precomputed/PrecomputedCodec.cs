using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Precomputed;

/// <summary>Turns a chunk's voxels into the bytes of its file and back.</summary>
/// <remarks>Both encodings order voxels x, y, z, channel with x fastest, which is what (channel, z, y, x) in C order is in
/// memory: no voxel is ever moved. Safe to use from several threads.</remarks>
internal sealed class PrecomputedCodec<T>(PrecomputedScale scale, int channels) where T : unmanaged
{
    /// <summary>The info file's name for the voxel type.</summary>
    public static string DataType { get; } =
        !BitConverter.IsLittleEndian ? throw new PlatformNotSupportedException("Precomputed volumes need a little-endian machine.")
        : typeof(T) == typeof(byte) ? "uint8"
        : typeof(T) == typeof(ushort) ? "uint16"
        : typeof(T) == typeof(uint) ? "uint32"
        : typeof(T) == typeof(ulong) ? "uint64"
        : typeof(T) == typeof(float) ? "float32"
        : throw new NotSupportedException($"Precomputed volumes hold byte, ushort, uint, ulong or float, not {typeof(T).Name}.");

    /// <summary>Encodes a chunk and packs it with gzip.</summary>
    public ReadOnlyMemory<byte> Encode(Volume<T> chunk)
    {
        var bytes = scale.Encoding == PrecomputedEncoding.Raw
            ? MemoryMarshal.AsBytes<T>(chunk.Data)
            : typeof(T) == typeof(ulong)
                ? MemoryMarshal.AsBytes(CompressedSegmentation.Encode<ulong>(MemoryMarshal.Cast<T, ulong>(chunk.Data), chunk.Shape, channels, scale.Block))
                : MemoryMarshal.AsBytes(CompressedSegmentation.Encode<uint>(MemoryMarshal.Cast<T, uint>(chunk.Data), chunk.Shape, channels, scale.Block));
        var packed = new MemoryStream(bytes.Length / 4 + 1024);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    /// <summary>Decodes the bytes of a chunk's file, packed with gzip or not.</summary>
    /// <exception cref="InvalidDataException">They do not decode to the chunk's voxels.</exception>
    public Volume<T> Decode(byte[] file, Index3 shape, string path)
    {
        var chunk = new Volume<T>(shape, channels);
        var expected = (long)chunk.Data.Length * Marshal.SizeOf<T>();
        if (scale.Encoding == PrecomputedEncoding.Raw)
        {
            var bytes = MemoryMarshal.AsBytes(chunk.Data.AsSpan());
            if (path.EndsWith(".gz", StringComparison.Ordinal) || file.Length != expected && IsGzip(file))
            {
                var count = Unpack(file, bytes, path);
                if (count != expected) throw Corrupt(path, $"unpacks to {(count > expected ? "more than " : "")}{Math.Min(count, expected)} bytes; its grid says {expected}");
            }
            else if (file.Length == expected)
                file.AsSpan().CopyTo(bytes);
            else
                throw Corrupt(path, $"has {file.Length} bytes; its grid says {expected}");
            return chunk;
        }

        // A plain chunk begins with the offset of channel 0, which is the number of channels and never gzip's 1F 8B.
        var words = path.EndsWith(".gz", StringComparison.Ordinal) || IsGzip(file) ? UnpackAll(file, path) : file;
        if (words.Length % 4 != 0) throw Corrupt(path, $"has {words.Length} bytes, no whole number of words");
        var encoded = MemoryMarshal.Cast<byte, uint>(words);
        var problem = typeof(T) == typeof(ulong)
            ? CompressedSegmentation.Decode<ulong>(encoded, shape, channels, scale.Block, MemoryMarshal.Cast<T, ulong>(chunk.Data.AsSpan()))
            : CompressedSegmentation.Decode<uint>(encoded, shape, channels, scale.Block, MemoryMarshal.Cast<T, uint>(chunk.Data.AsSpan()));
        return problem is null ? chunk : throw Corrupt(path, problem);
    }

    private static bool IsGzip(byte[] file) => file is [0x1F, 0x8B, ..];

    /// <summary>Unpacks into place; returns the bytes unpacked, one more than fit where there are more.</summary>
    private static long Unpack(byte[] file, Span<byte> into, string path)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
            var count = gzip.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            // The byte past the end also makes zlib check the sum that closes the file.
            return gzip.ReadByte() < 0 ? count : count + 1L;
        }
        catch (InvalidDataException)
        {
            throw Corrupt(path, "does not decompress");
        }
    }

    private byte[] UnpackAll(byte[] file, string path)
    {
        // Bounded: no encoder writes more than a header, a full table and full values for every block.
        var block = (scale.Block.Count + 31) * (Marshal.SizeOf<T>() + 4L) + 64;
        var blocks = Blocks(scale.Chunk.Z, scale.Block.Z) * Blocks(scale.Chunk.Y, scale.Block.Y) * Blocks(scale.Chunk.X, scale.Block.X);
        var limit = (long)Int128.Min(Array.MaxLength, (Int128)block * blocks * channels + 4 * channels);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
            var all = new MemoryStream(file.Length * 4);
            var buffer = new byte[1 << 16];
            for (int count; (count = gzip.Read(buffer)) > 0;)
            {
                all.Write(buffer, 0, count);
                if (all.Length > limit) throw Corrupt(path, $"unpacks to more than {limit} bytes");
            }
            return all.ToArray();
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith("Chunk", StringComparison.Ordinal))
        {
            throw Corrupt(path, "does not decompress");
        }
    }

    private static long Blocks(int length, int block) => (length + (long)block - 1) / block;

    private static InvalidDataException Corrupt(string path, string found) =>
        new($"Chunk {path} {found}. Re-create it; no voxel was written.");
}
