using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Voxels of a block.</summary>
    public Index3 Block => block;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeChannel(ReadOnlySpan<T> voxels, Index3 shape)
    {
        var (start, header) = BeginChannel(shape);
        for (var z = 0; z < shape.Z; z += block.Z)
            for (var y = 0; y < shape.Y; y += block.Y)
                for (var x = 0; x < shape.X; x += block.X, header += 2)
                {
                    var at = new Index3(z, y, x);
                    WriteBlock(header, start, Index(voxels, shape, at, Index3.Min(block, shape - at)));
                }
    }

    /// <summary>Encodes once more what is encoded already, under other ids.</summary>
    /// <param name="encoded">Words of one channel in blocks of this encoder's size.</param>
    /// <param name="shape">Voxels of the chunk.</param>
    /// <param name="rename">Renames the ids of one block in place; equal ids must get equal names.</param>
    /// <param name="problem">What is wrong with the words, or null; then nothing of the result counts.</param>
    /// <returns>The words that encoding the renamed voxels gives; they live until the next call.</returns>
    public Span<uint> Rename(ReadOnlySpan<uint> encoded, Index3 shape, LabelRename<T> rename, out string? problem)
    {
        used = 0;
        words[Reserve(1)] = 1;
        var channel = encoded.Length > 0 && encoded[0] >= 1 && encoded[0] <= encoded.Length ? encoded[(int)encoded[0]..] : [];
        var blocks = CompressedSegmentation.Blocks(shape.Z, block.Z) * CompressedSegmentation.Blocks(shape.Y, block.Y)
            * CompressedSegmentation.Blocks(shape.X, block.X);
        problem = channel.Length < 2 * blocks ? "ends inside its block headers" : null;
        var (start, header) = BeginChannel(shape);
        for (var b = 0; b < blocks && problem is null; b++, header += 2)
        {
            var (tableAt, bits, valuesAt) = ((int)(channel[2 * b] & 0xFFFFFF), (int)(channel[2 * b] >> 24), channel[2 * b + 1]);
            var count = LoadBlock(channel, tableAt, bits, valuesAt);
            if (count == 0)
            {
                problem = "has a block that points past its end";
                break;
            }
            rename(table.AsSpan(0, count));
            WriteBlock(header, start, Compact(count));
        }
        return words.AsSpan(0, used);
    }

    private (int Start, int Header) BeginChannel(Index3 shape)
    {
        tables.Clear();
        var start = used;
        return (start, Reserve(2 * CompressedSegmentation.Blocks(shape.Z, block.Z)
            * CompressedSegmentation.Blocks(shape.Y, block.Y) * CompressedSegmentation.Blocks(shape.X, block.X)));
    }

    private void WriteBlock(int header, int start, int count)
    {
        var bits = BitsFor(count);
        var valuesAt = used - start;
        WriteValues(bits);
        var tableAt = WriteTable(count) - start;
        if (tableAt > LargestTableOffset)
            throw new InvalidOperationException(
                "A chunk with this many ids passes the 64 MB that compressed_segmentation reaches; use smaller chunks.");
        words[header] = (uint)tableAt | (uint)bits << 24;
        words[header + 1] = (uint)valuesAt;
    }

    /// <summary>Takes the indices and the ids of an encoded block; 0 when they do not lie inside the words.</summary>
    private int LoadBlock(ReadOnlySpan<uint> channel, int tableAt, int bits, uint valuesAt)
    {
        if (bits > 16 || !BitOperations.IsPow2(bits) && bits != 0 || tableAt >= channel.Length) return 0;
        var ids = MemoryMarshal.Cast<uint, T>(channel[tableAt..]);
        var count = 1;
        if (bits > 0)
        {
            var length = (indices.Length * bits + 31) / 32;
            if (valuesAt + (long)length > channel.Length) return 0;
            LabelBits.Unpack(channel.Slice((int)valuesAt, length), bits, indices);
            foreach (var index in indices) count = Math.Max(count, index + 1);
        }
        else Array.Clear(indices);
        if (count > ids.Length) return 0;
        ids[..count].CopyTo(table);
        return count;
    }

    /// <summary>Makes one entry of equal ids, those that no voxel has included, and sorts them.</summary>
    private int Compact(int count)
    {
        if (count == 1) return 1;
        Span<ushort> place = stackalloc ushort[count <= 256 ? 256 : count];
        stamp++;
        var kept = 0;
        for (var i = 0; i < count; i++) place[i] = (ushort)Find(table[i], ref kept);
        if (kept < count)
            foreach (ref var index in indices.AsSpan()) index = place[index];
        if (kept > 1) SortTable(kept);
        return kept;
    }

    /// <summary>Fills the block's indices and its table, sorted by id; returns the ids in it.</summary>
    private int Index(ReadOnlySpan<T> voxels, Index3 shape, Index3 at, Index3 size)
    {
        // Places beyond the volume's end keep index 0, an id of the block as the format asks.
        if (size != block) Array.Clear(indices);
        stamp++;
        var count = 0;
        var first = (at.Z * shape.Y + at.Y) * shape.X + at.X;
        var previous = voxels[first];
        var index = Find(previous, ref count);
        if (IsUniform(voxels[first..], shape, size, previous)) return 1;
        for (var z = 0; z < size.Z; z++)
            for (var y = 0; y < size.Y; y++)
            {
                var row = voxels.Slice(((at.Z + z) * shape.Y + at.Y + y) * shape.X + at.X, size.X);
                var target = indices.AsSpan((z * block.Y + y) * block.X, row.Length);
                if (row.Length == 8 && IsRowOf(ref MemoryMarshal.GetReference(row), previous))
                {
                    target.Fill((ushort)index);
                    continue;
                }
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

    /// <summary>Whether a block, whose first voxel is the first given, holds one id only.</summary>
    private static bool IsUniform(ReadOnlySpan<T> voxels, Index3 shape, Index3 size, T id)
    {
        if (size.X != 8) return false;
        ref var first = ref MemoryMarshal.GetReference(voxels);
        for (var z = 0; z < size.Z; z++)
            for (var y = 0; y < size.Y; y++)
                if (!IsRowOf(ref Unsafe.Add(ref first, (z * shape.Y + y) * shape.X), id))
                    return false;
        return true;
    }

    /// <summary>Whether eight voxels are all of one id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRowOf(ref T row, T id) => Unsafe.SizeOf<T>() == 8
        ? Vector512.LoadUnsafe(ref row) == Vector512.Create(id)
        : Vector256.LoadUnsafe(ref row) == Vector256.Create(id);

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
        LabelBits.Pack(indices, bits, words.AsSpan(at));
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

/// <summary>Renames ids in place.</summary>
/// <param name="ids">A few ids, each once.</param>
public delegate void LabelRename<T>(Span<T> ids) where T : unmanaged;
