namespace Connecto.Viewer;

/// <summary>The frame of a chart: two scales, grid, ticks with their numbers, and the labels of both axes.</summary>
/// <param name="Plot">Where the data go; labels stand left of it and below it, within <see cref="Left"/> and
/// <see cref="Bottom"/> pixels.</param>
/// <param name="X">The horizontal scale.</param>
/// <param name="Y">The vertical scale, upwards.</param>
internal sealed record ChartAxes(PixelRect Plot, AxisScale X, AxisScale Y)
{
    /// <summary>Room to keep left of the plot for ticks and label.</summary>
    internal const int Left = 66;

    /// <summary>Room to keep below the plot.</summary>
    internal const int Bottom = 50;

    /// <summary>Room to keep right of the plot for half a number.</summary>
    internal const int Right = 18;

    /// <summary>What the horizontal axis shows, with its unit.</summary>
    internal string XLabel { get; init; } = "";

    /// <summary>What the vertical axis shows, with its unit.</summary>
    internal string YLabel { get; init; } = "";

    /// <summary>The pixel column of a number.</summary>
    internal double PixelX(double value) => Plot.X + X.At(value) * Plot.Width;

    /// <summary>The pixel row of a number.</summary>
    internal double PixelY(double value) => Plot.Bottom - Y.At(value) * Plot.Height;

    /// <summary>The grid; drawn before the data.</summary>
    internal void DrawGrid(Canvas canvas)
    {
        foreach (var tick in Y.Ticks)
            canvas.Fill(new(Plot.X, (int)Math.Round(PixelY(tick)), Plot.Width, 1), Palette.Grid);
        foreach (var tick in X.Ticks)
            canvas.Fill(new((int)Math.Round(PixelX(tick)), Plot.Y, 1, Plot.Height), Palette.Grid);
    }

    /// <summary>Axis lines, ticks, numbers and labels; drawn after the data.</summary>
    internal void DrawAxes(Canvas canvas)
    {
        canvas.Fill(new(Plot.X - 1, Plot.Y, 1, Plot.Height + 1), Palette.Axis);
        canvas.Fill(new(Plot.X - 1, Plot.Bottom, Plot.Width + 1, 1), Palette.Axis);
        var free = double.NegativeInfinity;
        foreach (var tick in X.Ticks)
        {
            var x = (int)Math.Round(PixelX(tick));
            canvas.Fill(new(x, Plot.Bottom + 1, 1, 4), Palette.Axis);
            var text = X.Label(tick);
            var half = Canvas.Measure(text, TextStyle.Caption) / 2.0;
            if (x - half < free) continue;
            canvas.Text(x, Plot.Bottom + 18, text, TextStyle.Caption with { Align = TextAlign.Center });
            free = x + half + 6;
        }
        foreach (var tick in Y.Ticks)
        {
            var y = (int)Math.Round(PixelY(tick));
            canvas.Fill(new(Plot.X - 5, y, 4, 1), Palette.Axis);
            canvas.Text(Plot.X - 8, y + 5, Y.Label(tick), TextStyle.Caption with { Align = TextAlign.Right });
        }
        canvas.Text(Plot.X + Plot.Width / 2, Plot.Bottom + 39, XLabel,
            TextStyle.Label with { Align = TextAlign.Center });
        canvas.Text(Plot.X - 50, Plot.Y + Plot.Height / 2, YLabel,
            TextStyle.Label with { Align = TextAlign.Center, Direction = TextDirection.Up });
    }
}
