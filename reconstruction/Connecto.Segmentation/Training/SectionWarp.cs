namespace Connecto.Segmentation.Training;

/// <summary>Where the pixels of a patch come from: one smooth map from patch to source coordinates.</summary>
/// <remarks>
/// Idea: a turn, flips and a scale, plus displacements drawn on coarse knots and interpolated (P. Simard et al., ICDAR
/// 2003). Labels are sampled through the same map, and affinities computed afterwards, so no directed affinity ever has
/// to be turned. Given up: knots are interpolated linearly, so the map's slope jumps at them; at 4 pixels over 48 it does
/// not show. Coordinates have one row and one column more than the patch, before its first: its lower neighbours.
/// </remarks>
internal sealed class SectionWarp
{
    private readonly float[] _y, _x;

    private SectionWarp(int height, int width) =>
        (Height, Width, _y, _x) = (height, width, new float[(height + 1) * (width + 1)], new float[(height + 1) * (width + 1)]);

    /// <summary>Rows of the patch, without the one before the first.</summary>
    public int Height { get; }

    /// <summary>Columns of the patch, without the one before the first.</summary>
    public int Width { get; }

    /// <summary>Source rows; index (y + 1) * (Width + 1) + x + 1 for the patch's pixel y, x.</summary>
    public ReadOnlySpan<float> Y => _y;

    /// <summary>Source columns, indexed as <see cref="Y"/>.</summary>
    public ReadOnlySpan<float> X => _x;

    /// <summary>A plain crop with that first pixel.</summary>
    public static SectionWarp Crop(int y0, int x0, int height, int width)
    {
        var warp = new SectionWarp(height, width);
        for (var y = 0; y <= height; y++)
            for (var x = 0; x <= width; x++)
                (warp._y[y * (width + 1) + x], warp._x[y * (width + 1) + x]) = (y0 + y - 1, x0 + x - 1);
        return warp;
    }

    /// <summary>A random place, turn, flip, scale and elastic displacement.</summary>
    /// <param name="options">How much.</param>
    /// <param name="random">Drawn from.</param>
    /// <param name="height">Rows of the source's section.</param>
    /// <param name="width">Columns of the source's section.</param>
    /// <param name="patch">Edge of the patch.</param>
    /// <param name="stepY">Source rows a patch pixel before scaling: the model's pixel over the source's.</param>
    /// <param name="stepX">Source columns a patch pixel before scaling.</param>
    public static SectionWarp Random(AugmentationOptions options, ref PatchRandom random, int height, int width, int patch,
        double stepY, double stepX)
    {
        var warp = new SectionWarp(patch, patch);
        var turn = random.Below(4) * Math.PI / 2 + random.Next(-1, 1) * options.RotationDegrees * Math.PI / 180;
        var mirror = random.Chance(0.5) ? -1 : 1;
        var scale = Math.Exp(random.Next(-1, 1) * Math.Log(options.Scale));
        double cos = Math.Cos(turn) * scale, sin = Math.Sin(turn) * scale;
        // The centre leaves half a patch to the border where there is room, a little less so that borders are seen too.
        var centreY = Centre(ref random, height, patch * stepY);
        var centreX = Centre(ref random, width, patch * stepX);
        var knots = options.Elastic > 0 ? (int)Math.Ceiling((patch + 1) / options.ElasticSpacing) + 2 : 0;
        var field = new float[2 * knots * knots];
        for (var i = 0; i < field.Length; i++) field[i] = (float)(random.Next(-1, 1) * options.Elastic);
        var half = (patch - 1) / 2.0;
        for (var y = 0; y <= patch; y++)
            for (var x = 0; x <= patch; x++)
            {
                double v = y - 1 - half, u = (x - 1 - half) * mirror;
                if (knots > 0)
                {
                    double ky = y / options.ElasticSpacing, kx = x / options.ElasticSpacing;
                    v += Knot(field.AsSpan(0, knots * knots), knots, ky, kx);
                    u += Knot(field.AsSpan(knots * knots), knots, ky, kx);
                }
                var at = y * (patch + 1) + x;
                warp._y[at] = (float)(centreY + (cos * v + sin * u) * stepY);
                warp._x[at] = (float)(centreX + (cos * u - sin * v) * stepX);
            }
        return warp;
    }

    /// <summary>A random place on whole pixels, a quarter turn and a flip: nothing is interpolated.</summary>
    /// <param name="random">Drawn from.</param>
    /// <param name="height">Rows of the source's section.</param>
    /// <param name="width">Columns of the source's section.</param>
    /// <param name="patch">Edge of the patch.</param>
    public static SectionWarp Exact(ref PatchRandom random, int height, int width, int patch)
    {
        var warp = new SectionWarp(patch, patch);
        var (cos, sin) = random.Below(4) switch { 0 => (1, 0), 1 => (0, 1), 2 => (-1, 0), _ => (0, -1) };
        var mirror = random.Chance(0.5) ? -1 : 1;
        // Twice the centre, odd for even patches, so that pixels fall on pixels.
        var twiceY = 2 * (int)Centre(ref random, height, patch) + (patch + 1) % 2;
        var twiceX = 2 * (int)Centre(ref random, width, patch) + (patch + 1) % 2;
        for (var y = 0; y <= patch; y++)
            for (var x = 0; x <= patch; x++)
            {
                int v = 2 * (y - 1) - (patch - 1), u = (2 * (x - 1) - (patch - 1)) * mirror;
                var at = y * (patch + 1) + x;
                warp._y[at] = (twiceY + cos * v + sin * u) / 2;
                warp._x[at] = (twiceX + cos * u - sin * v) / 2;
            }
        return warp;
    }

    private static double Centre(ref PatchRandom random, int length, double extent)
    {
        var margin = Math.Min(extent * 0.45, length / 2.0);
        return random.Next(margin, length - margin);
    }

    private static double Knot(ReadOnlySpan<float> field, int knots, double y, double x)
    {
        int j = (int)y, i = (int)x;
        double fy = y - j, fx = x - i;
        var a = field[j * knots + i] * (1 - fx) + field[j * knots + i + 1] * fx;
        var b = field[(j + 1) * knots + i] * (1 - fx) + field[(j + 1) * knots + i + 1] * fx;
        return a * (1 - fy) + b * fy;
    }
}
