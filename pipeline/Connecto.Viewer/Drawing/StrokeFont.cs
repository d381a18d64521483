using System.Globalization;

namespace Connecto.Viewer;

/// <summary>Text from pen strokes, so that pictures need no font file and look the same everywhere.</summary>
/// <remarks>A pixel's share of ink is how far it lies inside the round pen's track (exact distance to the strokes,
/// ramped over one pixel). Baseline, small-letter height and capital height are moved to whole pixels first, as hinting
/// does: at 13 px that is what separates crisp from blurred. Kerning is given up.</remarks>
internal static class StrokeFont
{
    private const double Spacing = 3.8, SmallHeight = 10, CapitalHeight = 14, CurvePieces = 6;

    private static readonly Dictionary<char, Glyph> Glyphs = Load();
    private static readonly Glyph MissingGlyph = Glyph.Parse(StrokeFontGlyphs.Missing);

    /// <summary>True when the font draws this character itself, not the empty box.</summary>
    internal static bool Covers(char letter) => Glyphs.ContainsKey(letter);

    /// <summary>The text's length along its line, pixels.</summary>
    internal static int Measure(string text, TextStyle style)
    {
        var (length, scale) = (0.0, Scale(style));
        foreach (var letter in text) length += Advance(Find(letter), scale);
        return (int)Math.Ceiling(Math.Max(0, length - Spacing * scale) + style.Weight * style.Size);
    }

    /// <summary>Pixels from the baseline up to the top of capitals.</summary>
    internal static int CapitalPixels(TextStyle style) => (int)Math.Round(CapitalHeight * Scale(style));

    /// <summary>Draws a text; (x, y) is the baseline at its anchor.</summary>
    internal static void Draw(Canvas canvas, double x, double y, string text, TextStyle style)
    {
        var scale = Scale(style);
        var radius = style.Weight * style.Size / 2;
        var along = radius - style.Align switch
        {
            TextAlign.Left => 0,
            TextAlign.Center => Math.Floor(Measure(text, style) / 2.0),
            _ => Measure(text, style),
        };
        var pieces = new List<LinePiece>();
        foreach (var letter in text)
        {
            var glyph = Find(letter);
            pieces.Clear();
            foreach (var stroke in glyph.Strokes)
                for (var i = 0; i < Math.Max(1, stroke.Length - 1); i++)
                    pieces.Add(new(Place(stroke[i]), Place(stroke[Math.Min(i + 1, stroke.Length - 1)])));
            Ink(canvas, pieces, radius, style.Color);
            along += Advance(glyph, scale);

            (double, double) Place((double X, double Y) at)
            {
                var (a, up) = (along + at.X * scale, Hint(at.Y, scale));
                return style.Direction == TextDirection.Across ? (x + a, y - up + 0.5) : (x - up + 0.5, y - a);
            }
        }
    }

    private static double Scale(TextStyle style) => 0.72 * style.Size / CapitalHeight;

    private static double Advance(Glyph glyph, double scale) => Math.Round((glyph.Width + Spacing) * scale * 2) / 2;

    private static Glyph Find(char letter) => Glyphs.GetValueOrDefault(letter, MissingGlyph);

    /// <summary>Height above the baseline in pixels, with the letters' own heights on whole pixels.</summary>
    private static double Hint(double y, double scale)
    {
        if (y <= 0) return y * scale;
        var small = Math.Round(SmallHeight * scale);
        if (y <= SmallHeight) return y / SmallHeight * small;
        var rest = Math.Round(CapitalHeight * scale) - small;
        return small + (y - SmallHeight) / (CapitalHeight - SmallHeight) * rest;
    }

    private static void Ink(Canvas canvas, List<LinePiece> pieces, double radius, Rgb color)
    {
        if (pieces.Count == 0) return;
        var reach = radius + 1;
        int left = (int)Math.Floor(pieces.Min(s => s.MinX) - reach), right = (int)(pieces.Max(s => s.MaxX) + reach);
        int top = (int)Math.Floor(pieces.Min(s => s.MinY) - reach), bottom = (int)(pieces.Max(s => s.MaxY) + reach);
        for (var row = top; row <= bottom; row++)
            for (var column = left; column <= right; column++)
            {
                var nearest = double.MaxValue;
                foreach (var piece in pieces)
                    nearest = Math.Min(nearest, piece.DistanceSquared(column + 0.5, row + 0.5));
                if (nearest < reach * reach) canvas.Blend(column, row, color, radius + 0.5 - Math.Sqrt(nearest));
            }
    }

    private static Dictionary<char, Glyph> Load()
    {
        var glyphs = new Dictionary<char, Glyph>();
        for (var i = 0; i < StrokeFontGlyphs.Ascii.Length; i++)
            glyphs[(char)(' ' + i)] = Glyph.Parse(StrokeFontGlyphs.Ascii[i]);
        foreach (var (letter, glyph) in StrokeFontGlyphs.Others) glyphs[letter] = Glyph.Parse(glyph);
        return glyphs;
    }

    /// <summary>A letter's strokes as polylines, in font units.</summary>
    private sealed record Glyph(double Width, (double X, double Y)[][] Strokes)
    {
        internal static Glyph Parse(string text)
        {
            var colon = text.IndexOf(':');
            var strokes = text[(colon + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Flatten);
            return new(Number(text[..colon]), [.. strokes]);
        }

        private static (double X, double Y)[] Flatten(string stroke)
        {
            var points = new List<(double X, double Y)>();
            (double X, double Y)? control = null;
            foreach (var part in stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var comma = part.IndexOf(',');
                var isControl = part[0] == '~';
                var at = (X: Number(part[(isControl ? 1 : 0)..comma]), Y: Number(part[(comma + 1)..]));
                if (isControl) control = at;
                else if (control is { } c)
                {
                    var from = points[^1];
                    for (var i = 1; i <= CurvePieces; i++)
                    {
                        double t = i / CurvePieces, u = 1 - t;
                        points.Add((u * u * from.X + 2 * u * t * c.X + t * t * at.X,
                            u * u * from.Y + 2 * u * t * c.Y + t * t * at.Y));
                    }
                    control = null;
                }
                else points.Add(at);
            }
            return [.. points];
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
