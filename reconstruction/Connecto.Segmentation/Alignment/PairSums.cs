using System.Numerics;

namespace Connecto.Segmentation.Alignment;

/// <summary>The five sums that a correlation is made of, added row by row.</summary>
/// <remarks>A row's floats are added in 16 fixed lanes whatever the machine's vectors, and rows in double, so the bits do
/// not depend on the machine.</remarks>
internal struct PairSums
{
    private const int Lanes = 16;
    private double _a, _b, _aa, _bb, _ab;

    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<float> sums = stackalloc float[5 * Lanes];
        sums.Clear();
        var step = Vector<float>.Count;
        var whole = step <= Lanes ? a.Length / Lanes * Lanes : 0;
        for (var lane = 0; lane < Lanes && whole > 0; lane += step)
        {
            Vector<float> sa = default, sb = default, saa = default, sbb = default, sab = default;
            for (var i = lane; i < whole; i += Lanes)
            {
                Vector<float> u = new(a[i..]), v = new(b[i..]);
                sa += u;
                sb += v;
                saa += u * u;
                sbb += v * v;
                sab += u * v;
            }
            sa.CopyTo(sums[lane..]);
            sb.CopyTo(sums[(Lanes + lane)..]);
            saa.CopyTo(sums[(2 * Lanes + lane)..]);
            sbb.CopyTo(sums[(3 * Lanes + lane)..]);
            sab.CopyTo(sums[(4 * Lanes + lane)..]);
        }
        for (var i = whole; i < a.Length; i++)
        {
            var (u, v, lane) = (a[i], b[i], i % Lanes);
            sums[lane] += u;
            sums[Lanes + lane] += v;
            sums[2 * Lanes + lane] += u * u;
            sums[3 * Lanes + lane] += v * v;
            sums[4 * Lanes + lane] += u * v;
        }
        for (var lane = 0; lane < Lanes; lane++)
        {
            _a += sums[lane];
            _b += sums[Lanes + lane];
            _aa += sums[2 * Lanes + lane];
            _bb += sums[3 * Lanes + lane];
            _ab += sums[4 * Lanes + lane];
        }
    }

    /// <summary>Pearson's correlation of what was added; 0 where either side is flat.</summary>
    public readonly double Correlation(long count)
    {
        double n = count, varianceA = _aa - _a * _a / n, varianceB = _bb - _b * _b / n;
        return varianceA <= 1e-6 * n || varianceB <= 1e-6 * n ? 0 : (_ab - _a * _b / n) / Math.Sqrt(varianceA * varianceB);
    }
}
