namespace Connecto.Viewer;

/// <summary>Curves over a common axis: losses of a training run, sizes over thresholds.</summary>
public static class CurvePicture
{
    private const int Width = 640, Height = 320;

    /// <summary>Draws them in the order given, each in its own colour; points that are not finite interrupt a
    /// curve.</summary>
    public static Picture Draw(IReadOnlyList<Curve> curves, CurvePictureOptions? options = null)
    {
        options ??= new();
        var points = curves.SelectMany(c => c.Points).Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
        var (left, right) = points.Count > 0 ? (points.Min(p => p.X), points.Max(p => p.X)) : (0, 1);
        var top = points.Count > 0 ? points.Max(p => p.Y) : 1;
        var bottom = points.Count > 0 ? Math.Min(0, points.Min(p => p.Y)) : 0;
        var canvas = new Canvas(ChartAxes.Left + Width + ChartAxes.Right, 10 + Height + ChartAxes.Bottom);
        var axes = new ChartAxes(new(ChartAxes.Left, 10, Width, Height), new LinearScale(left, right, 8),
            new LinearScale(bottom, top > bottom ? top + 0.06 * (top - bottom) : bottom + 1))
        { XLabel = options.XLabel, YLabel = options.YLabel };
        axes.DrawGrid(canvas);
        for (var i = 0; i < curves.Count; i++)
        {
            CurvePoint? last = null;
            foreach (var point in curves[i].Points)
            {
                var whole = double.IsFinite(point.X) && double.IsFinite(point.Y);
                if (whole && last is { } from)
                    canvas.Line(axes.PixelX(from.X), axes.PixelY(from.Y), axes.PixelX(point.X), axes.PixelY(point.Y),
                        Palette.Series(i), 1.8);
                last = whole ? point : null;
            }
        }
        axes.DrawAxes(canvas);
        var names = string.Join(", ", curves.Select(c => c.Name));
        return Figure.Compose(options.Title, "",
            $"{options.Title}: {options.YLabel} over {options.XLabel} of {names}.", canvas,
            [.. curves.Select((c, i) => new LegendEntry(Palette.Series(i), c.Name))]);
    }
}

/// <summary>A named curve.</summary>
/// <param name="Name">For the key.</param>
/// <param name="Points">From left to right.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>A point of a curve, in the axes' units.</summary>
public readonly record struct CurvePoint(double X, double Y);

/// <summary>How curves are labelled.</summary>
public sealed record CurvePictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Training";

    /// <summary>The horizontal axis, with its unit.</summary>
    public string XLabel { get; init; } = "step";

    /// <summary>The vertical axis, with its unit.</summary>
    public string YLabel { get; init; } = "loss";
}
