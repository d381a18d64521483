using System.Runtime.CompilerServices;

namespace Connecto.Phantom;

/// <summary>A point or vector in tissue, nm. Scalar on purpose: the order of additions is the same on every CPU.</summary>
internal readonly record struct Point3(float Z, float Y, float X)
{
    public static Point3 operator +(Point3 a, Point3 b) => new(a.Z + b.Z, a.Y + b.Y, a.X + b.X);
    public static Point3 operator -(Point3 a, Point3 b) => new(a.Z - b.Z, a.Y - b.Y, a.X - b.X);
    public static Point3 operator *(Point3 a, float s) => new(a.Z * s, a.Y * s, a.X * s);

    public float Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MathF.Sqrt(Z * Z + Y * Y + X * X);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(Point3 a, Point3 b) => a.Z * b.Z + a.Y * b.Y + a.X * b.X;

    public static Point3 Cross(Point3 a, Point3 b) =>
        new(a.X * b.Y - a.Y * b.X, a.Z * b.X - a.X * b.Z, a.Y * b.Z - a.Z * b.Y);

    public static Point3 Lerp(Point3 a, Point3 b, float t) => a + (b - a) * t;

    /// <summary>This vector at length 1; a fixed axis for the zero vector.</summary>
    public Point3 Normalized()
    {
        var length = Length;
        return length > 1e-6f ? this * (1 / length) : new Point3(1, 0, 0);
    }

    /// <summary>The vector less its part along a unit axis, at length 1.</summary>
    public Point3 Perpendicular(Point3 axis)
    {
        var rest = this - axis * Dot(this, axis);
        return rest.Length > 1e-3f ? rest.Normalized()
            : Cross(axis, MathF.Abs(axis.X) < 0.8f ? new Point3(0, 0, 1) : new Point3(0, 1, 0)).Normalized();
    }
}

/// <summary>A box in tissue, nm.</summary>
internal readonly record struct Bounds(Point3 Low, Point3 High)
{
    public Bounds Grow(float by) => new(Low - new Point3(by, by, by), High + new Point3(by, by, by));

    public bool Touches(Point3 at, float radius) =>
        at.Z + radius >= Low.Z && at.Y + radius >= Low.Y && at.X + radius >= Low.X &&
        at.Z - radius <= High.Z && at.Y - radius <= High.Y && at.X - radius <= High.X;

    public IEnumerable<Point3> Corners()
    {
        for (var i = 0; i < 8; i++)
            yield return new Point3((i & 4) == 0 ? Low.Z : High.Z, (i & 2) == 0 ? Low.Y : High.Y, (i & 1) == 0 ? Low.X : High.X);
    }

    public static Bounds Around(IEnumerable<Point3> points)
    {
        Point3 low = new(float.MaxValue, float.MaxValue, float.MaxValue), high = new(float.MinValue, float.MinValue, float.MinValue);
        foreach (var p in points)
        {
            low = new Point3(MathF.Min(low.Z, p.Z), MathF.Min(low.Y, p.Y), MathF.Min(low.X, p.X));
            high = new Point3(MathF.Max(high.Z, p.Z), MathF.Max(high.Y, p.Y), MathF.Max(high.X, p.X));
        }
        return new Bounds(low, high);
    }
}
