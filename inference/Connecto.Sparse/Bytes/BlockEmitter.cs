using System.Numerics;
using System.Runtime.Intrinsics.X86;
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
internal sealed class BlockEmitter(BlockRows rows, int[][] groups, BlockShape shape)
{
    // Arguments in the System V convention, and registers that a callee may change.
    private const Register Input = Register.Rdi, Data = Register.Rsi, Output = Register.Rdx, Start = Register.Rcx,
        Scaling = Register.R8, Shared = Register.R9, Offset = Register.Rax, Row = Register.R10, Weight = Register.R11;

    /// <summary>Most entries of a call by the rows that take part. Deep routines make few calls, which matters once the calls of
    /// all groups are more than the processor keeps targets of; with four rows there are fifteen routines, which must stay in
    /// the first cache.</summary>
    private readonly int[] depths = shape.Rows == 4 ? [0, 8, 4, 3, 4] : [0, 24, 24, 12];

    // Where loads press, a weight is better spread by the shuffle unit than by a load of a whole register: 5 % on an Ice Lake
    // server core. AMD's cores take two steps for it and load twice as many whole registers a multiply-add.
    private static readonly int MostSpread = X86Base.IsSupported && X86Base.CpuId(0, 0).Ecx == 0x6C65746E ? 2 : 0;

    private readonly List<int> data = [];
    private readonly List<int> dataStarts = [];
    private readonly List<BlockCall>[] plans = new List<BlockCall>[rows.Tiles * groups.Length];
    private readonly Dictionary<int, int[][]> routines = [];
    private readonly Dictionary<(string, int, int), int> parts = [];

    /// <summary>The code.</summary>
    public Assembler Code { get; } = new();

    /// <summary>Offsets and weights in the order of use; the same for every number of vectors.</summary>
    public List<int> Values => data;

    /// <summary>Where the values of a tile and group begin.</summary>
    public IReadOnlyList<int> Starts => dataStarts;

    /// <summary>Writes the routines and functions for passes of so many vectors.</summary>
    /// <param name="vectors">Vectors.</param>
    /// <param name="finish">How bytes of four rows are made of the sums; null to store the sums. Only in the last tile of
    /// one.</param>
    /// <returns>Places in the code, by tile and group.</returns>
    public int[] Emit(int vectors, BlockBytes? finish)
    {
        if (!routines.TryGetValue(vectors, out var own)) routines[vectors] = own = new int[1 << shape.Rows][];
        var entries = new int[plans.Length];
        for (var i = 0; i < plans.Length; i++)
        {
            if (plans[i] is null)
            {
                plans[i] = BlockCall.Plan(rows, i / groups.Length, groups[i % groups.Length], depths);
                dataStarts.Add(data.Count);
                foreach (var call in plans[i]) data.AddRange(call.Words);
            }
            foreach (var call in plans[i]) own[call.Set] ??= EmitRoutine(call.Set, vectors);
            // Beginning and end are shared as well: a function is used once a pass, and its code comes from the second cache.
            var count = groups[i % groups.Length].Length;
            var begin = i < groups.Length ? Part(("start", count, vectors), () => EmitStart(count, vectors))
                : Part(("go on", count, vectors), () => EmitGoOn(count, vectors));
            var end = finish is null ? Part(("sums", count, vectors), () => EmitSums(count, vectors))
                : Part(("bytes", count, vectors), () => EmitBytes(vectors, finish));
            Code.Align(16);
            entries[i] = Code.Length;
            Code.Call(begin);
            EmitCalls(plans[i], own);
            Code.Jump(end);
        }
        return entries;
    }

    private int Part((string, int, int) key, Action emit)
    {
        if (parts.TryGetValue(key, out var place)) return place;
        Code.Align(64);
        parts[key] = place = Code.Length;
        emit();
        return place;
    }

