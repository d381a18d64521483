using System.Numerics;
using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Decode;

/// <summary>Floats as unsigned bytes with a scale and a zero point of their own vector.</summary>
internal static unsafe class ActivationBytes
{
    /// <summary>to[k] stands for (to[k] - zero point) * scale.</summary>
    /// <remarks>
    /// With lo = min(0, least x) and hi = max(0, largest x): scale = (hi - lo) / 255, or 1 where that is 0; zero point =
    /// round(-lo / scale); byte = clamp(round(x / scale) + zero point, 0, 255), rounding ties to even. So 0 is exact and no
    /// value moves by more than one scale (half by its own rounding, half where the zero point's rounding clamps it).
    /// Where a value is not finite, or hi - lo is not, the scale is NaN: all results are.
    /// </remarks>
    public static (float Scale, int ZeroPoint) Quantize(ReadOnlySpan<float> x, byte* to)
    {
        var (low, high) = Range(x);
        var scale = (high - low) / 255;
        if (!float.IsFinite(scale))
        {
            new Span<byte>(to, x.Length).Clear();
            return (float.NaN, 0);
        }
        if (scale == 0) scale = 1;
        var zero = (int)MathF.Round(-low / scale);
        Convert(x, scale, zero, to);
        return (scale, zero);
    }

    // The bounds, or not finite where anything is: then sum is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Low, float High) Range(ReadOnlySpan<float> x)
    {
        Vector<float> low = Vector<float>.Zero, high = low, nothing = low;
        var k = 0;
        for (; k + Vector<float>.Count <= x.Length; k += Vector<float>.Count)
        {
            var v = new Vector<float>(x[k..]);
            (low, high, nothing) = (Vector.Min(low, v), Vector.Max(high, v), nothing + v * 0f);
        }
        var (least, most, rest) = (0f, 0f, Vector.Sum(nothing));
        for (var i = 0; i < Vector<float>.Count; i++) (least, most) = (Math.Min(least, low[i]), Math.Max(most, high[i]));
        for (; k < x.Length; k++) (least, most, rest) = (Math.Min(least, x[k]), Math.Max(most, x[k]), rest + x[k] * 0f);
        return float.IsNaN(rest) ? (float.NaN, float.NaN) : (least, most);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert(ReadOnlySpan<float> x, float scale, int zero, byte* to)
    {
        var k = 0;
        var width = Vector<float>.Count;
        var (zeros, most) = (new Vector<int>(zero), new Vector<int>(255));
        for (; k + 4 * width <= x.Length; k += 4 * width)
        {
            var low = Vector.Narrow(Four(x[k..]), Four(x[(k + width)..]));
            var high = Vector.Narrow(Four(x[(k + 2 * width)..]), Four(x[(k + 3 * width)..]));
            Vector.Store(Vector.Narrow(low.As<short, ushort>(), high.As<short, ushort>()), to + k);
        }
        for (; k < x.Length; k++) to[k] = (byte)Math.Clamp((int)MathF.Round(x[k] / scale) + zero, 0, 255);

        Vector<int> Four(ReadOnlySpan<float> from) =>
            Vector.Min(Vector.Max(Vector.ConvertToInt32(Vector.Round(new Vector<float>(from) / new Vector<float>(scale))) + zeros, Vector<int>.Zero), most);
    }
}
