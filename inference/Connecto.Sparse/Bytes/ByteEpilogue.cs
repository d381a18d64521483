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
    /// <summary>Floats of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats(int* sums, int count, float factor, float offset, float floor, float* to)
    {
        var n = 0;
        var (factors, offsets, floors) = (Vector512.Create(factor), Vector512.Create(offset), Vector512.Create(floor));
        for (; n + 16 <= count; n += 16)
            Vector512.Max(Vector512.ConvertToSingle(Vector512.Load(sums + n)) * factors + offsets, floors).Store(to + n);
        for (; n < count; n++) to[n] = Math.Max(sums[n] * factor + offset, floor);
    }

    /// <summary>Bytes of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(int* sums, int stride, int count, in FourScales scaling, uint* residual, uint* to)
    {
        var floor = Vector512.Create((byte)scaling.Floor);
        var (f0, f1) = (Vector512.Create(scaling.Factors[0]), Vector512.Create(scaling.Factors[1]));
        var (f2, f3) = (Vector512.Create(scaling.Factors[2]), Vector512.Create(scaling.Factors[3]));
        var (o0, o1) = (Vector512.Create(scaling.Offsets[0]), Vector512.Create(scaling.Offsets[1]));
        var (o2, o3) = (Vector512.Create(scaling.Offsets[2]), Vector512.Create(scaling.Offsets[3]));
        if (residual is null)
        {
            for (var n = 0; n < count; n += 16, sums += 16)
                Pack(
                    Value(sums, f0, o0), Value(sums + stride, f1, o1), Value(sums + 2 * stride, f2, o2),
                    Value(sums + 3 * stride, f3, o3), floor).Store(to + n);
            return;
        }
        var more = Vector512.Create(scaling.Residual);
        for (var n = 0; n < count; n += 16, sums += 16)
        {
            var bytes = Vector512.Load(residual + n);
            Pack(
                Value(sums, f0, o0) + Byte(bytes) * more, Value(sums + stride, f1, o1) + Byte(bytes >>> 8) * more,
                Value(sums + 2 * stride, f2, o2) + Byte(bytes >>> 16) * more,
                Value(sums + 3 * stride, f3, o3) + Byte(bytes >>> 24) * more, floor).Store(to + n);
        }
    }

    /// <summary>The byte of a value, by the definition.</summary>
    public static byte Byte(float value, int floor) =>
        (byte)Math.Max((int)MathF.Round(Math.Clamp(value, 0, 255), MidpointRounding.ToEven), floor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Value(int* sums, Vector512<float> factor, Vector512<float> offset) =>
        Vector512.ConvertToSingle(Vector512.Load(sums)) * factor + offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Byte(Vector512<uint> lowest) =>
        Vector512.ConvertToSingle((lowest & Vector512.Create(255u)).AsInt32());

    /// <summary>Whole numbers up to 255; below 0 they need not be right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Round(Vector512<float> value)
    {
        value = Vector512.Min(value, Vector512.Create(255f));
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Int32(value);
        return Vector512.ConvertToInt32(Vector512.Round(Vector512.Max(value, Vector512<float>.Zero)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Pack(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<byte> floor)
    {
        if (Avx512BW.IsSupported)
        {
            // A value of 2^31 or more would be converted to the least integer; packing saturates all others.
            var most = Vector512.Create(255f);
            (a, b, c, d) = (Avx512F.Min(a, most), Avx512F.Min(b, most), Avx512F.Min(c, most), Avx512F.Min(d, most));
            var low = Avx512BW.PackSignedSaturate(Avx512F.ConvertToVector512Int32(a), Avx512F.ConvertToVector512Int32(b));
            var high = Avx512BW.PackSignedSaturate(Avx512F.ConvertToVector512Int32(c), Avx512F.ConvertToVector512Int32(d));
            return Avx512BW.Shuffle(Avx512BW.Max(Avx512BW.PackUnsignedSaturate(low, high), floor), Order).AsUInt32();
        }
        var least = (floor.AsUInt32() & Vector512.Create(255u)).AsInt32();
        return (Vector512.Max(Round(a), least) | Vector512.Max(Round(b), least) << 8 | Vector512.Max(Round(c), least) << 16 |
            Vector512.Max(Round(d), least) << 24).AsUInt32();
    }

    private static Vector512<byte> Order
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
        (byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
        0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
        0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
        0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    }
}

/// <summary>How sums of four rows become bytes.</summary>
/// <param name="Factors">By row.</param>
/// <param name="Offsets">By row; the zero points are in it.</param>
/// <param name="Residual">What one step of a residual byte adds.</param>
/// <param name="Floor">The least byte: the output's zero point where ReLU is asked for, else 0.</param>
internal readonly record struct FourScales(float[] Factors, float[] Offsets, float Residual, int Floor)
{
    /// <summary>Whether no value can reach 2^31, whatever the sums: they have 31 bits.</summary>
    public bool Bounded { get; } =
        Array.TrueForAll(Factors, f => f < 0.9f) && Array.TrueForAll(Offsets, o => Math.Abs(o) < 1e8f);
}
