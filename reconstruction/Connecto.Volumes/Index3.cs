namespace Connecto.Volumes;

/// <summary>A voxel's place, or a volume's extent, in voxels; always in the order z, y, x.</summary>
/// <param name="Z">Section.</param>
/// <param name="Y">Row.</param>
/// <param name="X">Column.</param>
public readonly record struct Index3(int Z, int Y, int X)
{
    /// <summary>The number of voxels of an extent.</summary>
    public long Count => (long)Z * Y * X;

    /// <summary>Adds place by place.</summary>
    public static Index3 operator +(Index3 a, Index3 b) => new(a.Z + b.Z, a.Y + b.Y, a.X + b.X);

    /// <summary>Subtracts place by place.</summary>
    public static Index3 operator -(Index3 a, Index3 b) => new(a.Z - b.Z, a.Y - b.Y, a.X - b.X);

    /// <summary>The smaller of each place.</summary>
    public static Index3 Min(Index3 a, Index3 b) => new(Math.Min(a.Z, b.Z), Math.Min(a.Y, b.Y), Math.Min(a.X, b.X));

    /// <summary>The larger of each place.</summary>
    public static Index3 Max(Index3 a, Index3 b) => new(Math.Max(a.Z, b.Z), Math.Max(a.Y, b.Y), Math.Max(a.X, b.X));

    /// <summary>"z,y,x".</summary>
    public override string ToString() => $"{Z},{Y},{X}";
}
