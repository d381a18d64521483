using System.Runtime.InteropServices;
using Connecto.Volumes.Precomputed;

namespace Connecto.Volumes.Tests.Precomputed;

public sealed class CompressedSegmentationTests
{
    private static readonly Index3 Eight = new(8, 8, 8);

    [Fact]
    public void What_is_encoded_reads_voxel_by_voxel_as_the_specification_has_it() => Forall.Seed(random =>
    {
        var (shape, channels) = (Forall.Shape(random, 20), random.Next(1, 3));
        var labels = Forall.Labels(random, shape, 1 << random.Next(10), channels);
        var words = CompressedSegmentation.Encode<ulong>(labels.Data, shape, channels, Eight);
        Check(MemoryMarshal.AsBytes(words).ToArray(), labels, Eight, 8);
        var narrow = Array.ConvertAll(labels.Data, id => (uint)id);
        words = CompressedSegmentation.Encode<uint>(narrow, shape, channels, Eight);
        Check(MemoryMarshal.AsBytes(words).ToArray(), new Volume<ulong>(shape, channels, Array.ConvertAll(narrow, id => (ulong)id)), Eight, 4);
    });

    [Fact]
    public void What_is_encoded_decodes_again() => Forall.Seed(random =>
    {
        var shape = Forall.Shape(random, 40);
        var labels = Forall.Labels(random, shape, 1 << random.Next(12));
        var decoded = new ulong[labels.Data.Length];
        Assert.Null(CompressedSegmentation.Decode<ulong>(CompressedSegmentation.Encode<ulong>(labels.Data, shape, 1, Eight), shape, 1, Eight, decoded));
        Assert.Equal(labels.Data, decoded);
    });

    [Fact]
    public void Any_other_encoder_s_layout_block_size_and_bits_decode() => Forall.Seed(random =>
    {
        var (shape, channels) = (Forall.Shape(random, 20), random.Next(1, 3));
        var block = Forall.Shape(random, 11);
        var labels = Forall.Labels(random, shape, 1 << random.Next(9), channels);
        var bytes = CompressedSegmentationOracle.Encode(labels, block, 8, random);
        Check(bytes, labels, block, 8);
        var decoded = new ulong[labels.Data.Length];
        Assert.Null(CompressedSegmentation.Decode(MemoryMarshal.Cast<byte, uint>(bytes), shape, channels, block, decoded.AsSpan()));
        Assert.Equal(labels.Data, decoded);
    });

    [Fact]
    public void Indices_of_any_bits_are_packed_lowest_bits_first() => Forall.Seed(random =>
    {
        var bits = 1 << random.Next(5);
        var indices = new ushort[random.Next(2) == 0 ? 512 : random.Next(1, 100)];
        foreach (ref var index in indices.AsSpan()) index = (ushort)random.Next(1 << bits);
        var words = new uint[(indices.Length * bits + 31) / 32];
        LabelBits.Pack(indices, bits, words);
        for (var i = 0; i < indices.Length; i++)
            Assert.Equal(indices[i], words[i * bits / 32] >> i * bits % 32 & (1u << bits) - 1);
        var unpacked = new ushort[indices.Length];
        LabelBits.Unpack(words, bits, unpacked);
        Assert.Equal(indices, unpacked);
    });

    [Fact]
    public void A_block_of_one_id_takes_its_header_and_equal_tables_are_stored_once()
    {
        var shape = new Index3(64, 64, 64);
        var flat = new ulong[shape.Count];
        Array.Fill(flat, 7ul);
        Assert.Equal(1 + 2 * 512 + 2, CompressedSegmentation.Encode<ulong>(flat, shape, 1, Eight).Length);
        // Two ids in every block, met in either order: one table and one bit a voxel.
        var striped = Enumerable.Range(0, flat.Length).Select(i => (ulong)((i / 8 + i) % 2 + 5)).ToArray();
        Assert.Equal(1 + 2 * 512 + 4 + 512 * 16, CompressedSegmentation.Encode<ulong>(striped, shape, 1, Eight).Length);
    }

    [Fact]
    public void Damaged_words_are_an_answer_and_never_an_exception() => Forall.Seed(random =>
    {
        var shape = Forall.Shape(random, 20);
        var labels = Forall.Labels(random, shape, 40);
        var words = CompressedSegmentation.Encode<ulong>(labels.Data, shape, 1, Eight).ToArray();
        var decoded = new ulong[labels.Data.Length];
        Assert.NotNull(CompressedSegmentation.Decode<ulong>(words.AsSpan(0, random.Next(Math.Min(words.Length, 3))), shape, 1, Eight, decoded));
        for (var i = 0; i < 20; i++)
        {
            var damaged = (uint[])words.Clone();
            damaged[random.Next(damaged.Length)] = (uint)random.NextInt64(1L << 32);
            CompressedSegmentation.Decode<ulong>(damaged, shape, 1, Eight, decoded);
            CompressedSegmentation.Decode<ulong>(words.AsSpan(0, random.Next(words.Length)), shape, 1, Eight, decoded);
        }
    });

    private static void Check(byte[] bytes, Volume<ulong> labels, Index3 block, int idBytes)
    {
        var shape = labels.Shape;
        for (var c = 0; c < labels.Channels; c++)
            for (var z = 0; z < shape.Z; z++)
                for (var y = 0; y < shape.Y; y++)
                    for (var x = 0; x < shape.X; x++)
                    {
                        var value = CompressedSegmentationOracle.ValueAt(bytes, c, x, y, z, (shape.X, shape.Y, shape.Z), (block.X, block.Y, block.Z), idBytes);
                        if (value != labels[c, z, y, x]) Assert.Equal(labels[c, z, y, x], value);
                    }
    }
}
