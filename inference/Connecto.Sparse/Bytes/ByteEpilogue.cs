using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Bytes;

/// <summary>What becomes of integer sums: floats, or unsigned bytes again.</summary>
/// <remarks>
/// value = float(sum) * factor + offset, rounded after the conversion, the multiplication and the addition (no fused
/// operation, so that any machine gives the same bits); a residual adds float(byte) * its factor, rounded twice again.
/// A byte is min(max(round(value), floor), 255), ties to even. The zero points of output and residual
/// are part of the offset, so they cost nothing.
/// </remarks>
internal static unsafe class ByteEpilogue
{
    private static readonly Vector512<byte> Order = Vector512.Create(
        [.. Enumerable.Range(0, 64).Select(i => (byte)(i / 16 * 16 + i % 4 * 4 + i % 16 / 4))]);

    /// <summary>Floats of one row.</summary>
    public static void Floats(int* sums, int count, float factor, float offset, float floor, float* to)
    {
        var n = 0;
        var (factors, offsets, floors) = (Vector512.Create(factor), Vector512.Create(offset), Vector512.Create(floor));
        for (; n + 16 <= count; n += 16)
            Vector512.Max(Vector512.ConvertToSingle(Vector512.Load(sums + n)) * factors + offsets, floors).Store(to + n);
        for (; n < count; n++) to[n] = Math.Max(sums[n] * factor + offset, floor);
    }

    /// <summary>Bytes of one row.</summary>
    public static void Bytes(int* sums, int count, float factor, float offset, int floor, byte* to)
    {
        var n = 0;
        var (factors, offsets, floors) = (Vector512.Create(factor), Vector512.Create(offset), Vector512.Create(floor));
        for (; n + 16 <= count; n += 16)
        {
            var whole = Vector512.Max(Round(Vector512.ConvertToSingle(Vector512.Load(sums + n)) * factors + offsets), floors);
            Vector128.Narrow(
                Vector256.Narrow(whole.GetLower(), whole.GetUpper()).GetLower().AsUInt16(),
                Vector256.Narrow(whole.GetLower(), whole.GetUpper()).GetUpper().AsUInt16()).Store(to + n);
        }
        for (; n < count; n++) to[n] = Byte(sums[n] * factor + offset, floor);
    }

    /// <summary>Bytes of four rows side by side.</summary>
    /// <param name="sums">The first row's sums.</param>
    /// <param name="stride">Sums from row to row.</param>
    /// <param name="count">Columns, rounded up to 16: that much may be read and written.</param>
    /// <param name="scaling">Of the four rows.</param>
    /// <param name="residual">Bytes to add, four a column; null for none.</param>
    /// <param name="to">Four bytes a column.</param>
    public static void FourRows(int* sums, int stride, int count, in FourScales scaling, uint* residual, uint* to)
    {
        fixed (float* factors = scaling.Factors, offsets = scaling.Offsets)
            for (var n = 0; n < count; n += 16)
            {
                var more = residual is null ? default : Vector512.Load(residual + n);
                var a = Value(sums + n, factors[0], offsets[0], more, residual, scaling.Residual);
                var b = Value(sums + n + stride, factors[1], offsets[1], more >>> 8, residual, scaling.Residual);
                var c = Value(sums + n + 2 * stride, factors[2], offsets[2], more >>> 16, residual, scaling.Residual);
                var d = Value(sums + n + 3 * stride, factors[3], offsets[3], more >>> 24, residual, scaling.Residual);
                Pack(Round(a), Round(b), Round(c), Round(d), (byte)scaling.Floor).Store(to + n);
            }
    }

    /// <summary>The byte of a value, by the definition.</summary>
    public static byte Byte(float value, int floor) =>
        (byte)Math.Max((int)MathF.Round(Math.Clamp(value, 0, 255), MidpointRounding.ToEven), floor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Value(
        int* sums, float factor, float offset, Vector512<uint> residual, uint* present, float residualFactor)
    {
        var value = Vector512.ConvertToSingle(Vector512.Load(sums)) * Vector512.Create(factor) + Vector512.Create(offset);
        return present is null ? value
            : value + Vector512.ConvertToSingle((residual & Vector512.Create(255u)).AsInt32()) * Vector512.Create(residualFactor);
    }

    /// <summary>Whole numbers in [-2^31, 255]; below 0 they need not be right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Round(Vector512<float> value)
    {
        value = Vector512.Min(value, Vector512.Create(255f));
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Int32(value);
        return Vector512.ConvertToInt32(Vector512.Round(Vector512.Max(value, Vector512<float>.Zero)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Pack(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, byte floor)
    {
        if (Avx512BW.IsSupported)
        {
            var low = Avx512BW.PackUnsignedSaturate(a, b).AsInt16();
            var high = Avx512BW.PackUnsignedSaturate(c, d).AsInt16();
            var bytes = Vector512.Max(Avx512BW.PackUnsignedSaturate(low, high), Vector512.Create(floor));
            return Avx512BW.Shuffle(bytes, Order).AsUInt32();
        }
        var least = Vector512.Create((int)floor);
        return (Vector512.Max(a, least) | Vector512.Max(b, least) << 8 | Vector512.Max(c, least) << 16 |
            Vector512.Max(d, least) << 24).AsUInt32();
    }
}

/// <summary>How sums of four rows become bytes.</summary>
/// <param name="Factors">By row.</param>
/// <param name="Offsets">By row; the zero points are in it.</param>
/// <param name="Residual">What one step of a residual byte adds.</param>
/// <param name="Floor">The least byte: the output's zero point where ReLU is asked for, else 0.</param>
internal readonly record struct FourScales(float[] Factors, float[] Offsets, float Residual, int Floor);
