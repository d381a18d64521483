using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Where a flood's voxels lie in its working memory: rows and planes with a guard between them.</summary>
/// <remarks>
/// Every voxel's six neighbours have a place in memory, so no kernel asks where the volume ends; guards hold what never
/// wins (level 0, cost <see cref="Unreached"/>). Rows are worked on in vectors of <see cref="Lanes"/> voxels; the last
/// vector of a row overlaps the one before it, and where a row is shorter than a vector it covers guards, which stay as
/// they are.
/// </remarks>
internal readonly struct FloodLayout
{
    /// <summary>Voxels of one vector.</summary>
    public const int Lanes = 64;

    /// <summary>The cost of what no seed has reached, and of a face that is not there.</summary>
    public const byte Unreached = 255;

    public FloodLayout(Index3 shape)
    {
        Shape = shape;
        Row = Math.Max(Lanes, (shape.X + 8) & ~7);
        Plane = checked((shape.Y + 1) * Row);
        First = Plane + Row + Lanes;
        Length = checked(First + (shape.Z + 1) * Plane + Row + Lanes);
    }

    /// <summary>Voxels an axis.</summary>
    public Index3 Shape { get; }

    /// <summary>From a voxel to its neighbour in y.</summary>
    public int Row { get; }

    /// <summary>From a voxel to its neighbour in z.</summary>
    public int Plane { get; }

    /// <summary>The place of voxel (0, 0, 0).</summary>
    public int First { get; }

    /// <summary>Places in all, guards included.</summary>
    public int Length { get; }

    /// <summary>The place of the first voxel of a row.</summary>
    public int At(int z, int y) => First + z * Plane + y * Row;

    /// <summary>Vectors a row.</summary>
    public int Vectors => (Shape.X + Lanes - 1) / Lanes;

    /// <summary>Where vector <paramref name="k"/> of a row begins.</summary>
    public int VectorAt(int k) => Math.Max(0, Math.Min(k * Lanes, Shape.X - Lanes));

    /// <summary>The step to the place that a direction leads to; see <see cref="Way"/>.</summary>
    public int Step(byte way) => way switch
    {
        Way.LowerX => -1,
        Way.UpperX => 1,
        Way.LowerY => -Row,
        Way.UpperY => Row,
        Way.LowerZ => -Plane,
        Way.UpperZ => Plane,
        _ => 0,
    };
}

/// <summary>Which neighbour a voxel follows.</summary>
internal static class Way
{
    /// <summary>None: no seed reaches it.</summary>
    public const byte None = 0;

    public const byte LowerX = 1, UpperX = 2, LowerY = 3, UpperY = 4, LowerZ = 5, UpperZ = 6;

    /// <summary>It is where ways end.</summary>
    public const byte Peak = 7;
}
