using System.Runtime.CompilerServices;
using Connecto.Phantom.Organelles;
using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Imaging;

/// <summary>Grey and truth of one voxel from its contest: cytoplasm, microtubules, vesicles, mitochondria, membranes and
/// synapses, laid over one another in that order.</summary>
internal sealed class VoxelShader
{
    private const float PresynapticDepth = 75, TubulePitch = 88, VesiclePitch = 56;
    private readonly TissueModel _tissue;
    private readonly NoiseBank _bank;
    private readonly float _membraneGrey, _sigma, _mitoGrey, _mitoTexture, _cleftHalf, _detail;

    public VoxelShader(PhantomOptions options, TissueModel tissue)
    {
        _tissue = tissue;
        _bank = new NoiseBank(options.Seed);
        var appearance = options.EffectiveAppearance;
        (_membraneGrey, _mitoGrey) = ((float)appearance.Membrane, (float)appearance.Mitochondrion);
        _sigma = (float)appearance.MembraneWidth / 2.355f * 0.8f;
        _mitoTexture = (float)appearance.Granularity;
        _detail = Math.Clamp((float)appearance.Granularity / 17, 0.3f, 1);
        WallReach = 0.5f * (float)options.VoxelSize.Z + 36;
        _cleftHalf = MathF.Max(12, 0.8f * (float)Math.Max(options.VoxelSize.Y, options.VoxelSize.X));
    }

    /// <summary>Walls farther than this leave no trace on a voxel, nm.</summary>
    public float WallReach { get; }

    public Voxel Shade(in SectionPose pose, Point3 p, Point3 q, in Contest contest, List<int> sites)
    {
        var half = 0.5f * pose.Thickness;
        ref readonly var look = ref _tissue.Looks[contest.Owner];
        ref readonly var capsule = ref _tissue.Capsules[contest.Capsule];
        Wall second = Near(contest.ToSecond), third = Near(contest.ToThird);
        float slope2 = MathF.Abs(second.Normal.Z) * half, slope3 = MathF.Abs(third.Normal.Z) * half;

        var grey = Cytoplasm(look, p, contest.Owner);
        var inside = second.Distance - slope2 * 0.7f;
        if (inside > 14)
        {
            grey -= Microtubules(capsule, contest, look, inside);
            grey -= Reticulum(look, p, capsule.Room, inside);
        }

        int cleft = 0, cleftPost = 0, presynaptic = 0;
        float density = 0;
        foreach (var i in sites)
        {
            var site = _tissue.Sites[i];
            var from = p - site.Centre;
            var away = from.Length;
            if (away > SynapseSite.VesicleReach) continue;
            if (contest.Owner == site.Pre && inside > 4 && away > 30)
                grey -= Vesicles(site, p, away, half) * Math.Clamp((inside - 4) * 0.1f, 0, 1);
            if (away > site.Radius + 70) continue;
            density = MathF.Max(density, Bar(site, from, contest.Owner, half));
            var post = Facing(site, contest, second, third, out var wall);
            if (contest.Owner == site.Pre && away < site.Radius + 25 && Point3.Dot(from, site.Normal) > -PresynapticDepth)
                presynaptic = i + 1;
            if (post == 0) continue;
            var slope = MathF.Abs(wall.Normal.Z) * half;
            if (away < site.Radius && wall.Distance < _cleftHalf + 0.8f * slope) (cleft, cleftPost) = (i + 1, post);
            var rim = Math.Clamp((site.Radius + 15 - away) * 0.05f, 0, 1);
            var width = contest.Owner == site.Pre ? 10f : 15f;
            density = MathF.Max(density, rim * 0.95f * Profile.Line(wall.Distance, slope, width));
        }

        var mito = 0;
        if (capsule.Mito != 0) grey = Mitochondrion(capsule, contest, p, inside, half, grey, ref mito);

        // Where a wall runs obliquely through the section, the neighbour's cytoplasm shows through.
        if (slope2 > second.Distance)
            grey += (_tissue.Looks[contest.Second].Grey - look.Grey) * (0.5f - 0.5f * second.Distance / slope2);
        var membrane = 1 - (1 - Membrane(second.Distance, slope2, p)) * (1 - Membrane(third.Distance, slope3, p));
        grey += (_membraneGrey - grey) * membrane;
        grey += (0.45f * _membraneGrey - grey) * density;
        return new Voxel(grey, contest.Owner, cleft, cleftPost, mito, presynaptic);
    }

