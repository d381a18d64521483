namespace Connecto.Viewer;

/// <summary>Many pictures on one page: each without its own title, scaled to a common width under its name.</summary>
public static class ContactSheet
{
    /// <summary>Draws it.</summary>
    /// <param name="pictures">In reading order; may be empty.</param>
    /// <param name="options">Title, columns, size.</param>
    /// <exception cref="ArgumentOutOfRangeException">Columns or tile width are not positive.</exception>
    public static Picture Draw(IReadOnlyList<Picture> pictures, ContactSheetOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TileWidth);
        var tiles = pictures.Select(p => (p.Title, Tile(p, options.TileWidth))).ToList();
        var names = string.Join(", ", pictures.Select(p => p.Title));
        return Figure.Compose(options.Title, options.Caption, $"Overview: {names}.",
            tiles.Count > 0 ? Figure.Panels(tiles, options.Columns, 26) : new Canvas(options.TileWidth, 1));
    }

    /// <summary>The body, made smaller by area average where it is too large.</summary>
    private static Canvas Tile(Picture picture, int side)
    {
        var body = picture.Body;
        var scale = Math.Min(1, Math.Min(side / (double)body.Width, side / (double)body.Height));
        var tile = new Canvas(Math.Max(1, (int)(body.Width * scale)), Math.Max(1, (int)(body.Height * scale)));
        if (scale >= 1)
        {
            tile.Draw(picture.Canvas, body, 0, 0);
            return tile;
        }
        var grid = new PlaneGrid(body.Height, body.Width, tile.Height, tile.Width, 1);
        var plane = new byte[body.Width * body.Height];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < body.Height; y++)
                for (var x = 0; x < body.Width; x++)
                    plane[y * body.Width + x] =
                        picture.Canvas.Pixels[3 * ((body.Y + y) * picture.Canvas.Width + body.X + x) + channel];
            var scaled = grid.Average(plane);
            for (var i = 0; i < scaled.Length; i++) tile.Pixels[3 * i + channel] = scaled[i];
        }
        return tile;
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

    /// <summary>The longest side of a tile, pixels.</summary>
    public int TileWidth { get; init; } = 560;
}
