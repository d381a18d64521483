using System.Runtime.InteropServices;
using Connecto.Volumes;

namespace Connecto.Phantom.Tissue;

/// <summary>
/// The centre lines of all neurites in a window of tissue. Three calibres are grown coarse to fine; a finer vertex
/// exists only clear of coarser neurites, so in the additively weighted distance |q - axis| - radius every centre line
/// owns itself, and each neurite's cell, star-shaped towards its axis, is connected (Aurenhammer, Voronoi diagrams,
/// ACM Computing Surveys 1991). Paths are rounded to quadratic B-splines. O(vertices) time and memory.
/// </summary>
internal sealed class Skeleton
{
    private const int LongestCapsule = 120;
    private readonly List<Capsule> _capsules = [];
    private readonly List<(int First, int Count)> _paths = [];

    private Skeleton() { }

    /// <summary>All capsules that may matter in the window; a path's capsules are consecutive.</summary>
    public Capsule[] Capsules { get; private set; } = [];

    /// <summary>First capsule and number of capsules of each path.</summary>
    public IReadOnlyList<(int First, int Count)> Paths => _paths;

    /// <summary>Neurites have ids 1 to this.</summary>
    public int Neurites { get; private set; }

    public static Skeleton Grow(PhantomOptions options, Bounds window)
    {
        var levels = NeuriteLevel.Of(options);
        var reach = CapsuleGrid.ReachOf(options);
        // Finer levels ask for coarser neurites around their whole regions: widen the window from fine to coarse.
        var windows = new Bounds[levels.Length];
        var next = window.Grow(reach);
        for (var l = levels.Length - 1; l >= 0; l--)
        {
            windows[l] = next;
            var level = levels[l];
            next = Bounds.Around(Regions(level, next).SelectMany(r => Extent(level, r).Corners()))
                .Grow(levels[0].MostRadius * 1.5f + level.Clearance);
        }
        var skeleton = new Skeleton();
        foreach (var (level, own) in levels.Zip(windows)) skeleton.GrowLevel(level, own);
        skeleton.Trim(window, reach);
        return skeleton;
    }

    /// <summary>The regions whose neurites may reach into a window, in order z, y, x.</summary>
    private static IEnumerable<Index3> Regions(NeuriteLevel level, Bounds window)
    {
        var box = level.ToLattice(window.Grow(level.Spacing));
        var n = level.RegionLength;
        int Floor(float v) => (int)MathF.Floor(v / n);
        for (var z = Floor(box.Low.Z); z <= Floor(box.High.Z); z++)
            for (var y = Floor(box.Low.Y); y <= Floor(box.High.Y); y++)
                for (var x = Floor(box.Low.X); x <= Floor(box.High.X); x++)
                {
                    var extent = Extent(level, new Index3(z, y, x));
                    if (window.Touches(Point3.Lerp(extent.Low, extent.High, 0.5f), (0.87f * n + 1) * level.Spacing))
                        yield return new Index3(z, y, x);
                }
    }

    /// <summary>The tissue that a region and the vertices next to it lie in.</summary>
    private static Bounds Extent(NeuriteLevel level, Index3 region)
    {
        var n = level.RegionLength;
        var low = new Point3(region.Z * n - 1.5f, region.Y * n - 1.5f, region.X * n - 1.5f);
        return level.FromLattice(new Bounds(low, low + new Point3(n + 2, n + 2, n + 2)));
    }

    private void GrowLevel(NeuriteLevel level, Bounds window)
    {
        var coarser = new CapsuleGrid(_capsules.ToArray(), level.MostRadius + level.Clearance);
        bool Exists(Index3 v) =>
            level.Clearance == 0 || coarser.Distance(level.Place(v.Z, v.Y, v.X)) > level.Clearance + level.MostRadius * 0.3f;

        var regions = Regions(level, window).ToArray();
        var grown = new IReadOnlyList<NeuritePath>[regions.Length];
        Parallel.For(0, regions.Length, r => grown[r] = RegionGrowth.Grow(level, regions[r], Exists));
        var paths = grown.SelectMany(p => p).ToList();

        var owner = new Dictionary<Index3, (int Path, int Place)>();
        for (var p = 0; p < paths.Count; p++)
            for (var i = 0; i < paths[p].Vertices.Count; i++) owner[paths[p].Vertices[i]] = (p, i);
        var tree = Enumerable.Range(0, paths.Count).ToArray();
        int Root(int i)
        {
            while (tree[i] != i) i = tree[i] = tree[tree[i]];
            return i;
        }
        for (var p = 0; p < paths.Count; p++)
            foreach (var link in new[] { paths[p].Stem, paths[p].Across })
                if (link is { } to && owner.TryGetValue(to, out var other))
                {
                    int a = Root(p), b = Root(other.Path);
                    tree[Math.Max(a, b)] = Math.Min(a, b);
                }
        var first = Neurites + 1;
        for (var p = 0; p < paths.Count; p++)
            if (Touches(level, paths[p], window)) Lay(level, paths, p, owner, first + Root(p));
        Neurites += paths.Count;
    }

    private static bool Touches(NeuriteLevel level, NeuritePath path, Bounds window)
    {
        foreach (var v in path.Vertices)
            if (window.Touches(level.Place(v.Z, v.Y, v.X), level.MostRadius + level.Spacing * 2)) return true;
        return false;
    }