    /// <summary>The wall, or none where it is out of reach, however the tile's candidates were chosen.</summary>
    private Wall Near(in Wall wall) => wall.Distance <= WallReach ? wall : new Wall(Contest.Far, default);

    private float Cytoplasm(in NeuriteLook look, Point3 p, int neurite)
    {
        float oz = neurite * 7 & 63, oy = neurite * 23 & 63, ox = neurite * 41 & 63;
        var fine = _bank.Plane(p.Z * 0.1f + oz, p.Y * 0.1f + oy, p.X * 0.1f + ox);
        var broad = _bank.Plane(p.Z * 0.03f + ox, p.Y * 0.03f + oz, p.X * 0.03f + oy);
        // Stain clumps: dark grains stand out more than pale gaps.
        var grain = fine > 0.9f ? (fine - 0.9f) * 1.3f : 0;
        return look.Grey - look.Granularity * (0.42f * fine + grain + 0.42f * broad - 0.12f);
    }

    /// <summary>Two membranes a few nm apart; how far apart varies from place to place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Membrane(float distance, float slope, Point3 p)
    {
        if (distance > slope + 5 * _sigma + 12) return 0;
        var gap = 3.5f + 2.5f * _bank.Plane(p.Z * 0.011f, p.Y * 0.011f, p.X * 0.011f);
        gap = Math.Clamp(gap, 0, 8);
        var depth = 0.62f * (Profile.Line(distance - gap, slope, _sigma) + Profile.Line(distance + gap, slope, _sigma));
        // Stain lies denser on membranes seen face on than the bare projection says.
        return MathF.Min(0.96f, depth * (1 + 0.012f * slope));
    }

    private float Microtubules(in Capsule capsule, in Contest contest, in NeuriteLook look, float inside)
    {
        float u = Point3.Dot(contest.FromAxis, capsule.Across) / TubulePitch, v = Point3.Dot(contest.FromAxis, capsule.Up) / TubulePitch;
        float fu = MathF.Floor(u + 0.5f), fv = MathF.Floor(v + 0.5f);
        var hash = PlaceRandom.Hash(look.Key, (int)fu, (int)fv, 77);
        if (PlaceRandom.Unit(hash) >= look.Microtubules) return 0;
        float du = (u - fu - 0.5f * PlaceRandom.Unit(hash, 20) + 0.25f) * TubulePitch, dv = (v - fv - 0.5f * PlaceRandom.Unit(hash, 40) + 0.25f) * TubulePitch;
        var away = MathF.Sqrt(du * du + dv * dv);
        if (away > 30) return 0;
        var axis = MathF.Abs(capsule.Axis.Z) * MathF.Sqrt(capsule.InverseLength2);
        return (18 + 38 * axis) * _detail * Profile.Gauss(away / 9) * Math.Clamp((inside - 14) * 0.1f, 0, 1);
    }

    /// <summary>Endoplasmic reticulum: level lines of a smooth noise, in wide neurites.</summary>
    private float Reticulum(in NeuriteLook look, Point3 p, float room, float inside)
    {
        if (room < 90 || inside < 22) return 0;
        var shift = (float)(look.Key & 63);
        var where = _bank.Plane(p.Z * 0.0022f + shift, p.Y * 0.004f, p.X * 0.004f + shift);
        if (where < 0.35f) return 0;
        var sheet = _bank.Smooth(p.Z * 0.012f, p.Y * 0.015f + shift, p.X * 0.015f);
        return 42 * _detail * Profile.Gauss((sheet - 0.25f) * 9) * MathF.Min(1, (where - 0.35f) * 4);
    }

