using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>A synapse on its way into its edge: the pair as the key, the row, and what the edge sums.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SortRow
{
    public ulong Key;
    public long Size;
    public int Row;
    public float Score;
}

/// <summary>Stable radix sort from the lowest digit, 11 bits a pass: 2,048 open streams still fit the translation buffers.
/// All histograms are taken in one pass, and a digit that all keys share is skipped.</summary>
internal static class RadixSort
{
    private const int Bits = 11, Digits = 1 << Bits;

    /// <summary>Sorts by key, equal keys in order.</summary>
    /// <param name="rows">Sorted in place, or into the scratch.</param>
    /// <param name="scratch">As long as the rows.</param>
    /// <param name="maxKey">No key is larger.</param>
    /// <returns>Whether the sorted rows are in the scratch.</returns>
    // Called a few times with millions of rows: it must not start out unoptimised.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Sort(Span<SortRow> rows, Span<SortRow> scratch, ulong maxKey)
    {
        var passes = (64 - BitOperations.LeadingZeroCount(maxKey | 1) + Bits - 1) / Bits;
        var counts = new int[passes * Digits];
        foreach (ref readonly var row in rows)
            for (int pass = 0, shift = 0; pass < passes; pass++, shift += Bits)
                counts[pass * Digits + (int)((row.Key >> shift) & (Digits - 1))]++;
        var swapped = false;
        for (var pass = 0; pass < passes; pass++)
        {
            var count = counts.AsSpan(pass * Digits, Digits);
            if (rows.IsEmpty || count[(int)((rows[0].Key >> (pass * Bits)) & (Digits - 1))] == rows.Length) continue;
            var sum = 0;
            foreach (ref var c in count) (c, sum) = (sum, sum + c);
            foreach (ref readonly var row in rows)
                scratch[count[(int)((row.Key >> (pass * Bits)) & (Digits - 1))]++] = row;
            var other = rows;
            rows = scratch;
            scratch = other;
            swapped = !swapped;
        }
        return swapped;
    }
}
