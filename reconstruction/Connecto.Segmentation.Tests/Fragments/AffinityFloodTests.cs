using Connecto.Volumes;

namespace Connecto.Segmentation;

public class AffinityFloodTests
{
    private static readonly Islands None = new(-1, 0);

    [Fact]
    public void Every_voxel_is_reached_over_the_best_weakest_affinity()
    {
        foreach (var shape in new[] { new Index3(1, 12, 13), new(5, 6, 7) })
            for (var seed = 0; seed < 20; seed++)
            {
                var random = new Random(seed);
                var affinities = new Volume<byte>(shape, 3);
                foreach (ref var a in affinities.Data.AsSpan()) a = (byte)random.Next(256);
                var labels = new int[shape.Count];
                for (var s = 1; s <= 6; s++) labels[random.Next(labels.Length)] = s;
                var seeds = labels.ToArray();
                new AffinityFlood(shape).Run(Faces(shape, affinities.Channel(0), affinities.Channel(1),
                    affinities.Channel(2)), labels,
                    new int[labels.Length], 6, None, 255);

                var costs = seeds.Distinct().Where(s => s != 0)
                    .ToDictionary(s => s, s => LeastWorstCost(affinities, seeds, s));
                for (var i = 0; i < labels.Length; i++)
                {
                    Assert.NotEqual(0, labels[i]);
                    Assert.Equal(costs.Values.Min(c => c[i]), costs[labels[i]][i]);
                }
            }
    }

    [Fact]
    public void Voxels_of_equal_cost_go_to_the_nearer_seed()
    {
        var shape = new Index3(1, 1, 11);
        var flat = Enumerable.Repeat((byte)128, 11).ToArray();
        var labels = new int[11];
        (labels[0], labels[10]) = (1, 2);
        new AffinityFlood(shape).Run(Faces(shape, default, flat, flat), labels, new int[11], 2, None, 255);
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2], labels);
    }

    [Fact]
    public void Faces_dearer_than_the_limit_are_not_crossed()
    {
        byte[] x = [0, 200, 100, 200, 200];
        int[] labels = [1, 0, 0, 0, 0];
        new AffinityFlood(new(1, 1, 5)).Run(Faces(new(1, 1, 5), default, x, x), labels, new int[5], 1, None, 255 - 150);
        Assert.Equal([1, 1, 0, 0, 0], labels);
    }

    [Fact]
    public void An_island_that_no_seed_reaches_becomes_a_seed_when_it_is_large_enough()
    {
        byte[] x = [0, 200, 10, 200, 10, 200, 200, 200];
        int[] labels = [1, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(2, new AffinityFlood(new(1, 1, 8)).Run(Faces(new(1, 1, 8), default, x, x), labels, new int[8], 1,
            new(255 - 128, 3), 255));
        Assert.Equal([1, 1, 1, 2, 2, 2, 2, 2], labels);
    }

    private static uint[] Faces(Index3 shape, ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x)
    {
        var faces = new uint[shape.Count];
        FaceCosts.Fill(shape, z, y, x, faces);
        return faces;
    }

    /// <summary>For every voxel the least, over paths from a seed, of the dearest face: relaxed until nothing
    /// changes.</summary>
    private static int[] LeastWorstCost(Volume<byte> affinities, int[] seeds, int seed)
    {
        var s = affinities.Shape;
        var cost = seeds.Select(v => v == seed ? 0 : int.MaxValue).ToArray();
        int[] strides = [s.Y * s.X, s.X, 1];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < cost.Length; i++)
            {
                bool[] lower = [i / strides[0] > 0, i / s.X % s.Y > 0, i % s.X > 0];
                for (var axis = 0; axis < 3; axis++)
                {
                    if (!lower[axis]) continue;
                    var j = i - strides[axis];
                    var face = 255 - affinities.Channel(axis)[i];
                    changed |= Relax(i, j, face) | Relax(j, i, face);
                }
            }
        }
        return cost;

        bool Relax(int to, int from, int face)
        {
            if (cost[from] == int.MaxValue || Math.Max(cost[from], face) >= cost[to]) return false;
            cost[to] = Math.Max(cost[from], face);
            return true;
        }
    }
}
