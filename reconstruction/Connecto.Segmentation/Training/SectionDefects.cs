namespace Connecto.Segmentation.Training;

/// <summary>Spoils a patch as microscopes and knives do; its truth stays.</summary>
/// <remarks>Order: resolution of the patch, then one section blurred, then one dirty. Nothing is drawn for a fault that is off,
/// so that configurations without it keep their patches.</remarks>
internal static class SectionDefects
{
    private const int MostStains = 4;

    /// <summary>Spoils a patch of [sections][edge][edge] grey values in [0, 1].</summary>
    public static void Spoil(AugmentationOptions options, ref PatchRandom random, int sections, int edge, Span<float> patch)
    {
        var plane = edge * edge;
        if (random.IsFault(options.Resolution))
            Coarsen(patch, sections, edge, random.Next(1, Math.Max(1, options.ResolutionFactor)));
        if (random.IsFault(options.BlurredSection))
            SectionNoise.Blur(patch.Slice(random.Below(sections) * plane, plane), 1, edge,
                Math.Max(0.3, options.BlurredSectionSigma * random.Next(0.4, 1)));
        if (random.IsFault(options.DirtySection)) Soil(patch.Slice(random.Below(sections) * plane, plane), edge, ref random);
    }

    // Pixels of the coarser microscope are means over its own area, nearly: a Gaussian of half a pixel, then samples.
    private static void Coarsen(Span<float> patch, int sections, int edge, double factor)
    {
        SectionNoise.Blur(patch, sections, edge, Math.Max(0.3, 0.5 * factor));
        var small = Math.Max(2, (int)Math.Ceiling(edge / factor));
        var step = (edge - 1f) / (small - 1);
        var (samples, line) = (new float[small], new float[edge]);
        for (var s = 0; s < sections; s++)
        {
            var plane = patch.Slice(s * edge * edge, edge * edge);
            for (var i = 0; i < edge; i++) Resample(plane, i * edge, 1, edge, step, samples, line);
            for (var i = 0; i < edge; i++) Resample(plane, i, edge, edge, step, samples, line);
        }
    }

    private static void Resample(Span<float> plane, int first, int stride, int edge, float step, float[] samples, float[] line)
    {
        for (var i = 0; i < edge; i++) line[i] = plane[first + i * stride];
        for (var i = 0; i < samples.Length; i++) samples[i] = Between(line, i * step);
        for (var i = 0; i < edge; i++) plane[first + i * stride] = Between(samples, i / step);
    }

    private static float Between(float[] values, float at)
    {
        var i = Math.Clamp((int)at, 0, values.Length - 2);
        var f = Math.Clamp(at - i, 0, 1);
        return values[i] * (1 - f) + values[i + 1] * f;
    }

    // Pale staining, and smooth stains, dark or bright, up to a quarter of the patch wide.
    private static void Soil(Span<float> section, int edge, ref PatchRandom random)
    {
        var gain = (float)random.Next(0.3, 0.8);
        foreach (ref var value in section) value = 0.5f + (value - 0.5f) * gain;
        for (var stains = random.Below(MostStains + 1); stains > 0; stains--)
        {
            double y0 = random.Next(0, edge), x0 = random.Next(0, edge), radius = random.Next(0.04, 0.25) * edge;
            var depth = random.Next(-0.6, 0.6);
            int top = Math.Max(0, (int)(y0 - radius)), bottom = Math.Min(edge - 1, (int)(y0 + radius));
            int left = Math.Max(0, (int)(x0 - radius)), right = Math.Min(edge - 1, (int)(x0 + radius));
            for (var y = top; y <= bottom; y++)
                for (var x = left; x <= right; x++)
                {
                    var inside = 1 - ((y - y0) * (y - y0) + (x - x0) * (x - x0)) / (radius * radius);
                    if (inside <= 0) continue;
                    ref var value = ref section[y * edge + x];
                    value = Math.Clamp(value + (float)(depth * inside * inside), 0, 1);
                }
        }
    }
}
