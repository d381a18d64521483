namespace Connecto.Phantom.Imaging;

/// <summary>Turns clean grey into the delivered image: blur, shading, contrast and brightness of the section, shot noise
/// and correlated noise. Noise is a hash of (seed, section, pixel).</summary>
internal static class SectionFinish
{
    private const float ShadingNm = 700;

    public static void Apply(PhantomOptions options, in SectionPose pose, PhantomSlice slice)
    {
        if (pose.IsMissing)
        {
            Array.Clear(slice.Raw);
            return;
        }
        var appearance = options.EffectiveAppearance;
        int height = slice.Height, width = slice.Width;
        var key = PlaceRandom.Hash(PlaceRandom.Mix(options.Seed + 0x401CE), (ulong)pose.Section);
        var blur = (float)appearance.Blur * (1 + 0.33f * Math.Clamp(PlaceRandom.Normal(PlaceRandom.Hash(key, 0)), -2, 2));
        Blur(slice.Clean, slice.Blurred, height, width, blur / (float)options.VoxelSize.Y, blur / (float)options.VoxelSize.X, slice.Scratch);

        // The buffer of clean grey now holds white noise, which a blur of about a pixel makes the correlated part.
        var white = slice.Blurred;
        for (var i = 0; i < white.Length; i++) white[i] = PlaceRandom.Normal(PlaceRandom.Hash(key, (ulong)i + 16));
        var gain = 1 + (float)appearance.Gain * PlaceRandom.Normal(PlaceRandom.Hash(key, 1));
        var offset = (float)appearance.Brightness * PlaceRandom.Normal(PlaceRandom.Hash(key, 2));
        float shot = (float)appearance.Noise, correlated = (float)appearance.CorrelatedNoise * 1.9f, shading = (float)appearance.Shading;
        var shade = new float[width];
        for (var y = 0; y < height; y++)
        {
            Shade(shade, key, y, options, shading);
            for (var x = 0; x < width; x++)
            {
                var i = y * width + x;
                var own = white[i];
                int left = x > 0 ? i - 1 : i, right = x + 1 < width ? i + 1 : i, up = y > 0 ? i - width : i, down = y + 1 < height ? i + width : i;
                var around = 0.35f * own + 0.1625f * (white[left] + white[right] + white[up] + white[down]);
                var clean = slice.Clean[i];
                // Shot noise grows with the root of the light; a line through mid grey is close enough.
                var grey = (clean - 128) * gain + 128 + offset + shade[x] + correlated * around + shot * (0.7f + clean * 0.0024f) * own;
                grey *= 1 - pose.FoldDarkness(y, x);
                slice.Raw[i] = (byte)Math.Clamp((int)(grey + 0.5f), 0, 255);
            }
        }
    }

    /// <summary>Blurs in place, through the second buffer; the picture's edge repeats.</summary>
    private static void Blur(float[] picture, float[] other, int height, int width, float sigmaY, float sigmaX, PaintScratch scratch)
    {
        var kernel = Kernel(sigmaX);
        var reach = kernel.Length - 1;
        if (scratch.Line.Length < width) scratch.Line = new float[width];
        for (var y = 0; y < height; y++)
        {
            var row = picture.AsSpan(y * width, width);
            var into = other.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                var sum = kernel[0] * row[x];
                for (var k = 1; k <= reach; k++) sum += kernel[k] * (row[Math.Max(0, x - k)] + row[Math.Min(width - 1, x + k)]);
                into[x] = sum;
            }
        }
        kernel = Kernel(sigmaY);
        reach = kernel.Length - 1;
        for (var y = 0; y < height; y++)
        {
            var into = picture.AsSpan(y * width, width);
            var row = other.AsSpan(y * width, width);
            for (var x = 0; x < width; x++) into[x] = kernel[0] * row[x];
            for (var k = 1; k <= reach; k++)
            {
                var above = other.AsSpan(Math.Max(0, y - k) * width, width);
                var below = other.AsSpan(Math.Min(height - 1, y + k) * width, width);
                for (var x = 0; x < width; x++) into[x] += kernel[k] * (above[x] + below[x]);
            }
        }
    }

    /// <summary>Half a Gaussian kernel, normalised; one tap where the blur is below a quarter pixel.</summary>
    private static float[] Kernel(float sigma)
    {
        if (sigma < 0.25f) return [1];
        var kernel = new float[(int)MathF.Ceiling(2.5f * sigma) + 1];
        float sum = 0;
        for (var k = 0; k < kernel.Length; k++) sum += (k == 0 ? 1 : 2) * (kernel[k] = Profile.Gauss(k / sigma));
        for (var k = 0; k < kernel.Length; k++) kernel[k] /= sum;
        return kernel;
    }

    private static void Shade(float[] row, ulong key, int y, PhantomOptions options, float strength)
    {
        var fy = y * (float)options.VoxelSize.Y / ShadingNm;
        var iy = (int)fy;
        fy -= iy;
        for (var x = 0; x < row.Length; x++)
        {
            var fx = x * (float)options.VoxelSize.X / ShadingNm;
            var ix = (int)fx;
            fx -= ix;
            float a = Node(key, iy, ix), b = Node(key, iy, ix + 1), c = Node(key, iy + 1, ix), d = Node(key, iy + 1, ix + 1);
            a += (b - a) * fx;
            c += (d - c) * fx;
            row[x] = strength * 1.4f * (a + (c - a) * fy);
        }
    }

    private static float Node(ulong key, int y, int x) => PlaceRandom.Normal(PlaceRandom.Hash(key, 3, y, x));
}
