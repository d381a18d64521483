using Connecto.Phantom.Organelles;
using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Imaging;

/// <summary>
/// Renders a window of one section. Blocks of 256 nm, then tiles of 64 nm, gather the few capsules that can own or bound
/// any of their pixels (a triangle-inequality bound on the weighted distance, so the result does not depend on the
/// tiling); each pixel then takes the nearest three neurites and is shaded from the distances and directions of its
/// walls. A section's thickness enters analytically, through the slope of each wall: one sample a voxel. Given up:
/// curvature of walls within the thickness.
/// </summary>
internal sealed class SectionPainter(PhantomOptions options, TissueModel tissue)
{
    private const float BlockNm = 256, NodeNm = 32;
    private const int TilesPerBlock = 4;

    private readonly VoxelShader _shader = new(options, tissue);
    private readonly SiteGrid _sites = new(tissue.Sites);
    private readonly int _blockY = Side(options.VoxelSize.Y), _blockX = Side(options.VoxelSize.X);

    private static int Side(double pitch) => Math.Max(1, (int)(BlockNm / pitch / TilesPerBlock)) * TilesPerBlock;

    /// <summary>Renders rows y0 to y1 and columns x0 to x1 of a section into a sink that takes one pixel at a time.</summary>
    public void Paint<TSink>(in SectionPose pose, int y0, int y1, int x0, int x1, PaintScratch scratch, TSink sink)
        where TSink : struct, IPixelSink
    {
        for (var y = y0; y < y1; y += _blockY)
            for (var x = x0; x < x1; x += _blockX)
                PaintBlock(pose, y, Math.Min(y + _blockY, y1), x, Math.Min(x + _blockX, x1), scratch, sink);
    }

    private void PaintBlock<TSink>(in SectionPose pose, int y0, int y1, int x0, int x1, PaintScratch scratch, TSink sink)
        where TSink : struct, IPixelSink
    {
        var (low, high) = Extent(pose, y0, y1, x0, x1);
        var patch = Nodes(pose.Z, low, high, scratch, out var centre, out var radius);
        var reach = 2 * _shader.WallReach;
        var near = tissue.Grid.Near(centre);
        // A fold can tear a block wide open: then its tiles ask the grid themselves.
        var torn = radius > BlockNm;
        var count = torn ? 0 : Cull(near, centre, radius, reach, scratch);
        int stepY = _blockY / TilesPerBlock, stepX = _blockX / TilesPerBlock;
        for (var y = y0; y < y1; y += stepY)
            for (var x = x0; x < x1; x += stepX)
                PaintTile(pose, y, Math.Min(y + stepY, y1), x, Math.Min(x + stepX, x1), torn ? -1 : count, patch, scratch, sink);
    }

    private void PaintTile<TSink>(in SectionPose pose, int y0, int y1, int x0, int x1, int inBlock, in WarpPatch warp,
        PaintScratch scratch, TSink sink) where TSink : struct, IPixelSink
    {
        var (low, high) = Extent(pose, y0, y1, x0, x1);
        if (inBlock < 0 && (high - low).Length > BlockNm && (y1 - y0 > 1 || x1 - x0 > 1))
        {
            int my = y1 - y0 >= x1 - x0 ? (y0 + y1) / 2 : y1, mx = my == y1 ? (x0 + x1) / 2 : x1;
            PaintTile(pose, y0, my, x0, mx, -1, warp, scratch, sink);
            PaintTile(pose, my == y1 ? y0 : my, y1, mx == x1 ? x0 : mx, x1, -1, warp, scratch, sink);
            return;
        }
        warp.Ball(low, high, out var centre, out var radius);
        var count = Gather(inBlock < 0 ? tissue.Grid.Near(centre) : scratch.Block.AsSpan(0, inBlock), centre, radius, 2 * _shader.WallReach, scratch);
        _sites.Near(Point3.Lerp(low, high, 0.5f), 0.5f * (high - low).Length, scratch.Sites);

        var near = scratch.Capsules.AsSpan(0, count);
        var contest = new Contest();
        for (var y = y0; y < y1; y++)
            for (var x = x0; x < x1; x++)
            {
                var p = pose.Locate(y, x);
                var q = p + warp.At(p);
                contest.Clear();
                foreach (ref readonly var c in near)
                {
                    var from = q - c.Begin;
                    var s = Point3.Dot(from, c.Axis) * c.InverseLength2;
                    s = s < 0 ? 0 : s > 1 ? 1 : s;
                    from -= c.Axis * s;
                    var length = from.Length;
                    var distance = length - (c.Radius + c.RadiusStep * s);
                    if (distance < contest.ThirdDistance) contest.Enter(c.Neurite, distance, from, length, c.Index, s);
                }
                sink.Take(y, x, _shader.Shade(pose, p, q, contest, scratch.Sites));
            }
    }

