using System.Runtime.CompilerServices;

namespace Connecto.Phantom.Tissue;

/// <summary>A smooth displacement of space that bends straight centre lines and flat walls.</summary>
/// <remarks>Two octaves of value noise. Its gradient stays below 0.9 an axis (about 0.2 as a rule), so the warp keeps connected
/// what is connected. Displacements are sampled at nodes 32 nm apart and interpolated within a section.</remarks>
internal sealed class TissueWarp(ulong seed)
{
    /// <summary>Greatest displacement along an axis, nm.</summary>
    public const float Most = BroadAmplitude + FineAmplitude;

    private const float BroadLength = 400, BroadAmplitude = 48, FineLength = 140, FineAmplitude = 15;
    private readonly ulong _broad = PlaceRandom.Mix(seed + 0xB20AD), _fine = PlaceRandom.Mix(seed + 0xF19E);

    /// <summary>Where a point of tissue lies before the warp.</summary>
    public Point3 Apply(Point3 p) => p + Displacement(p);

    /// <summary>The displacement of a point, nm.</summary>
    public Point3 Displacement(Point3 p) =>
        Noise(_broad, p * (1 / BroadLength)) * BroadAmplitude + Noise(_fine, p * (1 / FineLength)) * FineAmplitude;

    /// <summary>Three independent value noises in [-1, 1].</summary>
    private static Point3 Noise(ulong key, Point3 p)
    {
        float fz = MathF.Floor(p.Z), fy = MathF.Floor(p.Y), fx = MathF.Floor(p.X);
        int z = (int)fz, y = (int)fy, x = (int)fx;
        float tz = Smooth(p.Z - fz), ty = Smooth(p.Y - fy), tx = Smooth(p.X - fx);
        return Point3.Lerp(
            Point3.Lerp(Point3.Lerp(Node(key, z, y, x), Node(key, z, y, x + 1), tx),
                Point3.Lerp(Node(key, z, y + 1, x), Node(key, z, y + 1, x + 1), tx), ty),
            Point3.Lerp(Point3.Lerp(Node(key, z + 1, y, x), Node(key, z + 1, y, x + 1), tx),
                Point3.Lerp(Node(key, z + 1, y + 1, x), Node(key, z + 1, y + 1, x + 1), tx), ty), tz);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Smooth(float t) => t * t * t * (t * (t * 6 - 15) + 10);

    private static Point3 Node(ulong key, int z, int y, int x)
    {
        var hash = PlaceRandom.Hash(key, z, y, x);
        return new Point3(2 * PlaceRandom.Unit(hash) - 1, 2 * PlaceRandom.Unit(hash, 20) - 1, 2 * PlaceRandom.Unit(hash, 40) - 1);
    }
}
