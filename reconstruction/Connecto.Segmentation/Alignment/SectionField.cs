namespace Connecto.Segmentation.Alignment;

/// <summary>Where the pixels of a section lie in the section below it: a smooth displacement, given on a coarse grid.</summary>
/// <remarks>Knot (r, c) stands in the middle of cell (r, c) of <see cref="Rows"/> x <see cref="Columns"/> equal cells;
/// between knots the displacement is interpolated linearly, beyond the outermost ones it stays. Immutable.</remarks>
public sealed class SectionField
{
    private readonly float[] _y, _x;
    private readonly float _perRow, _perColumn;

    /// <summary>Takes a grid over.</summary>
    /// <param name="height">Rows of the section.</param>
    /// <param name="width">Columns of the section.</param>
    /// <param name="rows">Rows of knots.</param>
    /// <param name="columns">Columns of knots.</param>
    /// <param name="y">Displacements in pixels, row by row: pixel (y, x) lies at (y + dy, x + dx) in the section below.</param>
    /// <param name="x">The same along x.</param>
    /// <exception cref="ArgumentException">The grid does not hold rows * columns finite numbers, or nothing is positive.</exception>
    public SectionField(int height, int width, int rows, int columns, float[] y, float[] x)
    {
        if (height < 1 || width < 1 || rows < 1 || columns < 1 || y.Length != rows * columns || x.Length != y.Length)
            throw new ArgumentException($"{y.Length} and {x.Length} displacements do not make a grid of {rows} x {columns}.");
        if (!y.Concat(x).All(float.IsFinite)) throw new ArgumentException("A displacement is not a finite number.");
        (Height, Width, Rows, Columns, _y, _x) = (height, width, rows, columns, y, x);
        (_perRow, _perColumn) = ((float)rows / height, (float)columns / width);
    }

    /// <summary>Rows of the section.</summary>
    public int Height { get; }

    /// <summary>Columns of the section.</summary>
    public int Width { get; }

    /// <summary>Rows of knots.</summary>
    public int Rows { get; }

    /// <summary>Columns of knots.</summary>
    public int Columns { get; }

    /// <summary>Displacements along y, row by row, pixels.</summary>
    public ReadOnlySpan<float> Y => _y;

    /// <summary>Displacements along x, row by row, pixels.</summary>
    public ReadOnlySpan<float> X => _x;

    /// <summary>The largest displacement along either axis, pixels.</summary>
    public float Largest => _y.Concat(_x).Max(MathF.Abs);

    /// <summary>The displacement at a place of the section, which may lie outside.</summary>
    public (float Y, float X) At(float y, float x)
    {
        var (r, fr) = Knot((y + 0.5f) * _perRow - 0.5f, Rows);
        var (c, fc) = Knot((x + 0.5f) * _perColumn - 0.5f, Columns);
        int below = r + 1 < Rows ? Columns : 0, right = c + 1 < Columns ? 1 : 0, at = r * Columns + c;
        return (Between(_y), Between(_x));

        float Between(float[] grid) =>
            (grid[at] * (1 - fc) + grid[at + right] * fc) * (1 - fr)
            + (grid[at + below] * (1 - fc) + grid[at + below + right] * fc) * fr;
    }

    /// <summary>The place of this section that lies over a place of the one below: the inverse of adding
    /// <see cref="At"/>.</summary>
    /// <remarks>Six rounds of a fixed point: exact to a hundredth of the displacement where it changes by less than a third
    /// of a pixel a pixel.</remarks>
    public (float Y, float X) Above(float y, float x)
    {
        var (atY, atX) = (y, x);
        for (var round = 0; round < 6; round++)
        {
            var (dy, dx) = At(atY, atX);
            (atY, atX) = (y - dy, x - dx);
        }
        return (atY, atX);
    }

    private static (int Knot, float Share) Knot(float at, int knots)
    {
        if (at <= 0) return (0, 0);
        if (at >= knots - 1) return (knots - 1, 0);
        var knot = (int)at;
        return (knot, at - knot);
    }
}
