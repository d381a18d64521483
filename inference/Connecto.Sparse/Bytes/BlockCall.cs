using System.Numerics;

namespace Connecto.Sparse.Bytes;

/// <summary>One call of a routine: some entries that the same rows of a group use.</summary>
/// <param name="Set">The rows, a bit each.</param>
/// <param name="Count">Entries.</param>
/// <param name="Words">By entry its offset and its weights, row by row.</param>
internal sealed record BlockCall(int Set, int Count, List<int> Words)
{
    /// <summary>The calls of a group in a tile: entries by set of rows, cut to the depth of the routines.</summary>
    /// <param name="rows">All blocks; offsets of a row ascend.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="group">The rows.</param>
    /// <param name="depths">Most entries of a call, by the rows of a set.</param>
    public static List<BlockCall> Plan(BlockRows rows, int tile, int[] group, int[] depths)
    {
        var lists = new List<int>?[1 << group.Length];
        Span<int> next = stackalloc int[group.Length], ends = stackalloc int[group.Length];
        for (var r = 0; r < group.Length; r++)
            (next[r], ends[r]) = (rows.Starts[tile * rows.Rows + group[r]], rows.Starts[tile * rows.Rows + group[r] + 1]);
        while (true)
        {
            var (offset, set) = (int.MaxValue, 0);
            for (var r = 0; r < group.Length; r++)
            {
                if (next[r] == ends[r] || rows.Offsets[next[r]] > offset) continue;
                if (rows.Offsets[next[r]] < offset) (offset, set) = (rows.Offsets[next[r]], 0);
                set |= 1 << r;
            }
            if (set == 0) break;
            var list = lists[set] ??= [];
            list.Add(offset);
            for (var r = 0; r < group.Length; r++)
                if ((set >> r & 1) != 0) list.Add(rows.Words[next[r]++]);
        }
        return Mix(lists, depths);
    }

    // Sets of one row press on loads, others on multiplication: mixed evenly they hide each other.
    private static List<BlockCall> Mix(List<int>?[] lists, int[] depths)
    {
        List<(double Place, BlockCall Call)> calls = [];
        for (var set = 1; set < lists.Length; set++)
        {
            if (lists[set] is not { } list) continue;
            var (size, depth) = (1 + BitOperations.PopCount((uint)set), depths[BitOperations.PopCount((uint)set)]);
            var count = list.Count / size;
            for (var at = 0; at < count; at += depth)
            {
                var taken = Math.Min(depth, count - at);
                var call = new BlockCall(set, taken, list.GetRange(at * size, taken * size));
                calls.Add(((at + taken / 2.0) / count + set * 1e-9, call)); // by set where places are equal
            }
        }
        calls.Sort((a, b) => a.Place.CompareTo(b.Place));
        return [.. calls.Select(c => c.Call)];
    }
}