    private static float Vesicles(SynapseSite site, Point3 p, float away, float half)
    {
        var share = 1.1f - away * (1 / SynapseSite.VesicleReach);
        if (share <= 0) return 0;
        float fz = MathF.Floor(p.Z / VesiclePitch - 0.5f), fy = MathF.Floor(p.Y / VesiclePitch - 0.5f), fx = MathF.Floor(p.X / VesiclePitch - 0.5f);
        float dark = 0;
        for (var k = 0; k < 8; k++)
        {
            float cz = fz + (k >> 2), cy = fy + (k >> 1 & 1), cx = fx + (k & 1);
            var hash = PlaceRandom.Hash(site.Key, (int)cz, (int)cy, (int)cx);
            if (PlaceRandom.Unit(hash) > share) continue;
            const float jitter = 0.34f;
            var z = MathF.Abs((cz + 0.5f + jitter * (2 * PlaceRandom.Unit(hash, 10) - 1)) * VesiclePitch - p.Z);
            var y = (cy + 0.5f + jitter * (2 * PlaceRandom.Unit(hash, 25) - 1)) * VesiclePitch - p.Y;
            var x = (cx + 0.5f + jitter * (2 * PlaceRandom.Unit(hash, 40) - 1)) * VesiclePitch - p.X;
            z = MathF.Max(0, z - half);
            if (z > 20) continue;
            var r = MathF.Sqrt(z * z + y * y + x * x);
            if (r > 32) continue;
            var seen = (PlaceRandom.Mix(hash) & 31) == 0 ? 95 * Profile.Gauss(r / 20)
                : 52 * Profile.Gauss((r - 17) / 5.5f) - 10 * Profile.Gauss(r / 9);
            dark = MathF.Abs(seen) > MathF.Abs(dark) ? seen : dark;
        }
        return dark;
    }

    /// <summary>The dense bar inside the presynaptic membrane, and the fuzz around it.</summary>
    private static float Bar(SynapseSite site, Point3 from, int owner, float half)
    {
        var centre = from + site.Normal * 22;
        centre = centre with { Z = MathF.CopySign(MathF.Max(0, MathF.Abs(centre.Z) - 0.6f * half), centre.Z) };
        var away = centre.Length;
        var core = owner == site.Pre ? 0.95f : 0.5f;
        return MathF.Min(0.97f, core * Profile.Gauss(away / 30) + 0.35f * Profile.Gauss(away / 60));
    }

    /// <summary>The partner across the wall at this voxel, whichever side it lies on; 0 where the wall is another's.</summary>
    private static int Facing(SynapseSite site, in Contest contest, in Wall second, in Wall third, out Wall wall)
    {
        wall = second;
        if (contest.Owner == site.Pre)
        {
            if (site.HasPost(contest.Second)) return contest.Second;
            wall = third;
            return site.HasPost(contest.Third) ? contest.Third : 0;
        }
        if (!site.HasPost(contest.Owner)) return 0;
        if (contest.Second == site.Pre) return contest.Owner;
        wall = third;
        return contest.Third == site.Pre ? contest.Owner : 0;
    }

    private float Mitochondrion(in Capsule capsule, in Contest contest, Point3 p, float inside, float half, float grey, ref int mito)
    {
        var from = contest.FromAxis - capsule.Across * capsule.MitoAcross - capsule.Up * capsule.MitoUp;
        var length = from.Length;
        var radius = capsule.MitoBegin + (capsule.MitoEnd - capsule.MitoBegin) * contest.Along;
        var wobble = 7 * _bank.Smooth(p.Z * 0.012f, p.Y * 0.012f, p.X * 0.012f);
        var surface = MathF.Max(length - radius + wobble, 16 - inside);
        if (surface > half + 25) return grey;
        if (surface < 0) mito = capsule.Mito;
        var slope = MathF.Abs(from.Z) / MathF.Max(length, 1) * half;
        var share = Profile.Inside(surface, slope);

        // Cristae: sheets across a direction of the mitochondrion's own, bent by noise.
        var hash = PlaceRandom.Mix((ulong)capsule.Mito * 0x9E37 + 5);
        var direction = new Point3(0.5f * PlaceRandom.Unit(hash) - 0.25f, 2 * PlaceRandom.Unit(hash, 20) - 1, 2 * PlaceRandom.Unit(hash, 40) - 1).Normalized();
        var phase = Point3.Dot(p, direction) * (1 / 44f) + 0.45f * _bank.Smooth(p.Z * 0.01f, p.Y * 0.016f, p.X * 0.016f);
        phase -= MathF.Floor(phase);
        var stripe = 4 * MathF.Abs(phase - 0.5f) - 1;
        var matrix = _mitoGrey + _mitoTexture * (1.0f * stripe - 0.45f * _bank.Plane(p.Z * 0.11f, p.Y * 0.11f, p.X * 0.11f));
        grey += (matrix - grey) * share;
        return grey + (0.75f * _mitoGrey - grey) * 0.75f * Profile.Line(surface, slope, 6);
    }
}
