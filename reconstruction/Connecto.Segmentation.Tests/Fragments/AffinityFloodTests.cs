using Connecto.Volumes;

namespace Connecto.Segmentation;

public class AffinityFloodTests
{
    private static readonly Islands None = new(-1, 0);

    [Fact]
    public void Every_voxel_is_reached_over_the_best_weakest_affinity_by_a_seed_in_one_piece()
    {
        foreach (var shape in new[] { new Index3(1, 12, 13), new(5, 6, 7), new(1, 3, 150), new(3, 4, 70) })
            for (var seed = 0; seed < 20; seed++)
            {
                var random = new Random(seed);
                var affinities = new Volume<byte>(shape, 3);
                foreach (ref var a in affinities.Data.AsSpan()) a = (byte)random.Next(1, 256);
                var seeds = new int[shape.Count];
                for (var s = 1; s <= 6; s++) seeds[random.Next(seeds.Length)] = s;
                var labels = Flood(affinities, seeds, None, 255);

                var costs = seeds.Distinct().Where(s => s != 0)
                    .ToDictionary(s => s, s => LeastWorstCost(affinities, seeds, s));
                for (var i = 0; i < labels.Length; i++)
                {
                    Assert.True(labels[i] > 0);
                    Assert.Equal(costs.Values.Min(c => c[i]), costs[labels[i]][i]);
                }
                var pieces = new Volume<ulong>(shape);
                Assert.Equal(costs.Count, ConnectedComponents.Label(
                    new Volume<ulong>(shape, 1, [.. labels.Select(l => (ulong)l)]), Connectivity.Faces, pieces));
            }
    }

    [Fact]
    public void Voxels_of_equal_cost_go_to_the_nearer_seed()
    {
        var labels = new int[11];
        (labels[0], labels[10]) = (1, 2);
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2], Flood(Line(Enumerable.Repeat((byte)128, 11)), labels, None, 255));
    }

    [Fact]
    public void Faces_dearer_than_the_limit_are_not_crossed() => Assert.Equal([1, 1, 0, 0, 0],
        Flood(Line([0, 200, 100, 200, 200]), [1, 0, 0, 0, 0], None, 255 - 150));

    [Fact]
    public void An_island_that_no_seed_reaches_becomes_a_seed_when_it_is_large_enough() =>
        Assert.Equal([1, 1, 1, -1, -1, -1, -1, -1],
            Flood(Line([0, 200, 10, 200, 10, 200, 200, 200]), [1, 0, 0, 0, 0, 0, 0, 0], new(255 - 128, 3), 255));

    private static int[] Flood(Volume<byte> affinities, int[] seeds, Islands islands, int maximumCost)
    {
        using var flooded = new Flooded(affinities.Shape);
        flooded.SetCosts(affinities);
        flooded.SetSeeds(seeds);
        new AffinityFlood().Run(flooded.Memory, islands, maximumCost);
        return flooded.Follow(seeds);
    }

    private static Volume<byte> Line(IEnumerable<byte> x)
    {
        byte[] values = [.. x];
        var affinities = new Volume<byte>(new(1, 1, values.Length), 3);
        values.CopyTo(affinities.Channel(2));
        return affinities;
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
