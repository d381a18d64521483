namespace Connecto.Viewer;

/// <summary>A picture in memory: rows of 8-bit red, green, blue; lines and text are anti-aliased.</summary>
/// <remarks>Whatever lies outside is cut off silently. Drawing is plain arithmetic in a fixed order, so the same calls
/// give the same bytes. Not safe for several threads at once.</remarks>
public sealed class Canvas
{
    /// <summary>Makes a canvas of paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive, or the canvas needs more than 2^31
    /// bytes.</exception>
    public Canvas(int width, int height)
    {
        if (width <= 0 || height <= 0 || 3L * width * height > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(width), $"No canvas is {width} x {height} pixels.");
        (Width, Height) = (width, height);
        Pixels = new byte[3 * width * height];
        Fill(new(0, 0, width, height), Palette.Paper);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>All pixels, row by row, three bytes each: red, green, blue.</summary>
    public byte[] Pixels { get; }

    /// <summary>A pixel's colour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place lies outside.</exception>
    public Rgb this[int x, int y]
    {
        get
        {
            if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
                throw new ArgumentOutOfRangeException(nameof(x), $"Pixel {x},{y} lies outside {Width} x {Height}.");
            var at = 3 * (y * Width + x);
            return new(Pixels[at], Pixels[at + 1], Pixels[at + 2]);
        }
    }

    /// <summary>Sets a pixel.</summary>
    public void Set(int x, int y, Rgb color)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height) return;
        var at = 3 * (y * Width + x);
        (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (color.R, color.G, color.B);
    }

    /// <summary>Lays a share (0 to 1; clamped) of a colour over a pixel.</summary>
    public void Blend(int x, int y, Rgb color, double share)
    {
        if (share <= 0 || (uint)x >= (uint)Width || (uint)y >= (uint)Height) return;
        Set(x, y, share >= 1 ? color : this[x, y].Mix(color, share));
    }

    /// <summary>Fills a rectangle, wholly or by a share.</summary>
    public void Fill(PixelRect area, Rgb color, double share = 1)
    {
        for (var y = Math.Max(0, area.Y); y < Math.Min(Height, area.Bottom); y++)
            for (var x = Math.Max(0, area.X); x < Math.Min(Width, area.Right); x++)
                Blend(x, y, color, share);
    }

    /// <summary>Outlines a rectangle with a line one pixel wide, just inside it.</summary>
    public void Outline(PixelRect area, Rgb color)
    {
        Fill(area with { Height = 1 }, color);
        Fill(area with { Height = 1, Y = area.Bottom - 1 }, color);
        Fill(area with { Width = 1 }, color);
        Fill(area with { Width = 1, X = area.Right - 1 }, color);
    }

    /// <summary>A straight line with round ends; places are pixel corners, so pixel (0, 0) has its centre at 0.5,
    /// 0.5.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, Rgb color, double width = 1.5)
    {
        var piece = new LinePiece((fromX, fromY), (toX, toY));
        double radius = width / 2, reach = radius + 1;
        for (var y = Clip(piece.MinY - reach, Height); y < Clip(piece.MaxY + reach + 1, Height); y++)
            for (var x = Clip(piece.MinX - reach, Width); x < Clip(piece.MaxX + reach + 1, Width); x++)
                Blend(x, y, color, radius + 0.5 - Math.Sqrt(piece.DistanceSquared(x + 0.5, y + 0.5)));
    }

    /// <summary>A filled disc.</summary>
    public void Disc(double x, double y, double radius, Rgb color) => Line(x, y, x, y, color, 2 * radius);

    /// <summary>A text; (x, y) is its anchor on the baseline. Characters without a glyph show as a box.</summary>
    public void Text(double x, double y, string text, TextStyle style) => StrokeFont.Draw(this, x, y, text, style);

    /// <summary>The length of a text along its line, pixels.</summary>
    public static int Measure(string text, TextStyle style) => StrokeFont.Measure(text, style);

    /// <summary>Copies another canvas to a place in this one.</summary>
    public void Draw(Canvas from, int x, int y) => Draw(from, new PixelRect(0, 0, from.Width, from.Height), x, y);

    /// <summary>Copies a part of another canvas to a place in this one.</summary>
    public void Draw(Canvas from, PixelRect part, int x, int y)
    {
        for (var row = 0; row < part.Height; row++)
            for (var column = 0; column < part.Width; column++)
                if ((uint)(part.X + column) < (uint)from.Width && (uint)(part.Y + row) < (uint)from.Height)
                    Set(x + column, y + row, from[part.X + column, part.Y + row]);
    }

    private static int Clip(double at, int end) => (int)Math.Clamp(Math.Floor(at), 0, end);
}
