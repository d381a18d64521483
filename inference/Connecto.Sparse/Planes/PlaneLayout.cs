using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>How planes of one resolution lie in the arena: rows of <see cref="Pitch"/> floats whose last ones are
/// 0.</summary>
/// <remarks>
/// A row's right border is the next row's left border, so a plane is one row of Length floats, and a tap at (dy, dx)
/// reads it at a shift of dy * Pitch + dx. A gap of zeros before and behind serves as the upper and lower border.
/// Whoever writes a plane leaves the borders 0. The gap also takes the part of the last tile that reaches beyond the
/// plane.
/// </remarks>
internal sealed class PlaneLayout
{
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="halo">Zeros needed on every side.</param>
    public PlaneLayout(int height, int width, int halo)
    {
        (Height, Width, Pitch) = (height, width, width + halo);
        Front = RoundUp(halo * Pitch + halo, 16);
        var stride = Front + RoundUp(checked(height * Pitch), 16) + KernelSet.LongestTile;
        // An odd number of cache lines, or planes of a power of two would all fall into the same cache sets.
        Stride = (stride / 16 & 1) == 0 ? stride + 16 : stride;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>Floats of a plane with its borders, from the first pixel on.</summary>
    public int Length => Height * Pitch;

    /// <summary>Zeros before the first pixel.</summary>
    public int Front { get; }

    /// <summary>Floats from one plane to the next; a multiple of 16.</summary>
    public int Stride { get; }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
