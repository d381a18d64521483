using System.Numerics;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Precomputed;

/// <summary>The encoder of <see cref="CompressedSegmentation"/> with its scratch memory; one a thread.</summary>
/// <remarks>Ids come in runs, so most voxels cost one comparison with the voxel before; the rest one probe of a small
/// hash table, which a stamp empties between blocks.</remarks>
internal sealed class CompressedSegmentationEncoder<T> where T : unmanaged, IBinaryInteger<T>
{
    private const int LargestTableOffset = (1 << 24) - 1;

    private readonly Index3 block;
    private readonly ushort[] indices;
    private readonly T[] table;
    private readonly ushort[] sorted;
    private readonly (T Id, int Stamp, int Index)[] slots;
    private readonly Dictionary<ulong, List<(int At, int Count)>> tables = [];
    private uint[] words = new uint[4096];
    private int used, stamp;

    public CompressedSegmentationEncoder(Index3 block)
    {
        var voxels = checked((int)block.Count);
        if (voxels > ushort.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(block), $"Blocks of {block} are too large to encode.");
        this.block = block;
        (indices, table, sorted) = (new ushort[voxels], new T[voxels], new ushort[voxels]);
        slots = new (T, int, int)[BitOperations.RoundUpToPowerOf2((uint)voxels * 2)];
    }

    /// <summary>Encodes voxels, (channel, z, y, x) in C order; the result lives until the next call.</summary>
    public Span<uint> Encode(ReadOnlySpan<T> voxels, Index3 shape, int channels)
    {
        used = 0;
        Reserve(channels);
        for (var c = 0; c < channels; c++)
        {
            words[c] = (uint)used;
            EncodeChannel(voxels.Slice(c * (int)shape.Count, (int)shape.Count), shape);
        }
        return words.AsSpan(0, used);
    }

    private void EncodeChannel(ReadOnlySpan<T> voxels, Index3 shape)
    {
        var start = used;
        var header = Reserve(2 * CompressedSegmentation.Blocks(shape.Z, block.Z) * CompressedSegmentation.Blocks(shape.Y, block.Y)
            * CompressedSegmentation.Blocks(shape.X, block.X));
        tables.Clear();
        for (var z = 0; z < shape.Z; z += block.Z)
            for (var y = 0; y < shape.Y; y += block.Y)
                for (var x = 0; x < shape.X; x += block.X, header += 2)
                {
                    var at = new Index3(z, y, x);
                    var count = Index(voxels, shape, at, Index3.Min(block, shape - at));
                    var bits = BitsFor(count);
                    var valuesAt = used - start;
                    WriteValues(bits);
                    var tableAt = WriteTable(count) - start;
                    if (tableAt > LargestTableOffset)
                        throw new InvalidOperationException(
                            $"A chunk of {shape} with this many ids passes the 64 MB that compressed_segmentation reaches; use smaller chunks.");
                    words[header] = (uint)tableAt | (uint)bits << 24;
                    words[header + 1] = (uint)valuesAt;
                }
    }

    /// <summary>Fills the block's indices and its table, sorted by id; returns the ids in it.</summary>
    private int Index(ReadOnlySpan<T> voxels, Index3 shape, Index3 at, Index3 size)
    {
        // Places beyond the volume's end keep index 0, an id of the block as the format asks.
        if (size != block) Array.Clear(indices);
        stamp++;
        var count = 0;
        var previous = voxels[(at.Z * shape.Y + at.Y) * shape.X + at.X];
        var index = Find(previous, ref count);
        for (var z = 0; z < size.Z; z++)
            for (var y = 0; y < size.Y; y++)
            {
                var row = voxels.Slice(((at.Z + z) * shape.Y + at.Y + y) * shape.X + at.X, size.X);
                var target = indices.AsSpan((z * block.Y + y) * block.X, row.Length);
                for (var x = 0; x < row.Length; x++)
                {
                    if (row[x] != previous)
                    {
                        previous = row[x];
                        index = Find(previous, ref count);
                    }
                    target[x] = (ushort)index;
                }
            }
        if (count > 1) SortTable(count);
        return count;
    }

    private int Find(T id, ref int count)
    {
        var mask = slots.Length - 1;
        var hash = (int)((ulong.CreateTruncating(id) * 0x9E3779B97F4A7C15UL) >> 40) & mask;
        while (slots[hash].Stamp == stamp)
        {
            if (slots[hash].Id == id) return slots[hash].Index;
            hash = hash + 1 & mask;
        }
        slots[hash] = (id, stamp, count);
        table[count] = id;
        return count++;
    }

    private void SortTable(int count)
    {
        Span<T> ids = table.AsSpan(0, count);
        var inOrder = true;
        for (var i = 1; i < count && inOrder; i++) inOrder = ids[i - 1] < ids[i];
        if (inOrder) return;
        Span<ushort> order = sorted.AsSpan(0, count);
        for (var i = 0; i < count; i++) order[i] = (ushort)i;
        ids.Sort(order);
        Span<ushort> rank = stackalloc ushort[count <= 256 ? 256 : count];
        for (var i = 0; i < count; i++) rank[order[i]] = (ushort)i;
        for (var i = 0; i < indices.Length; i++) indices[i] = rank[indices[i]];
    }

    private void WriteValues(int bits)
    {
        if (bits == 0) return;
        var at = Reserve((indices.Length * bits + 31) / 32);
        var perWord = 32 / bits;
        for (var i = 0; i < indices.Length; i += perWord, at++)
        {
            var word = 0u;
            var group = indices.AsSpan(i, Math.Min(perWord, indices.Length - i));
            for (var j = 0; j < group.Length; j++) word |= (uint)group[j] << (j * bits);
            words[at] = word;
        }
    }

    /// <summary>Writes the table, or finds the same one written before; returns where it stands.</summary>
    private int WriteTable(int count)
    {
        var entry = MemoryMarshal.Cast<T, uint>(table.AsSpan(0, count));
        var hash = (ulong)entry.Length;
        foreach (var word in entry) hash = (hash ^ word) * 0x9E3779B97F4A7C15UL ^ hash >> 29;
        ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(tables, hash, out _);
        same ??= [];
        foreach (var (at, length) in same)
            if (length == entry.Length && words.AsSpan(at, length).SequenceEqual(entry))
                return at;
        var place = Reserve(entry.Length);
        entry.CopyTo(words.AsSpan(place));
        same.Add((place, entry.Length));
        return place;
    }

    private int Reserve(int count)
    {
        var at = used;
        used = checked(used + count);
        if (used > words.Length)
            Array.Resize(ref words, (int)Math.Min(Array.MaxLength, Math.Max((long)used, 2L * words.Length)));
        return at;
    }

    private static int BitsFor(int count) =>
        count <= 1 ? 0 : count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : count <= 256 ? 8 : 16;
}
