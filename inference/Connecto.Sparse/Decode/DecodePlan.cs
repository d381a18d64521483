using System.Runtime.CompilerServices;
using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>Packed rows with the code that multiplies them: raw sums of 32 bits.</summary>
/// <remarks>Threads share the groups by bytes; a row is summed by one thread in a fixed order.</remarks>
internal sealed unsafe class DecodePlan : IDisposable
{
    // Sums of a call, which another loop adds up: they stay in L1.
    private const int VectorsAtOnce = 128;

    private readonly PackedRows packed;
    private readonly ExecutableMemory code;
    private readonly AlignedFloats[] sums;
    private readonly int[] firstGroups;
    private readonly int groupsAtOnce;

    private DecodePlan(PackedRows packed, ExecutableMemory code, int threads)
    {
        (this.packed, this.code) = (packed, code);
        groupsAtOnce = Math.Max(1, VectorsAtOnce / packed.Sums);
        // Four vectors are added up together, hence up to three more that nobody reads; then the totals.
        sums = [.. Enumerable.Range(0, threads).Select(_ => new AlignedFloats((groupsAtOnce * packed.Sums + 4) * (LaneSums.Lanes + 1)))];
        firstGroups = [.. Enumerable.Range(0, threads + 1).Select(t => FirstGroup(t, threads))];
    }

    public long CodeBytes => code.MappedBytes;

    /// <summary>Bytes of bits and values that one run reads.</summary>
    public long Bytes => packed.BytesBefore(packed.Groups);

    /// <summary>Columns that the code covers.</summary>
    public int PaddedColumns => packed.PaddedColumns;

    /// <summary>Loads the code.</summary>
    /// <returns>Null where the system allows no code, with the reason.</returns>
    public static DecodePlan? TryCreate(PackedRows packed, ReadOnlySpan<byte> code, int threads, out string obstacle)
    {
        var memory = ExecutableMemory.TryLoad(code, out obstacle);
        return memory is null ? null : new DecodePlan(packed, memory, threads);
    }

    /// <summary>The rows of a thread.</summary>
    public (int Begin, int End) Rows(int thread) =>
        (firstGroups[thread] * packed.GroupRows, Math.Min(packed.Rows, firstGroups[thread + 1] * packed.GroupRows));

    /// <summary>y[n][row] = the sum of a row of a thread with vector n, 32 bits as the format has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(int thread, void* x, int* y)
    {
        var last = firstGroups[thread + 1];
        var lanes = sums[thread].Data;
        var totals = lanes + (groupsAtOnce * packed.Sums + 4) * LaneSums.Lanes;
        for (var group = firstGroups[thread]; group < last; group += groupsAtOnce)
        {
            var count = Math.Min(groupsAtOnce, last - group);
            DecodeArguments arguments = new()
            {
                Masks = (ulong*)((byte*)packed.Masks.Data + (long)group * packed.MaskBytes),
                Values = (byte*)packed.Values.Data + packed.GroupStarts[group],
                X = (byte*)x,
                Sums = (int*)lanes,
                Groups = count,
                Words = packed.Words,
                Constants = (int*)packed.Constants.Data,
            };
            ((delegate* unmanaged<DecodeArguments*, void>)code.Address)(&arguments);
            var vectors = (count * packed.Sums + 3) & ~3;
            if (packed.Lanes == LaneKind.Integers) LaneSums.Integers((int*)lanes, vectors, (int*)totals);
            else LaneSums.Floats(lanes, vectors, totals);
            var end = Math.Min(packed.Rows, (group + count) * packed.GroupRows);
            var total = (int*)totals;
            for (var row = group * packed.GroupRows; row < end; row++)
                for (var n = 0; n < packed.Batch; n++) y[(long)n * packed.Rows + row] = *total++;
        }
        GC.KeepAlive(this); // the code must outlive its last call
    }

    public void Dispose() => code.Dispose();

    private int FirstGroup(int thread, int threads)
    {
        var target = Bytes * thread / threads;
        var (low, high) = (0, packed.Groups);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (packed.BytesBefore(middle) < target) low = middle + 1;
            else high = middle;
        }
        return thread == threads ? packed.Groups : low;
    }
}
