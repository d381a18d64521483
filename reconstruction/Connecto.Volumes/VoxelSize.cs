using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Connecto.Volumes;

/// <summary>The edge lengths of a voxel in nanometres, in the order z, y, x.</summary>
public readonly record struct VoxelSize
{
    /// <summary>Makes a voxel size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is not a positive finite number.</exception>
    public VoxelSize(double z, double y, double x)
    {
        if (!(z > 0 && y > 0 && x > 0 && double.IsFinite(z) && double.IsFinite(y) && double.IsFinite(x)))
            throw new ArgumentOutOfRangeException(nameof(z),
                string.Create(CultureInfo.InvariantCulture, $"Voxel lengths must be positive; found {z},{y},{x} nm."));
        (Z, Y, X) = (z, y, x);
    }

    /// <summary>Section thickness, nm.</summary>
    public double Z { get; }

    /// <summary>Row pitch, nm.</summary>
    public double Y { get; }

    /// <summary>Column pitch, nm.</summary>
    public double X { get; }

    /// <summary>How much longer a voxel is across sections than within one (1 for isotropic data).</summary>
    public double Anisotropy => Z / Math.Sqrt(Y * X);

    /// <summary>Reads "z,y,x" in nm, as flags give it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VoxelSize? size)
    {
        size = null;
        var parts = (text ?? "").Split(',');
        if (parts.Length != 3) return false;
        Span<double> nm = stackalloc double[3];
        for (var i = 0; i < 3; i++)
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out nm[i])
                || !double.IsFinite(nm[i]) || nm[i] <= 0)
                return false;
        size = new VoxelSize(nm[0], nm[1], nm[2]);
        return true;
    }

    /// <summary>"z,y,x" in nm; <see cref="TryParse"/> reads it back.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Z},{Y},{X}");
}
