using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Bytes;

/// <summary>Blocks by threaded VNNI code (see <see cref="BlockEmitter"/>).</summary>
internal sealed unsafe class GeneratedBlocks : BlockKernel
{
    private readonly ExecutableMemory code;
    private readonly int groups;
    private readonly nint[][] sums, bytes; // by vectors, then tile and group
    private readonly int[] dataStarts;
    private readonly int[] startAt;
    private readonly AlignedFloats data, start, scaling;

    private GeneratedBlocks(
        ExecutableMemory code, BlockEmitter emitter, int[][] groups, int[] start, (int[]?[] Sums, int[]?[] Bytes) places,
        BlockBytes? finish, string description)
    {
        (this.code, this.groups, dataStarts, startAt) = (code, groups.Length, [.. emitter.Starts], new int[groups.Length]);
        var starts = new List<int>();
        for (var group = 0; group < groups.Length; group++)
        {
            startAt[group] = starts.Count;
            starts.AddRange(groups[group].Select(row => start[row]));
        }
        (data, this.start, scaling) = (Pinned(emitter.Values), Pinned(starts), Scaling(finish));
        var address = (nint)code.Address;
        nint[] Locate(int[]? functions) => functions is null ? [] : Array.ConvertAll(functions, place => address + place);
        (sums, bytes) = (Array.ConvertAll(places.Sums, Locate), Array.ConvertAll(places.Bytes, Locate));
        Description = description;
    }

    public override string Description { get; }

    public override ProductKernel Kind => ProductKernel.Stream;

    /// <summary>Generates the code.</summary>
    /// <returns>The kernel, or null where the system allows no code, with the reason.</returns>
    public static GeneratedBlocks? TryCreate(
        BlockRows rows, int[][] groups, BlockShape shape, int[] start, int[] widths, BlockBytes? finish, out string? obstacle)
    {
        var begin = Stopwatch.GetTimestamp();
        var emitter = new BlockEmitter(rows, groups, shape);
        var (sums, bytes) = (new int[]?[shape.Vectors + 1], new int[]?[shape.Vectors + 1]);
        var can = rows.Tiles == 1 && shape.Rows == 4 && finish is not null && Array.TrueForAll(finish.Quads, q => q.Bounded);
        if (!can) finish = null;
        foreach (var width in widths)
        {
            sums[width] ??= emitter.Emit(width, null);
            if (finish is not null) bytes[width] ??= emitter.Emit(width, finish);
        }
        if (emitter.Code.Length == 0) emitter.Code.Return();
        var code = ExecutableMemory.TryLoad(emitter.Code.Code, out obstacle);
        if (code is null) return null;
        var spent = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return new GeneratedBlocks(code, emitter, groups, start, (sums, bytes), finish,
            FormattableString.Invariant($"VNNI: {shape.Rows} rows x {shape.Vectors} vectors, {rows.Tiles} tiles, ") +
            FormattableString.Invariant($"{emitter.Code.Length} bytes of code and {emitter.Values.Count * 4L} of weights, ") +
            FormattableString.Invariant($"generated in {spent:F1} ms"));
    }

    // Both run some hundred nanoseconds without a lock or a callback: the collector need not be told.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Sum(int tile, int group, byte* input, int** rows, int vectors)
    {
        var place = tile * groups + group;
        ((delegate* unmanaged[SuppressGCTransition]<byte*, int*, int**, int*, void>)sums[vectors][place])(
            input, (int*)data.Data + dataStarts[place], rows, (int*)start.Data + startAt[group]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryBytes(int group, byte* input, byte* to, int vectors)
    {
        if (bytes[vectors].Length == 0) return false;
        ((delegate* unmanaged[SuppressGCTransition]<byte*, int*, byte*, int*, float*, float*, void>)bytes[vectors][group])(
            input, (int*)data.Data + dataStarts[group], to, (int*)start.Data + startAt[group],
            scaling.Data + 32 + group * 8, scaling.Data);
        return true;
    }

    public override void Dispose() => code.Dispose();

    /// <summary>The order of bytes, the least byte, then factors and offsets by group.</summary>
    private static AlignedFloats Scaling(BlockBytes? finish)
    {
        if (finish is null || finish.Quads.Length == 0) return new AlignedFloats(0);
        var memory = new AlignedFloats(32 + finish.Quads.Length * 8);
        var shared = MemoryMarshal.AsBytes(memory.Span);
        for (var i = 0; i < 64; i++)
            (shared[i], shared[64 + i]) = ((byte)(i % 4 * 4 + i % 16 / 4), (byte)finish.Quads[0].Floor);
        for (var group = 0; group < finish.Quads.Length; group++)
        {
            finish.Quads[group].Factors.CopyTo(memory.Span[(32 + group * 8)..]);
            finish.Quads[group].Offsets.CopyTo(memory.Span[(36 + group * 8)..]);
        }
        return memory;
    }

    private static AlignedFloats Pinned(List<int> values)
    {
        // The code may step to before the first and behind the last value, but reads neither.
        var memory = new AlignedFloats(values.Count + 16);
        CollectionsMarshal.AsSpan(values).CopyTo(MemoryMarshal.Cast<float, int>(memory.Span));
        return memory;
    }
}
