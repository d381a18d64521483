using System.Globalization;

namespace Connecto.Viewer;

/// <summary>How often each count occurs: contacts a pair, partners a neuron, and the like, side by side.</summary>
/// <remarks>Up to 24 different values are bars with a linear count. Wider ranges go into bins that grow by a constant
/// ratio; both axes are then logarithmic and a bin shows the number per unit of value, so that a power law is a
/// straight line (A. Clauset, C. Shalizi, M. Newman 2009).</remarks>
public static class DistributionPicture
{
    private const int Width = 236, Height = 200, LinearMost = 24;

    /// <summary>Draws a panel a distribution, three in a row.</summary>
    /// <exception cref="ArgumentException">A value is negative.</exception>
    public static Picture Draw(IReadOnlyList<Distribution> distributions, string title = "Distributions")
    {
        var panels = new List<(string, Canvas)>();
        var texts = new List<string>();
        for (var i = 0; i < distributions.Count; i++)
        {
            var text = Summary(distributions[i]);
            panels.Add((distributions[i].Title, Panel(distributions[i], Palette.Series(i), text)));
            texts.Add($"{distributions[i].Title}: {text}");
        }
        return Figure.Compose(title, "", $"{title}. {string.Join("; ", texts)}.",
            panels.Count > 0 ? Figure.Panels(panels, 3) : new Canvas(Width, 1));
    }

    private static Canvas Panel(Distribution distribution, Rgb color, string summary)
    {
        var canvas = new Canvas(ChartAxes.Left + Width + ChartAxes.Right, 26 + Height + ChartAxes.Bottom);
        var plot = new PixelRect(ChartAxes.Left, 26, Width, Height);
        canvas.Text(0, 12, summary, TextStyle.Caption);
        var values = distribution.Values;
        var most = values.Count > 0 ? values.Max() : 0;
        if (values.Any(v => v < 0)) throw new ArgumentException($"{distribution.Title}: a count is negative.");
        if (most <= LinearMost) Bars(canvas, plot, distribution, (int)most, color);
        else LogBins(canvas, plot, distribution, most, color);
        if (values.Count == 0)
            canvas.Text(plot.X + Width / 2, plot.Y + Height / 2, "no data",
                TextStyle.Label with { Align = TextAlign.Center, Color = Palette.Faint });
        return canvas;
    }

    private static void Bars(Canvas canvas, PixelRect plot, Distribution distribution, int most, Rgb color)
    {
        var counts = new long[most + 1];
        foreach (var value in distribution.Values) counts[value]++;
        var axes = new ChartAxes(plot, new LinearScale(-0.5, Math.Max(most, 4) + 0.5, Math.Max(most, 4) > 12 ? 6 : 12),
            new LinearScale(0, Math.Max(4, counts.Max() * 1.08), 5))
        { XLabel = distribution.XLabel, YLabel = distribution.YLabel };
        axes.DrawGrid(canvas);
        for (var value = 0; value <= most; value++)
        {
            int left = (int)Math.Round(axes.PixelX(value - 0.4)), right = (int)Math.Round(axes.PixelX(value + 0.4));
            var top = (int)Math.Round(axes.PixelY(counts[value]));
            canvas.Fill(new(left, top, Math.Max(1, right - left), plot.Bottom - top), color);
        }
        axes.DrawAxes(canvas);
    }

    private static void LogBins(Canvas canvas, PixelRect plot, Distribution distribution, long most, Rgb color)
    {
        var bins = LogBin.Cut(distribution.Values, most);
        var filled = bins.Where(b => b.Count > 0).ToList();
        var (least, top) = filled.Count > 0 ? (filled.Min(b => b.Density), filled.Max(b => b.Density)) : (1, 1);
        var axes = new ChartAxes(plot, new LogScale(0.8, most * 1.4),
            new LogScale(Math.Pow(10, Math.Floor(Math.Log10(least) - 0.05)), top * 2))
        { XLabel = distribution.XLabel, YLabel = distribution.YLabel + " per unit" };
        axes.DrawGrid(canvas);
        for (var i = 1; i < bins.Count; i++)
            if (bins[i - 1].Count > 0 && bins[i].Count > 0)
                canvas.Line(axes.PixelX(bins[i - 1].Middle), axes.PixelY(bins[i - 1].Density),
                    axes.PixelX(bins[i].Middle), axes.PixelY(bins[i].Density), Palette.Paper.Mix(color, 0.5), 1.5);
        foreach (var bin in filled) canvas.Disc(axes.PixelX(bin.Middle), axes.PixelY(bin.Density), 3.5, color);
        axes.DrawAxes(canvas);
    }

    private static string Summary(Distribution distribution)
    {
        if (distribution.Values.Count == 0) return "no values";
        var sorted = distribution.Values.Order().ToArray();
        var zeros = sorted.TakeWhile(v => v == 0).Count();
        return string.Create(CultureInfo.InvariantCulture,
            $"median {sorted[sorted.Length / 2]:0}, mean {sorted.Average():0.##}, most {sorted[^1]:0}")
            + (zeros > 0 && sorted[^1] > LinearMost ? $", {NumberText.Count(zeros)} at 0" : "");
    }
}

/// <summary>Counts to be shown as a distribution.</summary>
/// <param name="Title">Drawn above.</param>
/// <param name="XLabel">What is counted: "contacts a pair".</param>
/// <param name="YLabel">What has that count: "pairs".</param>
/// <param name="Values">One count a pair or neuron; not negative; may be empty.</param>
public sealed record Distribution(string Title, string XLabel, string YLabel, IReadOnlyList<long> Values);
