using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Bytes;

/// <summary>Changes 32-bit words between pixels in order and the vectors of <see cref="BytePlaneShape"/>: a transposition of
/// 16 x steps.</summary>
internal static unsafe class ByteLanes
{
    /// <summary>to[s][l] = from[l * steps + s].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPixels(uint* from, int steps, uint* to)
    {
        var s = 0;
        for (; s + 4 <= steps; s += 4)
            for (var lane = 0; lane < 16; lane += 4)
                Transpose(from + lane * steps + s, steps, to + s * 16 + lane, 16);
        for (; s < steps; s++)
            for (var lane = 0; lane < 16; lane++) to[s * 16 + lane] = from[lane * steps + s];
    }

    /// <summary>to[l * steps + s] = from[s - first][l] for some vectors and the first pixels.</summary>
    /// <param name="from">Vectors first to first + count.</param>
    /// <param name="first">The first vector of the line that is there.</param>
    /// <param name="count">Vectors.</param>
    /// <param name="steps">Vectors of a line.</param>
    /// <param name="width">Pixels of a line.</param>
    /// <param name="to">The line's pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPixels(uint* from, int first, int count, int steps, int width, uint* to)
    {
        var s = 0;
        for (; s + 4 <= count; s += 4)
            for (var lane = 0; lane < 16; lane += 4)
                if ((lane + 3) * steps + first + s + 4 <= width)
                    Transpose(from + s * 16 + lane, 16, to + lane * steps + first + s, steps);
                else Words(from + s * 16, lane, 4, 4, first + s, steps, width, to);
        Words(from + s * 16, 0, 16, count - s, first + s, steps, width, to);
    }

    private static void Words(uint* from, int lane, int lanes, int count, int first, int steps, int width, uint* to)
    {
        for (var s = 0; s < count; s++)
            for (var l = lane; l < lane + lanes; l++)
                if (l * steps + first + s < width) to[l * steps + first + s] = from[s * 16 + l];
    }

    /// <summary>to[j][i] = from[i][j], 4 x 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(uint* from, long fromStride, uint* to, long toStride)
    {
        var (a, b) = (Vector128.Load(from), Vector128.Load(from + fromStride));
        var (c, d) = (Vector128.Load(from + 2 * fromStride), Vector128.Load(from + 3 * fromStride));
        if (Sse2.IsSupported)
        {
            var (ab, cd) = (Sse2.UnpackLow(a, b).AsUInt64(), Sse2.UnpackLow(c, d).AsUInt64());
            var (ef, gh) = (Sse2.UnpackHigh(a, b).AsUInt64(), Sse2.UnpackHigh(c, d).AsUInt64());
            Sse2.UnpackLow(ab, cd).AsUInt32().Store(to);
            Sse2.UnpackHigh(ab, cd).AsUInt32().Store(to + toStride);
            Sse2.UnpackLow(ef, gh).AsUInt32().Store(to + 2 * toStride);
            Sse2.UnpackHigh(ef, gh).AsUInt32().Store(to + 3 * toStride);
            return;
        }
        for (var i = 0; i < 4; i++) Vector128.Create(a[i], b[i], c[i], d[i]).Store(to + i * toStride);
    }
}
