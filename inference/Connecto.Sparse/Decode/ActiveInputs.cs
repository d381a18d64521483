using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Connecto.Sparse.Decode;

/// <summary>Finds the inputs that are not zero, a vector at a time.</summary>
internal static unsafe class ActiveInputs
{
    /// <summary>Writes numbers and values of all x[k] != 0 in ascending order; NaN is one of them, -0 is not.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="indices">Takes up to as many as there are inputs.</param>
    /// <param name="values">As many.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(ReadOnlySpan<float> x, Span<int> indices, Span<float> values)
    {
        var (count, k) = (0, 0);
        fixed (float* from = x, kept = values)
        fixed (int* to = indices)
        {
            if (Vector512.IsHardwareAccelerated)
                for (; k + 16 <= x.Length; k += 16)
                {
                    var zeros = Vector512.Equals(Vector512.Load(from + k), Vector512<float>.Zero).ExtractMostSignificantBits();
                    for (var rest = (uint)~zeros & 0xFFFF; rest != 0; rest &= rest - 1, count++)
                        kept[count] = from[to[count] = k + BitOperations.TrailingZeroCount(rest)];
                }
            else if (Vector128.IsHardwareAccelerated)
                for (; k + 4 <= x.Length; k += 4)
                {
                    var zeros = Vector128.Equals(Vector128.Load(from + k), Vector128<float>.Zero).ExtractMostSignificantBits();
                    for (var rest = ~zeros & 0xF; rest != 0; rest &= rest - 1, count++)
                        kept[count] = from[to[count] = k + BitOperations.TrailingZeroCount(rest)];
                }
            for (; k < x.Length; k++)
                if (from[k] != 0) kept[count] = from[to[count++] = k];
        }
        return count;
    }
}
