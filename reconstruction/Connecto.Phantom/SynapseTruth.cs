using Connecto.Graph;
using Connecto.Phantom.Imaging;
using Connecto.Phantom.Organelles;
using Connecto.Phantom.Tissue;

namespace Connecto.Phantom;

/// <summary>The synapse table of a phantom, measured on the voxels as delivered: shift, folds and repeats included.</summary>
internal sealed class SynapseTruth
{
    /// <summary>How deep inside its neurite a site is sought, nm from the cleft's centre.</summary>
    private const float SiteDepth = 45;

    public required IReadOnlyList<Synapse> Rows { get; init; }

    public required IReadOnlyList<uint> Clefts { get; init; }

    public required IReadOnlyList<Connection> Connections { get; init; }

    public static SynapseTruth Measure(PhantomOptions options, TissueModel tissue, SectionPainter painter)
    {
        var found = new List<Synapse>[tissue.Sites.Length];
        Parallel.For(0, found.Length, () => new PaintScratch(), (i, _, scratch) =>
        {
            found[i] = Measure(options, tissue.Sites[i], i + 1, painter, scratch);
            return scratch;
        }, _ => { });
        var rows = new List<Synapse>();
        var clefts = new List<uint>();
        for (var i = 0; i < found.Length; i++)
            foreach (var row in found[i])
            {
                rows.Add(row with { Id = (ulong)rows.Count + 1 });
                clefts.Add((uint)i + 1);
            }
        var connections = rows.GroupBy(r => (r.Pre, r.Post)).OrderBy(g => g.Key.Pre).ThenBy(g => g.Key.Post)
            .Select(g => new Connection(g.Key.Pre, g.Key.Post, g.Count(), g.Sum(r => r.Size), 1)).ToList();
        return new SynapseTruth { Rows = rows, Clefts = clefts, Connections = connections };
    }

    private static List<Synapse> Measure(PhantomOptions options, SynapseSite site, int cleft, SectionPainter painter, PaintScratch scratch)
    {
        var voxel = options.VoxelSize;
        var reach = site.Radius + SiteDepth;
        static (int, int) Range(float at, float reach, double pitch, int length) =>
            (Math.Clamp((int)((at - reach) / pitch), 0, length), Math.Clamp((int)((at + reach) / pitch) + 2, 0, length));
        // A repeated section shows tissue of an earlier one, so look that far beyond.
        var (z0, z1) = Range(site.Centre.Z, reach, voxel.Z, options.Shape.Z);
        z1 = Math.Min(options.Shape.Z, z1 + options.DuplicatedSections.Count);
        var tally = new Tally(site, cleft);
        for (var z = z0; z < z1; z++)
        {
            var pose = new SectionPose(options, z);
            if (MathF.Abs(pose.Z - site.Centre.Z) > reach + pose.Thickness) continue;
            var (y, x, spread) = pose.Find(site.Centre);
            var (y0, y1) = Range(y, reach + spread, voxel.Y, options.Shape.Y);
            var (x0, x1) = Range(x, reach + spread, voxel.X, options.Shape.X);
            tally.Z = z;
            painter.Paint(pose, y0, y1, x0, x1, scratch, new TallySink(tally));
        }

        var rows = new List<Synapse>();
        foreach (var post in site.Posts)
        {
            if (!tally.Contacts.TryGetValue(post, out var contact) || contact.Count == 0) continue;
            var n = contact.Count;
            var centre = At(contact.Z / (double)n, contact.Y / (double)n, contact.X / (double)n);
            if (tally.Nearest(site.Pre, centre, -SiteDepth, voxel) is not { } pre) continue;
            if (tally.Nearest(post, centre, SiteDepth, voxel) is not { } postAt) continue;
            rows.Add(new Synapse(0, (ulong)site.Pre, (ulong)post, centre, At(pre.Z, pre.Y, pre.X), At(postAt.Z, postAt.Y, postAt.X), n, 1, 0));
        }
        return rows;

        Site At(double z, double y, double x) =>
            new((float)((z + 0.5) * voxel.Z), (float)((y + 0.5) * voxel.Y), (float)((x + 0.5) * voxel.X));
    }

    private sealed class Contact
    {
        public long Count, Z, Y, X;
    }

    private sealed class Tally(SynapseSite site, int cleft)
    {
        public readonly SortedDictionary<int, Contact> Contacts = [];
        private readonly Dictionary<int, List<(int Z, int Y, int X)>> _owned = [];
        public int Z;

        public void Take(int y, int x, in Voxel v)
        {
            if (v.Neurite == site.Pre || site.HasPost(v.Neurite))
            {
                if (!_owned.TryGetValue(v.Neurite, out var list)) _owned[v.Neurite] = list = [];
                list.Add((Z, y, x));
            }
            if (v.Cleft != cleft) return;
            if (!Contacts.TryGetValue(v.CleftPost, out var c)) Contacts[v.CleftPost] = c = new Contact();
            c.Count++;
            c.Z += Z;
            c.Y += y;
            c.X += x;
        }

        /// <summary>The voxel of a neurite nearest to a place beside the cleft's centre, along the site's normal.</summary>
        public (int Z, int Y, int X)? Nearest(int neurite, Site centre, float along, Connecto.Volumes.VoxelSize voxel)
        {
            if (!_owned.TryGetValue(neurite, out var list)) return null;
            double wz = centre.Z + along * site.Normal.Z, wy = centre.Y + along * site.Normal.Y, wx = centre.X + along * site.Normal.X;
            (int, int, int)? best = null;
            var least = double.MaxValue;
            foreach (var (z, y, x) in list)
            {
                double dz = (z + 0.5) * voxel.Z - wz, dy = (y + 0.5) * voxel.Y - wy, dx = (x + 0.5) * voxel.X - wx;
                var d = dz * dz + dy * dy + dx * dx;
                if (d < least) (least, best) = (d, (z, y, x));
            }
            return best;
        }
    }

    private readonly struct TallySink(Tally tally) : IPixelSink
    {
        public void Take(int y, int x, in Voxel voxel) => tally.Take(y, x, voxel);
    }
}
