namespace Connecto.Viewer;

/// <summary>A row of colour patches with their meanings.</summary>
internal static class Legend
{
    /// <summary>Rows of pixels that a legend takes.</summary>
    internal const int Height = 24;

    private const int Patch = 12, Gap = 6, Between = 20;

    /// <summary>The length of a legend, pixels.</summary>
    internal static int Measure(IReadOnlyList<LegendEntry> entries) =>
        entries.Sum(e => Patch + Gap + Canvas.Measure(e.Text, TextStyle.Label))
        + Between * Math.Max(0, entries.Count - 1);

    /// <summary>Draws it from a place to the right.</summary>
    internal static void Draw(Canvas canvas, int x, int y, IReadOnlyList<LegendEntry> entries)
    {
        foreach (var (color, text) in entries)
        {
            canvas.Fill(new(x, y + 5, Patch, Patch), color);
            canvas.Text(x + Patch + Gap, y + 16, text, TextStyle.Label);
            x += Patch + Gap + Canvas.Measure(text, TextStyle.Label) + Between;
        }
    }
}

/// <summary>One patch of a legend.</summary>
internal readonly record struct LegendEntry(Rgb Color, string Text);
