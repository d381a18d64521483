using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Precomputed;

/// <summary>Turns a chunk's voxels into the bytes of its file and back.</summary>
/// <remarks>Both encodings order voxels x, y, z, channel with x fastest, which is what (channel, z, y, x) in C order is
/// in memory: no voxel is ever moved. Safe to use from several threads.</remarks>
internal sealed class PrecomputedCodec<T>(PrecomputedScale scale, int channels) where T : unmanaged
{
    /// <summary>The info file's name for the voxel type.</summary>
    public static string DataType { get; } =
        !BitConverter.IsLittleEndian
            ? throw new PlatformNotSupportedException("Precomputed volumes need a little-endian machine.")
        : typeof(T) == typeof(byte) ? "uint8"
        : typeof(T) == typeof(ushort) ? "uint16"
        : typeof(T) == typeof(uint) ? "uint32"
        : typeof(T) == typeof(ulong) ? "uint64"
        : typeof(T) == typeof(float) ? "float32"
        : throw new NotSupportedException(
            $"Precomputed volumes hold byte, ushort, uint, ulong or float, not {typeof(T).Name}.");

    /// <summary>Encodes a chunk and packs it with gzip.</summary>
    public PackedChunk Encode(Volume<T> chunk) => new(
        scale.Encoding == PrecomputedEncoding.Raw ? MemoryMarshal.AsBytes<T>(chunk.Data)
        : typeof(T) == typeof(ulong) ? Encode<ulong>(chunk)
        : Encode<uint>(chunk));

    /// <summary>Encodes, and packs with gzip, a chunk of compressed_segmentation under other ids.</summary>
    /// <exception cref="InvalidDataException">The file does not decode.</exception>
    public PackedChunk EncodeRenamed(byte[] file, string path, Index3 shape, LabelRename<T> rename)
    {
        var words = MemoryMarshal.Cast<byte, uint>(Unpacked(file, path));
        string? problem;
        // T is uint or ulong, which is all that this encoding takes.
        var renamed = typeof(T) == typeof(ulong)
            ? CompressedSegmentation.Rename(words, shape, scale.Block, (LabelRename<ulong>)(object)rename, out problem)
            : CompressedSegmentation.Rename(words, shape, scale.Block, (LabelRename<uint>)(object)rename, out problem);
        return problem is null ? new PackedChunk(MemoryMarshal.AsBytes(renamed)) : throw Corrupt(path, problem);
    }

    /// <summary>Decodes the bytes of a chunk's file, packed with gzip or not.</summary>
    /// <exception cref="InvalidDataException">They do not decode to the chunk's voxels.</exception>
    public Volume<T> Decode(byte[] file, Index3 shape, string path) => Decode(file, new Volume<T>(shape, channels), path);

    /// <summary>The same into a chunk that is there: written in full, and returned.</summary>
    public Volume<T> Decode(byte[] file, Volume<T> chunk, string path)
    {
        var expected = (long)chunk.Data.Length * Unsafe.SizeOf<T>();
        if (scale.Encoding == PrecomputedEncoding.Raw)
        {
            var bytes = MemoryMarshal.AsBytes(chunk.Data.AsSpan());
            if (path.EndsWith(".gz", StringComparison.Ordinal) || file.Length != expected && IsGzip(file))
                Unpack(file, bytes, path);
            else if (file.Length == expected)
                file.AsSpan().CopyTo(bytes);
            else
                throw Corrupt(path, $"has {file.Length} bytes; its grid says {expected}");
            return chunk;
        }

        var encoded = MemoryMarshal.Cast<byte, uint>(Unpacked(file, path));
        var problem = typeof(T) == typeof(ulong)
            ? Decode<ulong>(encoded, chunk)
            : Decode<uint>(encoded, chunk);
        return problem is null ? chunk : throw Corrupt(path, problem);
    }

    // TId is T, uint or ulong, which is all that this encoding takes.
    private ReadOnlySpan<byte> Encode<TId>(Volume<T> chunk) where TId : unmanaged, IBinaryInteger<TId> =>
        MemoryMarshal.AsBytes(CompressedSegmentation.Encode<TId>(
            MemoryMarshal.Cast<T, TId>(chunk.Data), chunk.Shape, channels, scale.Block));

    private string? Decode<TId>(ReadOnlySpan<uint> words, Volume<T> chunk) where TId : unmanaged, IBinaryInteger<TId> =>
        CompressedSegmentation.Decode(
            words, chunk.Shape, channels, scale.Block, MemoryMarshal.Cast<T, TId>(chunk.Data.AsSpan()));

    private static bool IsGzip(byte[] file) => file is [0x1F, 0x8B, ..];

    /// <summary>Unpacks into place and demands the length that the file's last word states.</summary>
    /// <remarks>.NET's gzip reader takes a file that is cut in its last eight bytes for whole; that word shows
    /// it.</remarks>
    private static void Unpack(byte[] file, Span<byte> into, string path)
    {
        if (!IsGzip(file)) throw Corrupt(path, "is no gzip file");
        if (UnpackedLength(file) != into.Length)
            throw Corrupt(path,
                $"is cut short, or unpacks to {UnpackedLength(file)} bytes; {into.Length} were expected");
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
            var count = gzip.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            // One byte more makes zlib reach the end and check its sum.
            if (count < into.Length || gzip.ReadByte() >= 0)
                throw Corrupt(path, $"does not unpack to {into.Length} bytes");
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith("Chunk", StringComparison.Ordinal))
        {
            throw Corrupt(path, "does not decompress");
        }
    }

    // A plain chunk begins with the offset of channel 0, which is the number of channels and never gzip's 1F 8B.
    private byte[] Unpacked(byte[] file, string path)
    {
        var words = path.EndsWith(".gz", StringComparison.Ordinal) || IsGzip(file) ? UnpackAll(file, path) : file;
        return words.Length % 4 == 0 ? words : throw Corrupt(path, $"has {words.Length} bytes, no whole number of words");
    }

    private byte[] UnpackAll(byte[] file, string path)
    {
        // Bounded: no encoder writes more than a header, a full table and full values for every block.
        var block = scale.Block.Count * (Unsafe.SizeOf<T>() + 4L) + 16;
        var blocks = Blocks(scale.Chunk.Z, scale.Block.Z) * Blocks(scale.Chunk.Y, scale.Block.Y)
            * Blocks(scale.Chunk.X, scale.Block.X);
        var limit = (long)Int128.Min(Array.MaxLength, (Int128)block * blocks * channels + 4L * channels);
        if (UnpackedLength(file) is var length && length > limit)
            throw Corrupt(path, $"unpacks to {length} bytes; its grid allows {limit}");
        var bytes = new byte[length];
        Unpack(file, bytes, path);
        return bytes;
    }

    /// <summary>The last word of a gzip file of one member (RFC 1952): the length of what is in it.</summary>
    private static uint UnpackedLength(byte[] file) =>
        file.Length < 18 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - 4));

    private static long Blocks(int length, int block) => (length + (long)block - 1) / block;

    private static InvalidDataException Corrupt(string path, string found) =>
        new($"Chunk {path} {found}. Re-create it; no voxel was written.");
}
