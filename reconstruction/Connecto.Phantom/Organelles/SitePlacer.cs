using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Organelles;

/// <summary>
/// Puts presynaptic sites on walls between neurites. Space is cut into cells with one candidate each: a random point,
/// walked to the nearest wall. A candidate becomes a site if the thicker neurite there has room for vesicles and a
/// pair-wise affinity allows it: a quarter of all pairs accept most candidates, the others few, so that pairs which
/// touch often make several contacts. A site gives way to a better one within 330 nm (less where many
/// are asked for). Partners are the neurites that
/// face the presynaptic wall around the centre. A pure function of the tissue and the seed; cells run in parallel.
/// </summary>
internal static class SitePlacer
{
    private const float MostSeparation = 330, LeastRoom = 55;

    /// <param name="options">Density, share of polyadic sites.</param>
    /// <param name="tissue">Neurites with their room measured.</param>
    /// <param name="placing">Centres lie in this box.</param>
    public static SynapseSite[] Place(PhantomOptions options, TissueModel tissue, Bounds placing)
    {
        if (options.SynapseDensity <= 0) return [];
        var key = PlaceRandom.Mix(options.Seed + 0x5117E5);
        // Measured: the share of candidates that become sites falls with their density, as sites crowd each other out.
        var density = (float)options.SynapseDensity;
        var edge = 1000 / MathF.Cbrt(density * (5f + 0.4f * density));
        Point3 low = placing.Low * (1 / edge), high = placing.High * (1 / edge);
        int z0 = (int)MathF.Floor(low.Z), y0 = (int)MathF.Floor(low.Y), x0 = (int)MathF.Floor(low.X);
        int nz = (int)MathF.Floor(high.Z) - z0 + 1, ny = (int)MathF.Floor(high.Y) - y0 + 1, nx = (int)MathF.Floor(high.X) - x0 + 1;
        var layers = new List<SynapseSite>[nz];
        Parallel.For(0, nz, k =>
        {
            var found = new List<SynapseSite>();
            for (var j = 0; j < ny; j++)
                for (var i = 0; i < nx; i++)
                {
                    var hash = PlaceRandom.Hash(key, z0 + k, y0 + j, x0 + i);
                    var at = new Point3(z0 + k + PlaceRandom.Unit(hash), y0 + j + PlaceRandom.Unit(hash, 20),
                        x0 + i + PlaceRandom.Unit(hash, 40)) * edge;
                    if (Candidate(options, tissue, at, PlaceRandom.Mix(hash + 1)) is { } site
                        && new Bounds(placing.Low, placing.High).Touches(site.Centre, 0)) found.Add(site);
                }
            layers[k] = found;
        });
        return Separate(layers.SelectMany(l => l).ToList(), MathF.Min(MostSeparation, 650 / MathF.Cbrt(density)));
    }

    private static SynapseSite? Candidate(PhantomOptions options, TissueModel tissue, Point3 at, ulong hash)
    {
        if (ToWall(tissue, ref at, 0) is not { } contest) return null;
        int a = contest.Owner, b = contest.Second;
        var most = PlaceRandom.Unit(hash, 40) < options.PolyadicShare ? 2 + (int)(PlaceRandom.Mix(hash) % 3) : 1;
        // Several partners need a place where several neurites meet the same wall; one partner a place clear of them.
        var third = contest.ThirdDistance - contest.SecondDistance;
        if (most == 1 ? third < 12 : third > 80) return null;
        // Who is presynaptic: mostly the thicker one there, with a leaning that each neurite has everywhere.
        float roomA = tissue.Capsules[contest.Capsule].Room, roomB = tissue.Query(at + contest.ToSecond.Normal * 12) is var c && c.Owner == b
            ? tissue.Capsules[c.Capsule].Room : 0;
        var aFirst = roomA + 60 * PlaceRandom.Unit(tissue.Looks[a].Key, 7) > roomB + 60 * PlaceRandom.Unit(tissue.Looks[b].Key, 7);
        if ((aFirst ? roomA : roomB) < LeastRoom) return null;
        var (pre, post) = aFirst ? (a, b) : (b, a);
        var normal = aFirst ? contest.ToSecond.Normal : contest.ToSecond.Normal * -1;

        var affinity = PlaceRandom.Hash(tissue.Looks[pre].Key, tissue.Looks[post].Key);
        var acceptance = PlaceRandom.Unit(affinity) < 0.25f ? 1f : 0.12f;
        if (PlaceRandom.Unit(hash) >= acceptance) return null;

        var thick = aFirst ? roomA : roomB;
        var radius = MathF.Min(65 + 65 * PlaceRandom.Unit(hash, 24), 0.55f * thick + 40);
        if (most > 1) radius *= 1.2f;
        return new SynapseSite(at, normal, radius, pre, Partners(tissue, at, normal, radius, pre, post, most), hash);
    }

