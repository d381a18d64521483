using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Phantom.Tests;

public class TruthTests
{
    private static readonly SamplePhantom Sample = SamplePhantom.Instance;
    private static readonly Index3 Shape = SamplePhantom.Options.Shape;

    [Fact]
    public void Every_voxel_has_an_owner()
    {
        foreach (var slice in Sample.Slices)
            Assert.All(slice.Neurons.Distinct(), id => Assert.InRange(id, 1u, (uint)Sample.Phantom.NeuriteCount));
    }

    [Fact]
    public void Sites_lie_in_their_neurites()
    {
        Assert.True(Sample.Phantom.Synapses.Count >= 5, $"{Sample.Phantom.Synapses.Count} synapses");
        foreach (var s in Sample.Phantom.Synapses)
        {
            Assert.Equal(s.Pre, At(s.PreSite, slice => slice.Neurons));
            Assert.Equal(s.Post, At(s.PostSite, slice => slice.Neurons));
            Assert.InRange(s.Cleft.DistanceTo(s.PreSite), 1, 250);
            Assert.InRange(s.Cleft.DistanceTo(s.PostSite), 1, 250);
        }
    }

    [Fact]
    public void Cleft_voxels_lie_between_the_presynaptic_neurite_and_its_partners_and_are_all_counted()
    {
        var rows = Sample.Phantom.Synapses.Zip(Sample.Phantom.SynapseClefts).GroupBy(p => p.Second).ToDictionary(g => g.Key, g => g.Select(p => p.First).ToArray());
        var counts = new Dictionary<uint, long>();
        var owners = new Dictionary<uint, HashSet<uint>>();
        foreach (var slice in Sample.Slices)
            for (var i = 0; i < slice.Clefts.Length; i++)
            {
                if (slice.Clefts[i] is not (> 0 and var cleft)) continue;
                counts[cleft] = counts.GetValueOrDefault(cleft) + 1;
                if (!owners.TryGetValue(cleft, out var set)) owners[cleft] = set = [];
                set.Add(slice.Neurons[i]);
            }
        Assert.Equal(rows.Keys.Order(), counts.Keys.Order());
        foreach (var (cleft, contacts) in rows)
        {
            Assert.Equal(contacts.Sum(c => c.Size), counts[cleft]);
            Assert.Single(contacts.Select(c => c.Pre).Distinct());
            Assert.Subset(contacts.Select(c => (uint)c.Post).Append((uint)contacts[0].Pre).ToHashSet(), owners[cleft]);
            Assert.InRange(contacts.Length, 1, 4);
        }
    }

    [Fact]
    public void The_presynaptic_side_lies_in_the_presynaptic_neurite_near_the_cleft()
    {
        var pre = Sample.Phantom.Synapses.Zip(Sample.Phantom.SynapseClefts).GroupBy(p => p.Second).ToDictionary(g => g.Key, g => g.First().First.Pre);
        var seen = new HashSet<uint>();
        foreach (var slice in Sample.Slices)
            for (var i = 0; i < slice.Presynaptic.Length; i++)
                if (slice.Presynaptic[i] is > 0 and var cleft && pre.TryGetValue(cleft, out var neurite))
                {
                    Assert.Equal(neurite, slice.Neurons[i]);
                    seen.Add(cleft);
                }
        Assert.Equal(pre.Keys.Order(), seen.Order());
    }

    [Fact]
    public void Connections_are_the_synapse_rows_by_pair_without_autapses()
    {
        var rows = Sample.Phantom.Synapses;
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (ulong)i), rows.Select(r => r.Id));
        Assert.All(rows, r => Assert.NotEqual(r.Pre, r.Post));
        var expected = rows.GroupBy(r => (r.Pre, r.Post)).ToDictionary(g => g.Key, g => (g.Count(), g.Sum(r => r.Size)));
        Assert.Equal(expected, Sample.Phantom.Connections.ToDictionary(c => (c.Pre, c.Post), c => (c.Contacts, c.Size)));
    }

    [Fact]
    public void A_mitochondrion_lies_in_one_neurite()
    {
        var owner = new Dictionary<uint, uint>();
        var phantom = new PhantomVolume(new PhantomOptions { Shape = new Index3(4, 200, 200), VoxelSize = new VoxelSize(12, 12, 12), Seed = 2 });
        foreach (var slice in SamplePhantom.Render(phantom))
            for (var i = 0; i < slice.Mitochondria.Length; i++)
                if (slice.Mitochondria[i] is > 0 and var mito)
                {
                    if (!owner.TryAdd(mito, slice.Neurons[i])) Assert.Equal(owner[mito], slice.Neurons[i]);
                }
        Assert.NotEmpty(owner);
    }

    [Fact]
    public void Labels_are_connected_but_for_the_border()
    {
        var shape = new Index3(64, 64, 64);
        var (_, neurons) = new PhantomVolume(new PhantomOptions { Shape = shape, VoxelSize = new VoxelSize(12, 12, 12), Seed = 2 }).RenderAll();
        // A component that touches no face, of a label that has other voxels, would be a stray piece.
        var total = neurons.Data.GroupBy(id => id).ToDictionary(g => g.Key, g => g.LongCount());
        long strays = 0;
        var seen = new bool[neurons.Data.Length];
        var stack = new Stack<Index3>();
        foreach (var start in Box.Of(shape).Tile(new Index3(1, 1, 1)).Select(b => b.Begin))
        {
            if (seen[(start.Z * 64 + start.Y) * 64 + start.X]) continue;
            var id = neurons[start.Z, start.Y, start.X];
            long size = 0;
            var border = false;
            stack.Push(start);
            seen[(start.Z * 64 + start.Y) * 64 + start.X] = true;
            while (stack.TryPop(out var v))
            {
                size++;
                border |= v.Z is 0 or 63 || v.Y is 0 or 63 || v.X is 0 or 63;
                for (var k = 0; k < 27; k++)
                {
                    var n = v + new Index3(k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1);
                    if (!Box.Of(shape).Contains(n) || seen[(n.Z * 64 + n.Y) * 64 + n.X] || neurons[n.Z, n.Y, n.X] != id) continue;
                    seen[(n.Z * 64 + n.Y) * 64 + n.X] = true;
                    stack.Push(n);
                }
            }
            if (!border && size < total[id]) strays += size;
        }
        Assert.InRange(strays, 0, 64L * 64 * 64 / 2000);
    }

    private static ulong At(Site site, Func<PhantomSlice, uint[]> map)
    {
        int z = (int)(site.Z / 40), y = (int)(site.Y / 4), x = (int)(site.X / 4);
        return map(Sample.Slices[z])[y * Shape.X + x];
    }
}
