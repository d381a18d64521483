using System.Globalization;

namespace Connecto.Viewer;

/// <summary>A network's run: rates of all neurons over time as a heat map, with the mean over neurons below.</summary>
/// <remarks>Where there are more neurons or steps than pixels, a pixel shows the mean of what it covers. Colours end at
/// the rate that one in 200 of the active pixels passes, so that a few hot neurons do not darken all others.</remarks>
public static class RasterPicture
{
    private const int Width = 540, MostRows = 400, TraceHeight = 100;

    /// <summary>Draws it.</summary>
    /// <param name="rates">Row = neuron, column = step: rates[neuron * steps + step]. NaN and infinity count as
    /// 0.</param>
    /// <param name="neurons">Rows; may be 0.</param>
    /// <param name="steps">Columns; may be 0.</param>
    /// <param name="options">Title and units.</param>
    /// <exception cref="ArgumentException">The length is not neurons * steps.</exception>
    public static Picture Draw(ReadOnlySpan<float> rates, int neurons, int steps, RasterPictureOptions? options = null)
    {
        options ??= new();
        if (neurons < 0 || steps < 0 || rates.Length != (long)neurons * steps)
            throw new ArgumentException($"{neurons} neurons by {steps} steps need {(long)neurons * steps} rates; "
                + $"found {rates.Length}.", nameof(rates));
        var most = 0f;
        foreach (var rate in rates) if (float.IsFinite(rate)) most = Math.Max(most, rate);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{NumberText.Plural(neurons, "neuron")}, {NumberText.Plural(steps, "step")}; highest {most:0.###}");
        return Figure.Compose(options.Title, text, $"Heat map of {options.RateLabel} over time and its mean: {text}.",
            Body(rates, neurons, steps, options));
    }

    private static Canvas Body(ReadOnlySpan<float> rates, int neurons, int steps, RasterPictureOptions options)
    {
        var high = neurons >= MostRows ? MostRows : Math.Max(1, neurons) * Math.Max(1, 280 / Math.Max(1, neurons));
        var heat = new PixelRect(ChartAxes.Left, 8, Width, high);
        var trace = new PixelRect(heat.X, heat.Bottom + 26, Width, TraceHeight);
        var canvas = new Canvas(heat.Right + 20 + ColorBar.Width, trace.Bottom + ChartAxes.Bottom);
        var pixels = Shrink(rates, neurons, steps, high);
        var top = Top(pixels);
        for (var i = 0; i < pixels.Length; i++)
            canvas.Set(heat.X + i % Width, heat.Y + i / Width, ColorMap.Magma.At(pixels[i] / top));
        DrawRows(canvas, heat, neurons);
        ColorBar.Draw(canvas, new(heat.Right + 16, heat.Y, 14, high), ColorMap.Magma.At, new LinearScale(0, top, 5),
            options.RateLabel);
        DrawMean(canvas, trace, Shrink(rates, neurons, steps, 1), Math.Max(1, steps) * options.StepLength,
            options.TimeUnit);
        return canvas;
    }

    private static void DrawRows(Canvas canvas, PixelRect heat, int neurons)
    {
        var scale = new LinearScale(0, Math.Max(1, neurons), 5);
        foreach (var tick in scale.Ticks)
        {
            var y = heat.Y + (int)Math.Round(scale.At(tick) * heat.Height);
            canvas.Fill(new(heat.X - 5, y, 4, 1), Palette.Axis);
            canvas.Text(heat.X - 8, y + 5, scale.Label(tick), TextStyle.Caption with { Align = TextAlign.Right });
        }
        canvas.Text(heat.X - 50, heat.Y + heat.Height / 2, "neuron",
            TextStyle.Label with { Align = TextAlign.Center, Direction = TextDirection.Up });
    }

    private static void DrawMean(Canvas canvas, PixelRect trace, double[] means, double length, string unit)
    {
        var top = means.Max();
        var axes = new ChartAxes(trace, new LinearScale(0, length, 8), new LinearScale(0, top > 0 ? top * 1.1 : 1, 3))
        {
            XLabel = $"time ({unit})",
            YLabel = "mean",
        };
        axes.DrawGrid(canvas);
        for (var x = 1; x < Width; x++)
            canvas.Line(trace.X + x - 0.5, axes.PixelY(means[x - 1]), trace.X + x + 0.5, axes.PixelY(means[x]),
                Palette.Series(1), 1.8);
        axes.DrawAxes(canvas);
    }

    /// <summary>Means over what each pixel covers, rows by <see cref="Width"/>; zeros where there is nothing.</summary>
    private static double[] Shrink(ReadOnlySpan<float> rates, int neurons, int steps, int rows)
    {
        var result = new double[rows * Width];
        if (rates.Length == 0) return result;
        for (var y = 0; y < rows; y++)
        {
            var (top, bottom) = Cover(y, rows, neurons);
            for (var neuron = top; neuron < bottom; neuron++)
            {
                var line = rates.Slice(neuron * steps, steps);
                for (var x = 0; x < Width; x++)
                {
                    var (left, right) = Cover(x, Width, steps);
                    var sum = 0.0;
                    foreach (var rate in line[left..right]) sum += float.IsFinite(rate) ? rate : 0;
                    result[y * Width + x] += sum / ((double)(bottom - top) * (right - left));
                }
            }
        }
        return result;
    }

    /// <summary>The rate of the brightest colour; 1 where nothing is active.</summary>
    private static double Top(double[] pixels)
    {
        var active = pixels.Where(p => p > 0).Order().ToArray();
        return active.Length == 0 ? 1 : active[(int)((active.Length - 1) * 0.995)];
    }

    /// <summary>The items that a pixel covers; at least one.</summary>
    private static (int From, int To) Cover(int pixel, int pixels, int items)
    {
        var from = (int)((long)pixel * items / pixels);
        return (from, Math.Max(from + 1, (int)((long)(pixel + 1) * items / pixels)));
    }
}

/// <summary>How a run is shown.</summary>
public sealed record RasterPictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Network run";

    /// <summary>Length of a step in <see cref="TimeUnit"/>.</summary>
    public double StepLength { get; init; } = 1;

    /// <summary>The unit of time: "steps", "ms".</summary>
    public string TimeUnit { get; init; } = "steps";

    /// <summary>What the colours show, with its unit.</summary>
    public string RateLabel { get; init; } = "rate";
}
