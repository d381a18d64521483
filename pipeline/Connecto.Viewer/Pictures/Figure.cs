namespace Connecto.Viewer;

/// <summary>Sets a picture's body under its title and caption, with margins and a key.</summary>
internal static class Figure
{
    private const int Margin = 22, TitleLine = 25, CaptionLine = 19, LeastWidth = 360;

    /// <summary>Puts it together; long titles and captions are wrapped to the body's width.</summary>
    internal static Picture Compose(string title, string caption, string description, Canvas body,
        params IReadOnlyList<LegendEntry> legend)
    {
        var inner = Math.Max(Math.Max(LeastWidth, body.Width), legend.Count > 0 ? Legend.Measure(legend) : 0);
        var titles = Wrap(title, TextStyle.Title, inner);
        var captions = Wrap(caption, TextStyle.Caption, inner);
        var head = Margin + titles.Count * TitleLine + captions.Count * CaptionLine + 8;
        var key = legend.Count > 0 ? Legend.Height + 4 : 0;
        var canvas = new Canvas(inner + 2 * Margin, head + body.Height + key + Margin);
        var y = Margin + 13;
        foreach (var line in titles)
        {
            canvas.Text(Margin, y, line, TextStyle.Title);
            y += TitleLine;
        }
        y -= 3;
        foreach (var line in captions)
        {
            canvas.Text(Margin, y, line, TextStyle.Caption);
            y += CaptionLine;
        }
        canvas.Draw(body, Margin, head);
        if (legend.Count > 0) Legend.Draw(canvas, Margin, head + body.Height + 6, legend);
        return new(title, description, canvas, new(Margin, head, Math.Max(body.Width, legend.Count > 0 ? inner : 0),
            body.Height + key));
    }

    /// <summary>Panels with their own headings in rows of so many columns.</summary>
    internal static Canvas Panels(IReadOnlyList<(string Heading, Canvas Body)> panels, int columns, int gap = 18)
    {
        const int heading = 24;
        columns = Math.Clamp(panels.Count, 1, columns);
        var rows = (panels.Count + columns - 1) / columns;
        var widths = new int[columns];
        var heights = new int[rows];
        for (var i = 0; i < panels.Count; i++)
        {
            var wide = Math.Max(panels[i].Body.Width, Canvas.Measure(panels[i].Heading, TextStyle.Heading));
            widths[i % columns] = Math.Max(widths[i % columns], wide);
            heights[i / columns] = Math.Max(heights[i / columns], panels[i].Body.Height + heading);
        }
        var canvas = new Canvas(widths.Sum() + gap * (columns - 1), heights.Sum() + gap * (rows - 1));
        for (var i = 0; i < panels.Count; i++)
        {
            var x = widths.Take(i % columns).Sum() + gap * (i % columns);
            var y = heights.Take(i / columns).Sum() + gap * (i / columns);
            canvas.Text(x, y + 14, panels[i].Heading, TextStyle.Heading);
            canvas.Draw(panels[i].Body, x, y + heading);
        }
        return canvas;
    }

    /// <summary>Breaks a text at blanks so that no line is longer than so many pixels, words longer than that
    /// apart.</summary>
    internal static IReadOnlyList<string> Wrap(string text, TextStyle style, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + ' ' + word;
            if (line.Length > 0 && Canvas.Measure(longer, style) > width)
            {
                lines.Add(line);
                longer = word;
            }
            line = longer;
        }
        if (line.Length > 0) lines.Add(line);
        return lines;
    }
}
