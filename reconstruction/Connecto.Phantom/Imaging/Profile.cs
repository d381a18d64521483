using System.Runtime.CompilerServices;

namespace Connecto.Phantom.Imaging;

/// <summary>A Gaussian line seen in a section of some thickness: cut obliquely it is averaged, so wider and paler.</summary>
/// <remarks>Tables instead of Math.Exp and erf: the same bits on every platform, and faster.</remarks>
internal static class Profile
{
    private const int PerUnit = 128;
    private const float Most = 5;
    private static readonly float[] Bell = new float[(int)(2 * Most * PerUnit) + 2];
    private static readonly float[] Sum = new float[Bell.Length];

    static Profile()
    {
        // exp(-u^2 / 2) by its series at u / 16, squared four times over in u^2: only exact arithmetic operations.
        double total = 0, last = 0;
        for (var i = 0; i < Bell.Length; i++)
        {
            var u = i / (double)PerUnit - Most;
            double x = -u * u / 2 / 256, term = 1, e = 1;
            for (var k = 1; k < 12; k++) e += term *= x / k;
            for (var k = 0; k < 8; k++) e *= e;
            Bell[i] = (float)e;
            if (i > 0) total += 0.5 * (last + e) / PerUnit;
            last = e;
            Sum[i] = (float)total;
        }
    }

    /// <summary>exp(-u^2 / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Gauss(float u) => Read(Bell, u);

    /// <summary>Mean of exp(-((distance + t) / sigma)^2 / 2) for t in [-half, half].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Line(float distance, float half, float sigma)
    {
        var scale = 1 / sigma;
        if (half < 0.2f * sigma) return Gauss(distance * scale);
        return (Read(Sum, (distance + half) * scale) - Read(Sum, (distance - half) * scale)) * sigma / (2 * half);
    }

    /// <summary>Share of [-half, half] around a signed distance that lies below 0, softened by a few nm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Inside(float distance, float half) => Math.Clamp(0.5f - distance / (2 * half + 5), 0, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Read(float[] table, float u)
    {
        var at = (Math.Clamp(u, -Most, Most) + Most) * PerUnit;
        var i = (int)at;
        return table[i] + (table[i + 1] - table[i]) * (at - i);
    }
}