    private int[] EmitRoutine(int set, int vectors)
    {
        Code.Align(64);
        var size = 1 + BitOperations.PopCount((uint)set);
        var depth = depths[size - 1];
        var places = new int[depth + 1]; // by entries left
        var (firstWeight, spare) = (32 - shape.Rows, shape.Rows * shape.Vectors);
        for (var entry = 0; entry < depth; entry++)
        {
            places[depth - entry] = Code.Length;
            Code.LoadSigned(Offset, new At(Data, entry * size * 4));
            var used = 0;
            for (var r = 0; r < shape.Rows; r++)
            {
                if ((set >> r & 1) == 0) continue;
                var weight = new At(Data, (entry * size + ++used) * 4);
                if (size - 1 > MostSpread) Code.Broadcast(firstWeight + r, weight);
                else
                {
                    Code.LoadSigned(Weight, weight);
                    Code.BroadcastWord(firstWeight + r, Weight);
                }
            }
            for (var v = 0; v < vectors; v++)
            {
                var input = spare + v % (firstWeight - spare);
                Code.Load(input, Input, Offset, shape.Place(v));
                for (var r = 0; r < shape.Rows; r++)
                    if ((set >> r & 1) != 0) Code.DotBytes(r * shape.Vectors + v, input, firstWeight + r);
            }
        }
        Code.ReturnInside();
        return places;
    }

    private void EmitStart(int count, int vectors)
    {
        for (var r = 0; r < count; r++)
        {
            Code.Broadcast(r * shape.Vectors, new At(Start, r * 4));
            for (var v = 1; v < vectors; v++) Code.Copy(r * shape.Vectors + v, r * shape.Vectors);
        }
        Code.ReturnInside();
    }

    private void EmitGoOn(int count, int vectors)
    {
        for (var r = 0; r < count; r++)
        {
            Code.Load(Row, new At(Output, r * 8));
            for (var v = 0; v < vectors; v++) Code.Load(r * shape.Vectors + v, new At(Row, v * 64));
        }
        Code.ReturnInside();
    }

    private void EmitCalls(List<BlockCall> calls, int[][] routines)
    {
        var (wanted, moved) = (0, 0);
        foreach (var call in calls)
        {
            var size = 1 + BitOperations.PopCount((uint)call.Set);
            // The routine's first entries are passed over, and with them their places in the data.
            var from = wanted - (depths[size - 1] - call.Count) * size * 4;
            Code.Add(Data, from - moved);
            moved = from;
            Code.Call(routines[call.Set][call.Count]);
            wanted += call.Count * size * 4;
        }
    }

    private void EmitSums(int count, int vectors)
    {
        for (var r = 0; r < count; r++)
        {
            Code.Load(Row, new At(Output, r * 8));
            for (var v = 0; v < vectors; v++) Code.Store(new At(Row, v * 64), r * shape.Vectors + v);
        }
        Code.Return();
    }

    /// <summary>Sums of four rows become bytes in registers, by the definition of <see cref="ByteEpilogue"/>.</summary>
    private void EmitBytes(int vectors, BlockBytes finish)
    {
        for (var i = 0; i < (finish.HasOffsets ? 8 : 4); i++) Code.Broadcast(24 + i, new At(Scaling, i * 4));
        for (var v = 0; v < vectors; v++)
        {
            for (var r = 0; r < 4; r++)
            {
                var sum = r * shape.Vectors + v;
                Code.ToFloats(sum, sum);
                Code.Multiply(sum, sum, 24 + r);
                if (finish.HasOffsets) Code.AddFloats(sum, sum, 28 + r);
                Code.ToIntegers(sum, sum);
            }
            Code.PackWords(v, v, shape.Vectors + v);
            Code.PackWords(2 * shape.Vectors + v, 2 * shape.Vectors + v, 3 * shape.Vectors + v);
            Code.PackBytes(v, v, 2 * shape.Vectors + v);
            if (finish.HasFloor) Code.MaxBytes(v, v, new At(Shared, 64));
            Code.Shuffle(v, v, new At(Shared));
            Code.Store(new At(Output, v / shape.LineVectors * finish.LineStep + v % shape.LineVectors * 64), v);
        }
        Code.Return();
    }
}