    /// <summary>Neurites across the presynaptic wall around the centre, most present first.</summary>
    private static int[] Partners(TissueModel tissue, Point3 centre, Point3 normal, float radius, int pre, int first, int most)
    {
        if (most == 1) return [first];
        var across = new Point3(0.37f, 0.61f, 0.7f).Perpendicular(normal);
        var up = Point3.Cross(normal, across);
        var seen = new Dictionary<int, int>();
        for (var k = 0; k < 16; k++)
        {
            // Two rings of eight, at half and nine tenths of the radius.
            var (cos, sin) = Compass[k & 7];
            var r = radius * (k < 8 ? 0.5f : 0.9f);
            var at = centre + (across * cos + up * sin) * r;
            if (ToWall(tissue, ref at, pre) is not { } contest) continue;
            var other = contest.Owner == pre ? contest.Second : contest.Second == pre ? contest.Owner : 0;
            if (other != 0 && (at - centre).Length < 1.05f * radius) seen[other] = seen.GetValueOrDefault(other) + 1;
        }
        seen.Remove(first);
        return [first, .. seen.Where(p => p.Value >= 2).OrderByDescending(p => p.Value).ThenBy(p => p.Key).Take(most - 1).Select(p => p.Key)];
    }

    private static readonly (float, float)[] Compass =
    [
        (1, 0), (0.70710678f, 0.70710678f), (0, 1), (-0.70710678f, 0.70710678f),
        (-1, 0), (-0.70710678f, -0.70710678f), (0, -1), (0.70710678f, -0.70710678f),
    ];

    /// <summary>Walks a point to the nearest wall, of a given neurite if one is named; null where it does not arrive.</summary>
    private static Contest? ToWall(TissueModel tissue, ref Point3 at, int of)
    {
        for (var step = 0; step < 6; step++)
        {
            var contest = tissue.Query(at);
            if (contest.Second == 0) return null;
            var wall = contest.ToSecond;
            if (of != 0 && contest.Owner != of && contest.Second != of)
            {
                if (contest.Third != of) return null;
                wall = contest.ToThird;
            }
            else if (wall.Distance < 2) return contest;
            at += wall.Normal * (wall.Distance * 0.9f + 0.3f);
        }
        return null;
    }

    /// <summary>Keeps the best of sites that stand too close.</summary>
    private static SynapseSite[] Separate(List<SynapseSite> sites, float separation)
    {
        (int, int, int) Cell(Point3 p) => ((int)MathF.Floor(p.Z / separation),
            (int)MathF.Floor(p.Y / separation), (int)MathF.Floor(p.X / separation));
        var cells = sites.ToLookup(s => Cell(s.Centre));
        return sites.Where(s =>
        {
            var (z, y, x) = Cell(s.Centre);
            for (var dz = -1; dz <= 1; dz++)
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        foreach (var other in cells[(z + dz, y + dy, x + dx)])
                            if (other.Key > s.Key && (other.Centre - s.Centre).Length < separation) return false;
            return true;
        }).ToArray();
    }
}
