namespace Connecto.Phantom.Tissue;

/// <summary>One calibre of neurites: a jittered, rotated lattice whose vertices are strung into trees.</summary>
/// <param name="Key">Random key of the level.</param>
/// <param name="Spacing">Lattice spacing, nm.</param>
/// <param name="RegionLength">Vertices along an edge of a region; a region is grown on its own.</param>
/// <param name="LeastRadius">Least weight radius, nm.</param>
/// <param name="MostRadius">Greatest weight radius, nm.</param>
/// <param name="Coverage">Share of vertices that may start a path.</param>
/// <param name="Clearance">Least distance from the surface of a coarser neurite, nm.</param>
/// <param name="TurnShare">Chance of a turn at a vertex.</param>
internal sealed record NeuriteLevel(
    ulong Key, float Spacing, int RegionLength, float LeastRadius, float MostRadius, float Coverage, float Clearance,
    float TurnShare)
{
    /// <summary>Jitter each way as a share of the spacing. Lattice edges of different trees stay at least
    /// 1 - 2 * 0.27 = 0.46 spacings apart, so that no neurite can be swallowed by a neighbour.</summary>
    private const float Jitter = 0.27f;

    // A generic rotation (unit quaternion 0.78, 0.31, -0.42, 0.35 normalised), so that no lattice axis lies in a section.
    private static readonly Point3 AxisZ, AxisY, AxisX;

    static NeuriteLevel()
    {
        double w = 0.78, a = 0.31, b = -0.42, c = 0.35, n = Math.Sqrt(w * w + a * a + b * b + c * c);
        w /= n; a /= n; b /= n; c /= n;
        AxisX = new((float)(2 * (a * c - w * b)), (float)(2 * (a * b + w * c)), (float)(1 - 2 * (b * b + c * c)));
        AxisY = new((float)(2 * (b * c + w * a)), (float)(1 - 2 * (a * a + c * c)), (float)(2 * (a * b - w * c)));
        AxisZ = new((float)(1 - 2 * (a * a + b * b)), (float)(2 * (b * c - w * a)), (float)(2 * (a * c + w * b)));
    }

    /// <summary>The levels of some tissue, coarse first.</summary>
    public static NeuriteLevel[] Of(PhantomOptions options)
    {
        var key = PlaceRandom.Mix(options.Seed + 0x5EED);
        var s = (float)options.NeuriteSpacing;
        return
        [
            new(PlaceRandom.Hash(key, 0), s * 12.5f, 6, s * 2f, s * 4.4f, (float)options.LargeNeurites, 0, 0.10f),
            new(PlaceRandom.Hash(key, 1), s * 4.4f, 8, s * 0.6f, s * 1.5f, (float)options.MediumNeurites, s * 0.7f, 0.15f),
            new(PlaceRandom.Hash(key, 2), s, 14, s * 0.06f, s * 0.36f, 1, s * 0.4f, 0.22f),
        ];
    }

    /// <summary>Where a vertex lies.</summary>
    public Point3 Place(int z, int y, int x)
    {
        var hash = PlaceRandom.Hash(Key, z, y, x);
        return FromLattice(new Point3(
            z + Jitter * (2 * PlaceRandom.Unit(hash) - 1),
            y + Jitter * (2 * PlaceRandom.Unit(hash, 20) - 1),
            x + Jitter * (2 * PlaceRandom.Unit(hash, 40) - 1)) * Spacing);
    }

    /// <summary>The box of lattice coordinates (vertices) that covers a box of tissue.</summary>
    public Bounds ToLattice(Bounds tissue) => Bounds.Around(tissue.Corners().Select(p =>
        new Point3(Point3.Dot(p, AxisZ), Point3.Dot(p, AxisY), Point3.Dot(p, AxisX)) * (1 / Spacing)));

    /// <summary>The box of tissue that covers a box of lattice coordinates.</summary>
    public Bounds FromLattice(Bounds lattice) => Bounds.Around(lattice.Corners().Select(p => FromLattice(p * Spacing)));

    private static Point3 FromLattice(Point3 p) => AxisZ * p.Z + AxisY * p.Y + AxisX * p.X;
}
