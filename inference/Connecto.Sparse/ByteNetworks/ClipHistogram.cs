namespace Connecto.Sparse.ByteNetworks;

/// <summary>Counts values above 0 and chooses the largest one that a byte should stand for.</summary>
/// <remarks>Bins double in width whenever a value lies beyond them, so one pass does; counts do not depend on the order.
/// Zeros are exact in bytes and are not counted.</remarks>
internal sealed class ClipHistogram
{
    private const int Bins = 8192;

    /// <summary>Share of the values that count as outliers, whatever cutting them costs.</summary>
    private const double Outliers = 1e-4;

    private readonly long[] counts = new long[Bins];
    private double width;

    /// <summary>Counts values; those that are not above 0 are left out.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!(value > 0) || !float.IsFinite(value)) continue;
            // A power of two, so that widths and with them the bins do not depend on which value came first.
            if (width == 0) width = Math.ScaleB(1, Math.ILogB(value) - 12);
            while (value >= width * Bins) Widen();
            counts[(int)(value / width)]++;
        }
    }

    /// <summary>The step of bytes with the least square error, outliers aside; 1/255 where nothing was counted.</summary>
    public double Step()
    {
        var all = counts.Sum();
        if (all == 0) return 1.0 / 255;
        var (last, beyond) = (Bins - 1, 0L);
        while (beyond + counts[last] <= all * Outliers) beyond += counts[last--];
        // Sums over the bins above a clip give the error of cutting in one step.
        double above = 0, sum = 0, squares = 0, best = double.MaxValue;
        var (clip, below) = (last + 1, all - beyond);
        for (var bin = last; bin >= 0; bin--)
        {
            var edge = bin + 1.0;
            var error = below * (edge / 255) * (edge / 255) / 12 + squares - 2 * edge * sum + edge * edge * above;
            if (error < best) (best, clip) = (error, bin + 1);
            var centre = bin + 0.5;
            (above, sum, squares) = (above + counts[bin], sum + counts[bin] * centre, squares + counts[bin] * centre * centre);
            below -= counts[bin];
        }
        return clip * width / 255;
    }

    private void Widen()
    {
        for (var i = 0; i < Bins; i++)
        {
            var joined = i < Bins / 2 ? counts[2 * i] + counts[2 * i + 1] : 0;
            counts[i] = joined;
        }
        width *= 2;
    }
}
