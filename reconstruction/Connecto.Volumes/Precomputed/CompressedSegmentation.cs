// The idea: the volume is cut into small blocks; a block holds a table of the ids in it and, for every voxel, the index
// into that table in 0, 1, 2, 4, 8, 16 or 32 bits. Tissue has few ids a block, so 64 bits a voxel become about one, and
// any voxel can be read without unpacking the rest. Tables are sorted, so equal sets of ids are equal words and are
// stored once.
// Source: https://github.com/google/neuroglancer, src/sliceview/compressed_segmentation/README.md, multi-channel form.
// Given up: sharing of values between blocks, and tables that are subsets of others.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Volumes.Precomputed;

internal static class CompressedSegmentation
{
    /// <summary>Encodes voxels, (channel, z, y, x) in C order; the words live until the thread's next call.</summary>
    /// <exception cref="InvalidOperationException">A channel passes the 64 MB that the format's table offsets
    /// reach.</exception>
    public static Span<uint> Encode<T>(ReadOnlySpan<T> voxels, Index3 shape, int channels, Index3 block)
        where T : unmanaged, IBinaryInteger<T>
    {
        return EncoderFor<T>(block).Encode(voxels, shape, channels);
    }

    /// <summary>The words of a chunk of one channel under other ids; see <see
    /// cref="CompressedSegmentationEncoder{T}.Rename"/>.</summary>
    public static Span<uint> Rename<T>(ReadOnlySpan<uint> words, Index3 shape, Index3 block, LabelRename<T> rename,
        out string? problem) where T : unmanaged, IBinaryInteger<T> =>
        EncoderFor<T>(block).Rename(words, shape, rename, out problem);

    private static CompressedSegmentationEncoder<T> EncoderFor<T>(Index3 block) where T : unmanaged, IBinaryInteger<T>
    {
        if (OfThread<T>.Encoder is not { } encoder || encoder.Block != block)
            OfThread<T>.Encoder = encoder = new CompressedSegmentationEncoder<T>(block);
        return encoder;
    }

    private static class OfThread<T> where T : unmanaged, IBinaryInteger<T>
    {
        [ThreadStatic]
        public static CompressedSegmentationEncoder<T>? Encoder;
    }

    /// <summary>Decodes words into voxels, (channel, z, y, x) in C order.</summary>
    /// <returns>Null, or what is wrong with the words, as the end of a sentence that begins with the chunk's
    /// name.</returns>
    public static string? Decode<T>(ReadOnlySpan<uint> words, Index3 shape, int channels, Index3 block, Span<T> voxels)
        where T : unmanaged, IBinaryInteger<T>
    {
        var voxelsOfChannel = (int)shape.Count;
        for (var c = 0; c < channels; c++)
        {
            if (c >= words.Length || words[c] > words.Length || words[c] < channels)
                return "has no offset for every channel inside it";
            var problem =
                DecodeChannel(words[(int)words[c]..], shape, block, voxels.Slice(c * voxelsOfChannel, voxelsOfChannel));
            if (problem is not null) return problem;
        }
        return null;
    }

    private static string? DecodeChannel<T>(ReadOnlySpan<uint> words, Index3 shape, Index3 block, Span<T> voxels)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (gridY, gridX) = (Blocks(shape.Y, block.Y), Blocks(shape.X, block.X));
        if (words.Length < 2 * Blocks(shape.Z, block.Z) * gridY * gridX) return "ends inside its block headers";
        var header = 0;
        foreach (var box in Box.Of(shape).Tile(block))
        {
            var (tableAt, bits, valuesAt) =
                ((int)(words[header] & 0xFFFFFF), (int)(words[header] >> 24), words[header + 1]);
            header += 2;
            if (bits > 32 || !BitOperations.IsPow2(bits) && bits != 0) return $"has a block of {bits} bits a value";
            var size = box.Shape;
            // Values up to the last one that lies inside the volume; what a writer left out behind it is never read.
            var last = (long)bits * (size.X - 1 + block.X * (size.Y - 1 + (long)block.Y * (size.Z - 1)));
            if (tableAt > words.Length || bits > 0 && valuesAt + last / 32 >= words.Length)
                return "has a block that points past its end";
            var table = MemoryMarshal.Cast<uint, T>(words[tableAt..]);
            var values = bits == 0 ? default : words[(int)valuesAt..];
            if (!DecodeBlock(values, bits, table, box, block, shape, voxels))
                return "has a value that points past its end";
        }
        return null;
    }

    private static bool DecodeBlock<T>(ReadOnlySpan<uint> values, int bits, ReadOnlySpan<T> table, Box box,
        Index3 block, Index3 shape, Span<T> voxels) where T : unmanaged
    {
        if (table.Length == 0) return false;
        var mask = bits == 32 ? uint.MaxValue : (1u << bits) - 1;
        var quick = Bmi2.X64.IsSupported && bits is > 0 and <= 8 && block.X == 8 && block.Y == 8;
        var bytes = MemoryMarshal.AsBytes(values);
        var spread = bits is > 0 and <= 8 ? 0x0101010101010101UL * mask : 0;
        for (var z = box.Begin.Z; z < box.End.Z; z++)
            for (var y = box.Begin.Y; y < box.End.Y; y++)
            {
                var row = voxels.Slice((z * shape.Y + y) * shape.X + box.Begin.X, box.End.X - box.Begin.X);
                if (bits == 0)
                {
                    row.Fill(table[0]);
                    continue;
                }
                if (quick)
                {
                    var at = bits * (y - box.Begin.Y + 8 * (z - box.Begin.Z));
                    var eight = Bmi2.X64.ParallelBitDeposit(ReadRow(bytes, at, bits), spread);
                    for (var x = 0; x < row.Length; x++, eight >>= 8)
                    {
                        var entry = (int)(eight & 0xFF);
                        if (entry >= table.Length) return false;
                        row[x] = table[entry];
                    }
                    continue;
                }
                var bit = (long)bits * block.X * (y - box.Begin.Y + (long)block.Y * (z - box.Begin.Z));
                for (var x = 0; x < row.Length; x++, bit += bits)
                {
                    var index = values[(int)(bit >> 5)] >> (int)(bit & 31) & mask;
                    if (index >= (uint)table.Length) return false;
                    row[x] = table[(int)index];
                }
            }
        return true;
    }

    /// <summary>Eight indices as they are packed; a row that ends early may lack its last bytes.</summary>
    private static ulong ReadRow(ReadOnlySpan<byte> bytes, int at, int count)
    {
        if (at + 8 <= bytes.Length) return BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        ulong row = 0;
        for (var i = 0; i < count && at + i < bytes.Length; i++) row |= (ulong)bytes[at + i] << 8 * i;
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Blocks(int length, int block) => (length - 1) / block + 1;
}
