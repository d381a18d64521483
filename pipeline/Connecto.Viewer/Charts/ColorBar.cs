namespace Connecto.Viewer;

/// <summary>The key of a heat map: an upright strip of its colours with numbers on the right.</summary>
internal static class ColorBar
{
    /// <summary>Room that a bar takes across, numbers and label included.</summary>
    internal const int Width = 80;

    /// <summary>Draws a bar; scale places 0 at the bottom, 1 at the top.</summary>
    internal static void Draw(Canvas canvas, PixelRect strip, Func<double, Rgb> colors, AxisScale scale, string label)
    {
        for (var y = 0; y < strip.Height; y++)
            canvas.Fill(new(strip.X, strip.Y + y, strip.Width, 1), colors(1 - (y + 0.5) / strip.Height));
        canvas.Outline(strip, Palette.Axis);
        foreach (var tick in scale.Ticks)
        {
            var y = (int)Math.Round(strip.Bottom - scale.At(tick) * (strip.Height - 1)) - 1;
            canvas.Fill(new(strip.Right, y, 4, 1), Palette.Axis);
            canvas.Text(strip.Right + 7, y + 5, scale.Label(tick), TextStyle.Caption);
        }
        canvas.Text(strip.Right + 54, strip.Y + strip.Height / 2, label,
            TextStyle.Label with { Align = TextAlign.Center, Direction = TextDirection.Up });
    }
}
