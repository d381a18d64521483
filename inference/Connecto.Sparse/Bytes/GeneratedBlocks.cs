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
    private readonly nint[][] functions; // by vectors, then tile and group
    private readonly int[] dataStarts;
    private readonly int[] startAt;
    private readonly AlignedFloats data, start;

    private GeneratedBlocks(ExecutableMemory code, int groups, nint[][] functions, List<int> data, int[] dataStarts, List<int> start, int[] startAt, string description)
    {
        (this.code, this.groups, this.functions, this.dataStarts, this.startAt) = (code, groups, functions, dataStarts, startAt);
        (this.data, this.start) = (Pinned(data), Pinned(start));
        Description = description;
    }

    public override string Description { get; }

    public override ProductKernel Kind => ProductKernel.Stream;

    /// <summary>Generates the code.</summary>
    /// <returns>The kernel, or null where the system allows no code, with the reason.</returns>
    public static GeneratedBlocks? TryCreate(
        BlockRows rows, int[][] groups, BlockShape shape, int[] start, int[] widths, out string? obstacle)
    {
        var begin = Stopwatch.GetTimestamp();
        List<int> data = [], dataStarts = [], starts = [];
        var emitter = new BlockEmitter(rows, groups, shape, new Assembler(), data);
        var places = new int[shape.Vectors + 1][];
        foreach (var width in widths.Distinct()) places[width] = emitter.Emit(width, dataStarts.Count == 0 ? dataStarts : null);
        if (emitter.Code.Length == 0) emitter.Code.Return();
        var startAt = new int[groups.Length];
        for (var group = 0; group < groups.Length; group++)
        {
            startAt[group] = starts.Count;
            foreach (var row in groups[group]) starts.Add(start[row]);
        }
        var code = ExecutableMemory.TryLoad(emitter.Code.Code, out obstacle);
        if (code is null) return null;
        var address = (nint)code.Address;
        var functions = Array.ConvertAll(places, p => p is null ? [] : Array.ConvertAll(p, place => address + place));
        var spent = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return new GeneratedBlocks(code, groups.Length, functions, data, [.. dataStarts], starts, startAt,
            FormattableString.Invariant($"VNNI: {shape.Rows} rows x {shape.Vectors} vectors, {rows.Tiles} tiles, ") +
            FormattableString.Invariant($"{emitter.Code.Length} bytes of code and {data.Count * 4L} of weights, generated in {spent:F1} ms"));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Sum(int tile, int group, byte* input, int* sums, int vectors)
    {
        var place = tile * groups + group;
        // Some hundred nanoseconds without a lock or a callback: the collector need not be told.
        ((delegate* unmanaged[SuppressGCTransition]<byte*, int*, int*, int*, void>)functions[vectors][place])(
            input, (int*)data.Data + dataStarts[place], sums, (int*)start.Data + startAt[group]);
    }

    public override void Dispose() => code.Dispose();

    private static AlignedFloats Pinned(List<int> values)
    {
        // The code may step to before the first and behind the last value, but reads neither.
        var memory = new AlignedFloats(values.Count + 16);
        CollectionsMarshal.AsSpan(values).CopyTo(MemoryMarshal.Cast<float, int>(memory.Span));
        return memory;
    }
}
