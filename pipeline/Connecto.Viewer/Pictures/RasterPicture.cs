using System.Globalization;

namespace Connecto.Viewer;

/// <summary>A network's run: rates of all neurons over time as a heat map, with the mean over neurons below.</summary>
/// <remarks>Where there are more neurons or steps than pixels, a pixel shows the mean of what it covers.</remarks>
public static class RasterPicture
{
    private const int Width = 640, MostRows = 420, TraceHeight = 110;

    /// <summary>Draws it.</summary>
    /// <param name="rates">Row = neuron, column = step: rates[neuron * steps + step]. NaN counts as 0.</param>
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
        if (most <= 0) most = 1;
        var body = Body(rates, neurons, steps, most, options);
        var text = $"{NumberText.Plural(neurons, "neuron")}, {NumberText.Plural(steps, "step")}";
        return Figure.Compose(options.Title, text, $"Heat map of {options.RateLabel} over time and its mean: {text}, "
            + string.Create(CultureInfo.InvariantCulture, $"highest {most:0.###}."), body);
    }

    private static Canvas Body(ReadOnlySpan<float> rates, int neurons, int steps, double most, RasterPictureOptions options)
    {
        var high = neurons == 0 ? 60 : neurons >= MostRows ? MostRows : neurons * Math.Max(1, 280 / neurons);
        var heat = new PixelRect(ChartAxes.Left, 8, Width, high);
        var trace = new PixelRect(heat.X, heat.Bottom + 26, Width, TraceHeight);
        var canvas = new Canvas(heat.Right + 20 + ColorBar.Width, trace.Bottom + ChartAxes.Bottom);
        var means = new double[Width];
        canvas.Fill(heat, ColorMap.Magma.At(0.0));
        if (rates.Length > 0)
            for (var x = 0; x < Width; x++)
                for (var y = 0; y < high; y++)
                    canvas.Set(heat.X + x, heat.Y + y, ColorMap.Magma.At(
                        Mean(rates, steps, Cover(y, high, neurons), Cover(x, Width, steps)) / most));
        if (rates.Length > 0)
            for (var x = 0; x < Width; x++) means[x] = Mean(rates, steps, (0, neurons), Cover(x, Width, steps));
        var time = new LinearScale(0, Math.Max(1, steps) * options.StepLength, 8);
        var rows = new ChartAxes(heat, new LinearScale(0, 1, 1), new LinearScale(0, Math.Max(1, neurons), 5));
        var top = means.Max();
        var axes = new ChartAxes(trace, time, new LinearScale(0, top > 0 ? top * 1.1 : 1, 3))
        {
            XLabel = $"time ({options.TimeUnit})",
            YLabel = "mean",
        };
        axes.DrawGrid(canvas);
        for (var x = 1; x < Width && rates.Length > 0; x++)
            canvas.Line(trace.X + x - 0.5, axes.PixelY(means[x - 1]), trace.X + x + 0.5, axes.PixelY(means[x]),
                Palette.Series(1), 1.8);
        axes.DrawAxes(canvas);
        foreach (var tick in rows.Y.Ticks)
        {
            var y = heat.Y + (int)Math.Round(rows.Y.At(tick) * heat.Height);
            canvas.Fill(new(heat.X - 5, y, 4, 1), Palette.Axis);
            canvas.Text(heat.X - 8, y + 5, rows.Y.Label(tick), TextStyle.Caption with { Align = TextAlign.Right });
        }
        canvas.Text(heat.X - 50, heat.Y + high / 2, "neuron",
            TextStyle.Label with { Align = TextAlign.Center, Direction = TextDirection.Up });
        ColorBar.Draw(canvas, new(heat.Right + 16, heat.Y, 14, high), ColorMap.Magma.At, new LinearScale(0, most, 5),
            options.RateLabel);
        return canvas;
    }

    /// <summary>The items that a pixel covers; at least one.</summary>
    private static (int From, int To) Cover(int pixel, int pixels, int items)
    {
        var from = (int)((long)pixel * items / pixels);
        return (from, Math.Max(from + 1, (int)((long)(pixel + 1) * items / pixels)));
    }

    private static double Mean(ReadOnlySpan<float> rates, int steps, (int From, int To) rows, (int From, int To) columns)
    {
        var sum = 0.0;
        for (var row = rows.From; row < rows.To; row++)
            for (var column = columns.From; column < columns.To; column++)
            {
                var rate = rates[row * steps + column];
                if (float.IsFinite(rate)) sum += rate;
            }
        return sum / ((double)(rows.To - rows.From) * (columns.To - columns.From));
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
