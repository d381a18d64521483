namespace Connecto.Segmentation.Training;

/// <summary>Makes the sections of a patch look as if stained, imaged or lost otherwise.</summary>
/// <remarks>Order: blur, contrast and brightness and gamma (of the patch, a little of each section), noise, then at most
/// one missing section. Values may leave [0, 1] by noise only.</remarks>
internal static class SectionNoise
{
    /// <summary>Varies a patch of [sections][edge][edge] grey values in [0, 1].</summary>
    public static void Vary(AugmentationOptions options, ref PatchRandom random, int sections, int edge, Span<float> patch)
    {
        var plane = edge * edge;
        if (random.Chance(options.Blur)) Blur(patch, sections, edge, random.Next(0.3, Math.Max(0.3, options.BlurSigma)));
        var gamma = (float)Math.Exp(random.NextNormal() * options.Gamma);
        var contrast = random.NextNormal() * options.Contrast;
        var brightness = random.NextNormal() * options.Brightness;
        var noise = (float)random.Next(0, options.Noise);
        for (var s = 0; s < sections; s++)
        {
            var gain = (float)Math.Exp(contrast + random.NextNormal() * options.Contrast / 4);
            var shift = (float)(brightness + random.NextNormal() * options.Brightness / 4);
            foreach (ref var value in patch.Slice(s * plane, plane))
            {
                var v = Math.Clamp((value - 0.5f) * gain + 0.5f + shift, 0f, 1f);
                value = MathF.Pow(v, gamma) + noise * random.NextNoise();
            }
        }
        if (sections > 1 && random.Chance(options.MissingSection))
            patch.Slice(random.Below(sections) * plane, plane).Fill(0.5f);
    }

    /// <summary>Gaussian blur of [sections][edge][edge] values, clamped at the rims.</summary>
    public static void Blur(Span<float> patch, int sections, int edge, double sigma)
    {
        var radius = (int)Math.Ceiling(2.5 * sigma);
        var kernel = new float[2 * radius + 1];
        for (var i = -radius; i <= radius; i++) kernel[i + radius] = (float)Math.Exp(-i * i / (2 * sigma * sigma));
        var sum = kernel.Sum();
        for (var i = 0; i < kernel.Length; i++) kernel[i] /= sum;
        var line = new float[edge];
        for (var s = 0; s < sections; s++)
        {
            var plane = patch.Slice(s * edge * edge, edge * edge);
            for (var i = 0; i < edge; i++) Filter(plane, i * edge, 1, edge, kernel, line);
            for (var i = 0; i < edge; i++) Filter(plane, i, edge, edge, kernel, line);
        }
    }

    private static void Filter(Span<float> plane, int first, int step, int edge, float[] kernel, float[] line)
    {
        var radius = kernel.Length / 2;
        for (var i = 0; i < edge; i++) line[i] = plane[first + i * step];
        for (var i = 0; i < edge; i++)
        {
            var sum = 0f;
            for (var k = -radius; k <= radius; k++) sum += kernel[k + radius] * line[Math.Clamp(i + k, 0, edge - 1)];
            plane[first + i * step] = sum;
        }
    }
}