    /// <summary>Lays a path's smooth centre line as capsules.</summary>
    private void Lay(NeuriteLevel level, List<NeuritePath> paths, int index, Dictionary<Index3, (int Path, int Place)> owner, int neurite)
    {
        var path = paths[index];
        var knots = path.Vertices.ConvertAll(v => level.Place(v.Z, v.Y, v.X));
        var radii = Radii(level, path.Vertices);
        if (path.Across is { } across && owner.ContainsKey(across))
        {
            // Each side lays half of the joint, to the same midpoint.
            var there = level.Place(across.Z, across.Y, across.X);
            knots.Insert(0, Point3.Lerp(knots[0], there, 0.5f));
            radii.Insert(0, level.LeastRadius);
        }
        if (path.Stem is { } stem)
        {
            var (p, i) = owner[stem];
            knots.Add(CurvePoint(level, paths[p].Vertices, i));
            radii.Add(level.LeastRadius);
        }
        if (knots.Count == 1) { knots.Add(knots[0] + new Point3(1, 0, 0)); radii.Add(radii[0]); }

        var splits = Math.Clamp((int)MathF.Ceiling(level.Spacing / LongestCapsule), 2, 6);
        var points = new List<(Point3 At, float Radius)> { (knots[0], radii[0]) };
        for (var i = 1; i + 1 < knots.Count; i++)
        {
            Point3 a = Point3.Lerp(knots[i - 1], knots[i], 0.5f), b = Point3.Lerp(knots[i], knots[i + 1], 0.5f);
            float ra = 0.5f * (radii[i - 1] + radii[i]), rb = 0.5f * (radii[i] + radii[i + 1]);
            for (var k = 0; k <= splits; k++)
            {
                var t = (float)k / splits;
                float u = 1 - t, wa = u * u, wm = 2 * u * t, wb = t * t;
                if (k > 0 || i == 1)
                    points.Add((a * wa + knots[i] * wm + b * wb, ra * wa + radii[i] * wm + rb * wb));
            }
        }
        points.Add((knots[^1], radii[^1]));

        var begin = _capsules.Count;
        var side = new Point3(0.3f, 0.5f, 0.8f);
        for (var i = 0; i + 1 < points.Count; i++)
        {
            var axis = points[i + 1].At - points[i].At;
            var along = axis.Normalized();
            side = side.Perpendicular(along);
            _capsules.Add(new Capsule
            {
                Begin = points[i].At,
                Axis = axis,
                Across = side,
                Up = Point3.Cross(along, side),
                InverseLength2 = axis.Length > 1e-3f ? 1 / Point3.Dot(axis, axis) : 0,
                Radius = points[i].Radius,
                RadiusStep = points[i + 1].Radius - points[i].Radius,
                Neurite = neurite,
                Path = _paths.Count,
            });
        }
        _paths.Add((begin, _capsules.Count - begin));
    }

    /// <summary>The point of the smooth curve that belongs to a vertex.</summary>
    private static Point3 CurvePoint(NeuriteLevel level, List<Index3> vertices, int i)
    {
        Point3 At(int k) => level.Place(vertices[k].Z, vertices[k].Y, vertices[k].X);
        return i == 0 || i == vertices.Count - 1 ? At(i)
            : At(i) * 0.75f + At(i - 1) * 0.125f + At(i + 1) * 0.125f;
    }

    /// <summary>A calibre a path, skewed to thin, and swellings along it.</summary>
    private static List<float> Radii(NeuriteLevel level, List<Index3> vertices)
    {
        var start = vertices[0];
        var u = PlaceRandom.Unit(PlaceRandom.Hash(level.Key ^ 0xCA11BUL, start.Z, start.Y, start.X));
        var calibre = level.LeastRadius + (level.MostRadius - level.LeastRadius) * u * u;
        return vertices.ConvertAll(v =>
        {
            var hash = PlaceRandom.Hash(level.Key ^ 0x5BE11UL, v.Z, v.Y, v.X);
            var swell = 0.75f + 0.5f * PlaceRandom.Unit(hash);
            if (PlaceRandom.Unit(hash, 24) < 0.18f) swell += 0.7f;
            return Math.Clamp(calibre * swell, level.LeastRadius, level.MostRadius);
        });
    }

    /// <summary>Drops what cannot reach the window and numbers the neurites that stay without gaps.</summary>
    private void Trim(Bounds window, float reach)
    {
        var kept = new List<Capsule>(_capsules.Count);
        var paths = new List<(int First, int Count)>();
        var ids = new int[Neurites + 1];
        var count = 0;
        foreach (var (first, length) in _paths)
        {
            // Whole paths stay, so that organelles along them do not depend on where the window cuts.
            var near = false;
            foreach (ref readonly var c in CollectionsMarshal.AsSpan(_capsules).Slice(first, length))
                near |= window.Touches(c.Begin + c.Axis * 0.5f, 0.5f * c.Axis.Length + c.Radius + MathF.Abs(c.RadiusStep) + reach);
            if (!near) continue;
            paths.Add((kept.Count, length));
            foreach (var capsule in CollectionsMarshal.AsSpan(_capsules).Slice(first, length))
            {
                var c = capsule;
                if (ids[c.Neurite] == 0) ids[c.Neurite] = ++count;
                (c.Neurite, c.Path) = (ids[c.Neurite], paths.Count - 1);
                kept.Add(c);
            }
        }
        Capsules = kept.ToArray();
        Neurites = count;
        _capsules.Clear();
        _paths.Clear();
        _paths.AddRange(paths);
    }
}
