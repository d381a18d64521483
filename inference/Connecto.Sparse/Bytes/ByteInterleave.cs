using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Bytes;

/// <summary>Puts the bytes of four inputs side by side, column by column: the operand of a four-byte dot
/// product.</summary>
/// <remarks>Inserts from memory and one shuffle make 16 columns, some 1 ns a vector on an Ice Lake server core; a network that
/// keeps its activations interleaved is spared it.</remarks>
internal static unsafe class ByteInterleave
{
    private static Vector512<byte> Order
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
        (byte)0, 16, 32, 48, 1, 17, 33, 49, 2, 18, 34, 50, 3, 19, 35, 51,
        4, 20, 36, 52, 5, 21, 37, 53, 6, 22, 38, 54, 7, 23, 39, 55,
        8, 24, 40, 56, 9, 25, 41, 57, 10, 26, 42, 58, 11, 27, 43, 59,
        12, 28, 44, 60, 13, 29, 45, 61, 14, 30, 46, 62, 15, 31, 47, 63);
    }

    /// <summary>From rows of columns.</summary>
    /// <param name="a">The first row.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    /// <param name="columns">Columns to do.</param>
    /// <param name="to">One word a column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(byte* a, byte* b, byte* c, byte* d, int columns, uint* to)
    {
        var n = 0;
        if (Avx512Vbmi.IsSupported)
            for (; n + 16 <= columns; n += 16)
            {
                var four = Vector128.Load(a + n).ToVector256Unsafe().ToVector512Unsafe();
                four = Avx512F.InsertVector128(four, Vector128.Load(b + n), 1);
                four = Avx512F.InsertVector128(four, Vector128.Load(c + n), 2);
                four = Avx512F.InsertVector128(four, Vector128.Load(d + n), 3);
                Avx512Vbmi.PermuteVar64x8(four, Order).Store((byte*)(to + n));
            }
        for (; n + 16 <= columns; n += 16)
        {
            var (a0, a1) = Vector128.Widen(Vector128.Load(a + n));
            var (b0, b1) = Vector128.Widen(Vector128.Load(b + n));
            var (c0, c1) = Vector128.Widen(Vector128.Load(c + n));
            var (d0, d1) = Vector128.Widen(Vector128.Load(d + n));
            Join(a0 | b0 << 8, c0 | d0 << 8, to + n);
            Join(a1 | b1 << 8, c1 | d1 << 8, to + n + 8);
        }
        for (; n < columns; n++) to[n] = (uint)(a[n] | b[n] << 8 | c[n] << 16 | d[n] << 24);
    }

    /// <summary>From columns of rows: words of four rows are there already, and change places.</summary>
    /// <param name="from">The first column's first word.</param>
    /// <param name="stride">Bytes from column to column.</param>
    /// <param name="words">Words of a column.</param>
    /// <param name="columns">Columns to do.</param>
    /// <param name="to">The first word's columns.</param>
    /// <param name="step">Words from one word's columns to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns(byte* from, long stride, int words, int columns, uint* to, long step)
    {
        var n = 0;
        for (; n + 4 <= columns; n += 4)
        {
            byte* a = from + n * stride, b = a + stride, c = b + stride, d = c + stride;
            var k = 0;
            if (Sse2.IsSupported)
                for (; k + 4 <= words; k += 4)
                {
                    var (r0, r1) = (Vector128.Load((uint*)a + k), Vector128.Load((uint*)b + k));
                    var (r2, r3) = (Vector128.Load((uint*)c + k), Vector128.Load((uint*)d + k));
                    var (low01, high01) = (Sse2.UnpackLow(r0, r1).AsUInt64(), Sse2.UnpackHigh(r0, r1).AsUInt64());
                    var (low23, high23) = (Sse2.UnpackLow(r2, r3).AsUInt64(), Sse2.UnpackHigh(r2, r3).AsUInt64());
                    var place = to + n + k * step;
                    Sse2.UnpackLow(low01, low23).Store((ulong*)place);
                    Sse2.UnpackHigh(low01, low23).Store((ulong*)(place + step));
                    Sse2.UnpackLow(high01, high23).Store((ulong*)(place + 2 * step));
                    Sse2.UnpackHigh(high01, high23).Store((ulong*)(place + 3 * step));
                }
            for (; k < words; k++)
            {
                var place = to + n + k * step;
                (place[0], place[1], place[2], place[3]) = (((uint*)a)[k], ((uint*)b)[k], ((uint*)c)[k], ((uint*)d)[k]);
            }
        }
        for (; n < columns; n++)
            for (var k = 0; k < words; k++) to[n + k * step] = ((uint*)(from + n * stride))[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector128<ushort> low, Vector128<ushort> high, uint* to)
    {
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        (a | c << 16).Store(to);
        (b | d << 16).Store(to + 4);
    }
}
