namespace Connecto.Viewer;

/// <summary>Many pictures on one page: each without its own title, under its name; wide ones take two
/// columns.</summary>
public static class ContactSheet
{
    private const int Gap = 28, Heading = 26;

    /// <summary>Draws it.</summary>
    /// <param name="pictures">In reading order; may be empty.</param>
    /// <param name="options">Title, columns, size.</param>
    /// <exception cref="ArgumentOutOfRangeException">Columns or tile size are not positive.</exception>
    public static Picture Draw(IReadOnlyList<Picture> pictures, ContactSheetOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TileSize);
        var tiles = pictures.Select(p => new Tile(p, options)).ToList();
        var rows = Rows(tiles, options.Columns);
        var pitch = options.TileSize + Gap;
        var body = new Canvas(options.Columns * pitch - Gap, Math.Max(1, rows.Sum(RowHeight) + Gap * (rows.Count - 1)));
        var y = 0;
        foreach (var row in rows)
        {
            var column = 0;
            foreach (var tile in row)
            {
                body.Text(column * pitch, y + 15, tile.Title, TextStyle.Heading);
                body.Draw(tile.Body, column * pitch, y + Heading);
                column += tile.Span;
            }
            y += RowHeight(row) + Gap;
        }
        var names = string.Join(", ", pictures.Select(p => p.Title));
        return Figure.Compose(options.Title, options.Caption, $"Overview: {names}.", body);
    }

    private static int RowHeight(List<Tile> row) => Heading + row.Max(t => t.Body.Height);

    private static List<List<Tile>> Rows(List<Tile> tiles, int columns)
    {
        var rows = new List<List<Tile>>();
        var free = 0;
        foreach (var tile in tiles)
        {
            if (tile.Span > free)
            {
                rows.Add([]);
                free = columns;
            }
            rows[^1].Add(tile);
            free -= tile.Span;
        }
        return rows;
    }

    /// <summary>A picture's body, made smaller by area average where it is too large.</summary>
    private sealed class Tile
    {
        internal Tile(Picture picture, ContactSheetOptions options)
        {
            var body = picture.Body;
            Title = picture.Title;
            Span = body.Width > 1.8 * body.Height && body.Width > options.TileSize ? Math.Min(2, options.Columns) : 1;
            var wide = Span * (options.TileSize + Gap) - Gap;
            var scale = Math.Min(1, Math.Min(wide / (double)body.Width, options.TileSize / (double)body.Height));
            Body = Scaled(picture.Canvas, body, scale);
        }

        internal string Title { get; }

        internal int Span { get; }

        internal Canvas Body { get; }

        private static Canvas Scaled(Canvas canvas, PixelRect part, double scale)
        {
            var result = new Canvas(Math.Max(1, (int)(part.Width * scale)), Math.Max(1, (int)(part.Height * scale)));
            if (scale >= 1)
            {
                result.Draw(canvas, part, 0, 0);
                return result;
            }
            var grid = new PlaneGrid(part.Height, part.Width, result.Height, result.Width, 1);
            var plane = new byte[part.Width * part.Height];
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < part.Height; y++)
                    for (var x = 0; x < part.Width; x++)
                        plane[y * part.Width + x] =
                            canvas.Pixels[3 * ((part.Y + y) * canvas.Width + part.X + x) + channel];
                var scaled = grid.Average(plane);
                for (var i = 0; i < scaled.Length; i++) result.Pixels[3 * i + channel] = scaled[i];
            }
            return result;
        }
    }
}

/// <summary>How an overview is laid out.</summary>
public sealed record ContactSheetOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Overview";

    /// <summary>Drawn below the title.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Pictures in a row.</summary>
    public int Columns { get; init; } = 3;

    /// <summary>The longest side of a tile, pixels; a tile that takes two columns may be twice as wide.</summary>
    public int TileSize { get; init; } = 600;
}