    /// <summary>The box of tissue that a rectangle of pixels shows.</summary>
    private static (Point3 Low, Point3 High) Extent(in SectionPose pose, int y0, int y1, int x0, int x1)
    {
        Point3 low = pose.Locate(y0, x0), high = pose.Locate(y1 - 1, x1 - 1);
        if (!pose.IsFolded) return (low, high);
        for (var y = y0; y < y1; y++)
            for (var x = x0; x < x1; x++)
            {
                var p = pose.Locate(y, x);
                low = new Point3(p.Z, MathF.Min(low.Y, p.Y), MathF.Min(low.X, p.X));
                high = new Point3(p.Z, MathF.Max(high.Y, p.Y), MathF.Max(high.X, p.X));
            }
        return (low, high);
    }

    /// <summary>Keeps the capsules that can be within reach of a nearest one somewhere in the ball.</summary>
    private int Cull(ReadOnlySpan<int> near, Point3 centre, float radius, float reach, PaintScratch scratch)
    {
        var bound = Distances(near, centre, scratch) + 2 * radius + reach;
        var count = 0;
        for (var i = 0; i < near.Length; i++)
            if (scratch.Distances[i] <= bound) scratch.Block[count++] = near[i];
        return count;
    }

    private int Gather(ReadOnlySpan<int> near, Point3 centre, float radius, float reach, PaintScratch scratch)
    {
        var bound = Distances(near, centre, scratch) + 2 * radius + reach;
        var count = 0;
        for (var i = 0; i < near.Length; i++)
            if (scratch.Distances[i] <= bound)
            {
                ref readonly var c = ref tissue.Capsules[near[i]];
                scratch.Capsules[count++] = new TileCapsule(c.Begin, c.Axis, c.InverseLength2, c.Radius, c.RadiusStep, c.Neurite, near[i]);
            }
        return count;
    }

    private float Distances(ReadOnlySpan<int> near, Point3 centre, PaintScratch scratch)
    {
        if (scratch.Distances.Length < near.Length)
        {
            scratch.Distances = new float[near.Length * 2];
            Array.Resize(ref scratch.Block, near.Length * 2);
            scratch.Capsules = new TileCapsule[near.Length * 2];
        }
        var least = Contest.Far;
        for (var i = 0; i < near.Length; i++)
            least = MathF.Min(least, scratch.Distances[i] = tissue.Capsules[near[i]].Distance(centre));
        return least;
    }

    private WarpPatch Nodes(float z, Point3 low, Point3 high, PaintScratch scratch, out Point3 centre, out float radius)
    {
        int y0 = (int)MathF.Floor(low.Y / NodeNm), x0 = (int)MathF.Floor(low.X / NodeNm);
        int ny = (int)MathF.Floor(high.Y / NodeNm) - y0 + 2, nx = (int)MathF.Floor(high.X / NodeNm) - x0 + 2;
        if (scratch.Nodes.Length < ny * nx) scratch.Nodes = new Point3[ny * nx];
        for (var y = 0; y < ny; y++)
            for (var x = 0; x < nx; x++)
                scratch.Nodes[y * nx + x] = tissue.Warp.Displacement(new Point3(z, (y0 + y) * NodeNm, (x0 + x) * NodeNm));
        var patch = new WarpPatch(scratch.Nodes, y0, x0, nx);
        patch.Ball(low, high, out centre, out radius);
        return patch;
    }

