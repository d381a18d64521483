namespace Connecto.Viewer;

/// <summary>A rectangle of pixels; its right and lower edges are outside.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    /// <summary>One past the last column.</summary>
    public int Right => X + Width;

    /// <summary>One past the last row.</summary>
    public int Bottom => Y + Height;

    /// <summary>The rectangle moved.</summary>
    public PixelRect Shift(int x, int y) => this with { X = X + x, Y = Y + y };
}
