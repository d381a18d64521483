using System.Numerics;
using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Bytes;

/// <summary>Writes threaded code for the non-zero blocks of a matrix.</summary>
/// <remarks>
/// Straight-line code for every non-zero is bound by the fetch of code, and a loop over a list by mispredicted ends. So the
/// code has two levels. Small routines, one for each set of rows of a group, go through a few entries: each entry is an
/// offset and one word of weights a row of the set; a routine loads the entry's inputs once for all these rows. They stay in
/// the cache of decoded instructions. Above them, one function a group is a list of calls, each into the
/// middle of the right routine where as many entries are left as it has to do: no branch depends on data, so none
/// is mispredicted. Threaded code is J. R. Bell's (CACM 1973), the jump into the middle T. Duff's; sharing loads between
/// rows by sets is register blocking (E. Im and K. Yelick, 2001) without filled-in zeros.
/// </remarks>
internal sealed class BlockEmitter(BlockRows rows, int[][] groups, BlockShape shape, Assembler code, List<int> data)
{
    // Arguments in the System V convention.
    private const Register Input = Register.Rdi, Data = Register.Rsi, Sums = Register.Rdx, Start = Register.Rcx,
        Offset = Register.Rax;

    /// <summary>Most entries of a call by the rows that take part; all routines together are some 1,500
    /// instructions.</summary>
    private static readonly int[] Depths = [0, 8, 4, 3, 4];

    /// <summary>The code.</summary>
    public Assembler Code => code;

    /// <summary>Writes the routines and functions for passes of so many vectors.</summary>
    /// <returns>Places in the code, by tile and group.</returns>
    /// <remarks>The data, in the order of use, are the same for every number of vectors; they are added once.</remarks>
    public int[] Emit(int vectors, List<int>? dataStarts)
    {
        var routines = new int[1 << shape.Rows][];
        var plans = new List<Call>[rows.Tiles * groups.Length];
        for (var tile = 0; tile < rows.Tiles; tile++)
            for (var group = 0; group < groups.Length; group++)
            {
                var calls = plans[tile * groups.Length + group] = Plan(tile, groups[group]);
                foreach (var call in calls) routines[call.Set] ??= EmitRoutine(call.Set, vectors);
                if (dataStarts is null) continue;
                dataStarts.Add(data.Count);
                foreach (var call in calls) data.AddRange(call.Words);
            }
        var entries = new int[plans.Length];
        for (var i = 0; i < plans.Length; i++)
            entries[i] = EmitFunction(i < groups.Length, groups[i % groups.Length].Length, vectors, plans[i], routines);
        return entries;
    }

    /// <summary>The calls of a group in a tile: entries by set of rows, cut to the depth of the routines.</summary>
    private List<Call> Plan(int tile, int[] group)
    {
        SortedDictionary<int, int[]> entries = [];
        for (var r = 0; r < group.Length; r++)
        {
            var (begin, end) = (rows.Entries(tile, group[r]).Start.Value, rows.Entries(tile, group[r]).End.Value);
            for (var i = begin; i < end; i++)
            {
                if (!entries.TryGetValue(rows.Offsets[i], out var words)) entries[rows.Offsets[i]] = words = new int[shape.Rows + 1];
                words[r] = rows.Words[i];
                words[shape.Rows] |= 1 << r;
            }
        }
        var lists = new List<int>[1 << shape.Rows];
        foreach (var (offset, words) in entries)
        {
            var list = lists[words[shape.Rows]] ??= [];
            list.Add(offset);
            for (var r = 0; r < shape.Rows; r++)
                if ((words[shape.Rows] >> r & 1) != 0) list.Add(words[r]);
        }
        // Sets of one row press on loads, others on multiplication: mixed evenly they hide each other.
        List<(double Place, Call Call)> calls = [];
        for (var set = 1; set < lists.Length; set++)
        {
            if (lists[set] is not { } list) continue;
            var (size, depth) = (1 + BitOperations.PopCount((uint)set), Depths[BitOperations.PopCount((uint)set)]);
            var count = list.Count / size;
            for (var at = 0; at < count; at += depth)
            {
                var taken = Math.Min(depth, count - at);
                calls.Add(((at + taken / 2.0) / count, new Call(set, taken, list.GetRange(at * size, taken * size))));
            }
        }
        return [.. calls.OrderBy(c => c.Place).Select(c => c.Call)];
    }

    private int[] EmitRoutine(int set, int vectors)
    {
        code.Align(64);
        var size = 1 + BitOperations.PopCount((uint)set);
        var depth = Depths[size - 1];
        var places = new int[depth + 1]; // by entries left
        var (firstWeight, spare) = (32 - shape.Rows, shape.Rows * shape.Vectors);
        for (var entry = 0; entry < depth; entry++)
        {
            places[depth - entry] = code.Length;
            code.LoadSigned(Offset, new At(Data, entry * size * 4));
            var used = 0;
            for (var r = 0; r < shape.Rows; r++)
                if ((set >> r & 1) != 0) code.Broadcast(firstWeight + r, new At(Data, (entry * size + ++used) * 4));
            for (var v = 0; v < vectors; v++)
            {
                var input = spare + v % (firstWeight - spare);
                code.Load(input, Input, Offset, shape.Place(v));
                for (var r = 0; r < shape.Rows; r++)
                    if ((set >> r & 1) != 0) code.DotBytes(r * shape.Vectors + v, input, firstWeight + r);
            }
        }
        code.ReturnInside();
        return places;
    }

    private int EmitFunction(bool first, int count, int vectors, List<Call> calls, int[][] routines)
    {
        code.Align(32);
        var entry = code.Length;
        for (var r = 0; r < count; r++)
            for (var v = 0; v < vectors; v++)
                if (!first) code.Load(r * shape.Vectors + v, new At(Sums, (r * shape.Vectors + v) * 64));
                else if (v == 0) code.Broadcast(r * shape.Vectors, new At(Start, r * 4));
                else code.Copy(r * shape.Vectors + v, r * shape.Vectors);
        var (wanted, moved) = (0, 0);
        foreach (var call in calls)
        {
            var size = 1 + BitOperations.PopCount((uint)call.Set);
            // The routine's first entries are passed over, and with them their places in the data.
            var from = wanted - (Depths[size - 1] - call.Count) * size * 4;
            code.Add(Data, from - moved);
            moved = from;
            code.Call(routines[call.Set][call.Count]);
            wanted += call.Count * size * 4;
        }
        for (var r = 0; r < count; r++)
            for (var v = 0; v < vectors; v++) code.Store(new At(Sums, (r * shape.Vectors + v) * 64), r * shape.Vectors + v);
        code.Return();
        return entry;
    }

    private sealed record Call(int Set, int Count, List<int> Words);
}