    /// <summary>The warp over a block: displacements at nodes, linear between them.</summary>
    private readonly struct WarpPatch(Point3[] nodes, int y0, int x0, int nx)
    {
        public Point3 At(Point3 p)
        {
            float fy = p.Y * (1 / NodeNm), fx = p.X * (1 / NodeNm);
            float wy = MathF.Floor(fy), wx = MathF.Floor(fx);
            var i = ((int)wy - y0) * nx + (int)wx - x0;
            fy -= wy;
            fx -= wx;
            return Point3.Lerp(Point3.Lerp(nodes[i], nodes[i + 1], fx), Point3.Lerp(nodes[i + nx], nodes[i + nx + 1], fx), fy);
        }

        /// <summary>A ball that holds a box of tissue after the warp: linear parts stay between their nodes.</summary>
        public void Ball(Point3 low, Point3 high, out Point3 centre, out float radius)
        {
            int ya = (int)MathF.Floor(low.Y / NodeNm) - y0, yb = (int)MathF.Floor(high.Y / NodeNm) - y0 + 1;
            int xa = (int)MathF.Floor(low.X / NodeNm) - x0, xb = (int)MathF.Floor(high.X / NodeNm) - x0 + 1;
            Point3 least = nodes[ya * nx + xa], most = least;
            for (var y = ya; y <= yb; y++)
                for (var x = xa; x <= xb; x++)
                {
                    var d = nodes[y * nx + x];
                    least = new Point3(MathF.Min(least.Z, d.Z), MathF.Min(least.Y, d.Y), MathF.Min(least.X, d.X));
                    most = new Point3(MathF.Max(most.Z, d.Z), MathF.Max(most.Y, d.Y), MathF.Max(most.X, d.X));
                }
            low += least;
            high += most;
            centre = Point3.Lerp(low, high, 0.5f);
            radius = 0.5f * (high - low).Length + 0.1f;
        }
    }
}

/// <summary>What a pixel shows: clean grey and truth.</summary>
internal readonly record struct Voxel(float Grey, int Neurite, int Cleft, int CleftPost, int Mito, int Presynaptic);

/// <summary>Takes rendered pixels.</summary>
internal interface IPixelSink
{
    void Take(int y, int x, in Voxel voxel);
}

/// <summary>Synaptic sites by place.</summary>
internal sealed class SiteGrid
{
    private const float Bin = 512;
    private readonly SynapseSite[] _sites;
    private readonly Dictionary<(int, int, int), int[]> _bins;

    public SiteGrid(SynapseSite[] sites)
    {
        _sites = sites;
        _bins = Enumerable.Range(0, sites.Length).GroupBy(i => BinOf(sites[i].Centre)).ToDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>Lists the sites whose vesicles or cleft may reach a ball, in order of index.</summary>
    public void Near(Point3 centre, float radius, List<int> into)
    {
        into.Clear();
        if (_sites.Length == 0) return;
        var reach = radius + SynapseSite.VesicleReach;
        var grow = new Point3(reach, reach, reach);
        var (z0, y0, x0) = BinOf(centre - grow);
        var (z1, y1, x1) = BinOf(centre + grow);
        for (var z = z0; z <= z1; z++)
            for (var y = y0; y <= y1; y++)
                for (var x = x0; x <= x1; x++)
                    if (_bins.TryGetValue((z, y, x), out var bin))
                        foreach (var i in bin)
                            if ((_sites[i].Centre - centre).Length <= reach) into.Add(i);
        into.Sort();
    }

    private static (int, int, int) BinOf(Point3 p) =>
        ((int)MathF.Floor(p.Z / Bin), (int)MathF.Floor(p.Y / Bin), (int)MathF.Floor(p.X / Bin));
}
