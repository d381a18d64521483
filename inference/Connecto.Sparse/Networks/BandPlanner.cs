using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>Consecutive steps that take turns in a number of bands; 1 runs them one after the other.</summary>
internal readonly record struct BandSegment(int First, int End, int Bands);

/// <summary>Cuts a network into segments whose steps take turns, a band of rows each.</summary>
/// <remarks>
/// Layer by layer, a plane that is larger than the private cache is written to memory and read from there by the next
/// layer. Band by band, the next layer finds the rows just written in the cache: the "tensor columns" of Neural Magic
/// (M. Kurtz et al., ICML 2020), here as nothing but an order of execution. Planes are kept whole, so no row is computed
/// twice, and every row comes out with the same bits. Given up: the planes' memory, which a ring of rows would save.
/// </remarks>
internal static class BandPlanner
{
    /// <summary>Cuts the steps into segments.</summary>
    public static BandSegment[] Choose(BandLayout[] steps, BandOptions options)
    {
        List<BandSegment> segments = [];
        for (var first = 0; first < steps.Length;)
        {
            var (end, bands) = (first + 1, 1);
            if (options.Bytes > 0) (end, bands) = Grow(steps, first, options);
            segments.Add(new BandSegment(first, end, bands));
            first = end;
        }
        return [.. segments];
    }

    /// <summary>The portions in order.</summary>
    public static BandPortion[] Portions(BandLayout[] steps, BandSegment[] segments)
    {
        List<BandPortion> portions = [];
        foreach (var segment in segments)
        {
            var done = new int[steps.Length];
            for (var band = 1; band <= segment.Bands; band++)
            {
                var wanted = Wanted(steps, segment, band);
                for (var i = segment.First; i < segment.End; i++)
                {
                    if (wanted[i] > done[i]) portions.Add(new BandPortion(i, done[i], wanted[i]));
                    done[i] = Math.Max(done[i], wanted[i]);
                }
            }
        }
        return [.. portions];
    }

    /// <summary>Rows of every step that must be done by the end of a band, found from the last step back.</summary>
    private static int[] Wanted(BandLayout[] steps, BandSegment segment, int band)
    {
        var wanted = new int[steps.Length];
        for (var i = segment.End - 1; i >= segment.First; i--)
        {
            var step = steps[i];
            var read = false;
            for (var reader = i + 1; reader < segment.End; reader++)
                if (steps[reader].Inputs.Contains(step.Output))
                {
                    read = true;
                    wanted[i] = Math.Max(wanted[i], Math.Min(step.Rows, steps[reader].Needs(wanted[reader])));
                }
            // What nobody in the segment reads goes in step with the others; in the end all is done.
            if (!read || band == segment.Bands) wanted[i] = (int)((long)step.Rows * band / segment.Bands);
        }
        return wanted;
    }

    /// <summary>The longest segment from a step on whose bands are small enough for the cache and not too
    /// small.</summary>
    /// <remarks>What counts is how much is written between a row and its first reader, the next step as a rule: so a long
    /// segment needs no smaller bands than a short one.</remarks>
    private static (int End, int Bands) Grow(BandLayout[] steps, int first, BandOptions options)
    {
        var (end, bands, most) = (first, 1L, long.MaxValue);
        for (var i = first; i < steps.Length; i++, end++)
        {
            var step = steps[i];
            most = Math.Min(most, Math.Min(
                step.Rows / Math.Max(1, options.LeastRows), step.Floats / Math.Max(1, options.LeastFloats)));
            if (i == first) continue;
            var bytes = step.RowBytes * step.Rows + steps[i - 1].RowBytes * steps[i - 1].Rows;
            var needed = Math.Max(bands, (bytes + options.Bytes - 1) / options.Bytes);
            if (needed > most && needed > 1) break;
            bands = needed;
        }
        return (end, (int)bands);
    }
}
