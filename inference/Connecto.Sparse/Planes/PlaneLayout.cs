using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>How the planes of one size lie in the arena: rows of <see cref="Pitch"/> floats whose last ones are 0, and
/// sections of <see cref="SectionRows"/> rows whose last ones are 0.</summary>
/// <remarks>
/// A row's right border is the next row's left border, and a section's lower border the next one's upper border, so a
/// plane or volume is one row of Length floats, and a tap at (dz, dy, dx) reads it at a shift of (dz * SectionRows + dy) *
/// Pitch + dx. A gap of zeros before and behind serves as the outermost border. Whoever writes a plane leaves the borders
/// 0. The gap also takes the part of the last tile that reaches beyond the plane.
/// </remarks>
internal sealed class PlaneLayout
{
    /// <summary>A plane on its own.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="halo">Zeros needed on every side.</param>
    public PlaneLayout(int height, int width, int halo)
        : this(new Extent(height, width), width + halo, height, new Extent(0, halo, halo)) { }

    /// <param name="size">The size.</param>
    /// <param name="pitch">Floats of a row; what reads this and what it reads must have the same.</param>
    /// <param name="sectionRows">Rows of a section, likewise.</param>
    /// <param name="halo">Zeros needed on every side.</param>
    public PlaneLayout(Extent size, int pitch, int sectionRows, Extent halo)
    {
        (Depth, Height, Width, Pitch, SectionRows) = (size.Depth, size.Height, size.Width, pitch, sectionRows);
        Rows = checked((Depth - 1) * SectionRows + Height);
        Length = checked(Rows * Pitch);
        Front = RoundUp(checked((halo.Depth * SectionRows + halo.Height) * Pitch + halo.Width), 16);
        var stride = checked(Front + RoundUp(Length, 16) + KernelSet.LongestTile);
        // An odd number of cache lines, or planes of a power of two would all fall into the same cache sets.
        Stride = (stride / 16 & 1) == 0 ? stride + 16 : stride;
    }

    /// <summary>Sections.</summary>
    public int Depth { get; }

    /// <summary>Rows of a section, without its border.</summary>
    public int Height { get; }

    /// <summary>Columns, without the border.</summary>
    public int Width { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>Rows from one section to the next.</summary>
    public int SectionRows { get; }

    /// <summary>Rows from the first to the last, the borders between sections included.</summary>
    public int Rows { get; }

    /// <summary>Floats of a plane with its borders, from the first pixel on.</summary>
    public int Length { get; }

    /// <summary>Zeros before the first pixel.</summary>
    public int Front { get; }

    /// <summary>Floats from one plane to the next; a multiple of 16.</summary>
    public int Stride { get; }

    /// <summary>Floats from the first pixel to a row.</summary>
    public int RowAt(int section, int row) => (section * SectionRows + row) * Pitch;

    private static int RoundUp(int value, int multiple) => checked(value + multiple - 1) / multiple * multiple;
}
