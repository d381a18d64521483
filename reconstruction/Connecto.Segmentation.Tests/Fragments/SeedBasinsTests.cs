using Connecto.Volumes;

namespace Connecto.Segmentation;

public class SeedBasinsTests
{
    [Fact]
    public void Find_agrees_with_taking_voxels_from_the_deepest_outward()
    {
        foreach (var shape in new[] { new Index3(1, 14, 17), new(4, 7, 8) })
            for (var seed = 0; seed < 40; seed++)
            {
                // All levels differ, so every order below is the only one.
                var levels = Enumerable.Range(1, (int)shape.Count).Select(i => (byte)i).ToArray();
                new Random(seed).Shuffle(levels);
                for (var i = 0; i < levels.Length; i++)
                    if (levels[i] % 5 == 0) levels[i] = 0;
                foreach (var (depth, ratio) in new[] { (0.0, 1.0), (60, 1.0), (40, 0.9), (1e6, 1.0) })
                {
                    var (count, labels) = Find(levels, shape, depth, ratio);
                    var expected = Naive(levels, shape, depth, ratio);
                    Assert.Equal(count, labels.Where(l => l != 0).Distinct().Count());
                    Assert.Equal(expected.Where(l => l != 0).Distinct().Count(), count);

                    // In between, a voxel where three basins meet may join its own to either of the others first.
                    if (depth is 0 or 1e6)
                        Assert.True(Toy.SameCut([.. expected.Select(e => (ulong)e)],
                            [.. labels.Select(l => (ulong)l)]));
                }
            }
    }

    [Fact]
    public void A_plateau_is_one_basin()
    {
        var levels = new byte[12 * 75];
        Array.Fill(levels, (byte)9);
        var (count, labels) = Find(levels, new(1, 12, 75), 1, 1);
        Assert.Equal(1, count);
        Assert.All(labels, l => Assert.Equal(1, l));
    }

    private static (int Count, int[] Labels) Find(byte[] levels, Index3 shape, double depth, double ratio)
    {
        using var flooded = new Flooded(shape) { Levels = levels };
        SeedBasins.Climb(flooded.Memory);
        var labels = new FragmentLabels();
        labels.Follow(flooded.Memory);
        var basins = new SeedBasins(depth, ratio).Join(flooded.Memory, labels.Peaks).ToArray();
        var result = flooded.Labels.Select(l => basins[l]).ToArray();
        return (result.Where(l => l != 0).Distinct().Count(), result);
    }

    /// <summary>Union-find over voxels, deepest first.</summary>
    private static int[] Naive(byte[] levels, Index3 shape, double depth, double ratio)
    {
        var parents = Enumerable.Repeat(-1, levels.Length).ToArray();
        foreach (var at in Enumerable.Range(0, levels.Length).Where(i => levels[i] > 0)
            .OrderByDescending(i => levels[i]))
        {
            var near = Neighbours(at).Where(n => parents[n] >= 0).OrderByDescending(n => levels[n]).ToArray();
            parents[at] = near.Length == 0 ? at : Root(near[0]);
            foreach (var other in near)
            {
                int a = Root(at), b = Root(other);
                if (a == b) continue;
                var (low, high) = levels[a] < levels[b] ? (a, b) : (b, a);
                if (levels[low] - levels[at] < depth || levels[at] >= ratio * levels[low]) parents[low] = high;
            }
        }
        return [.. parents.Select((p, i) => p < 0 ? 0 : Root(i) + 1)];

        int Root(int at)
        {
            while (parents[at] != at) at = parents[at];
            return at;
        }

        IEnumerable<int> Neighbours(int at)
        {
            int z = at / (shape.Y * shape.X), y = at / shape.X % shape.Y, x = at % shape.X;
            if (z > 0) yield return at - shape.Y * shape.X;
            if (y > 0) yield return at - shape.X;
            if (x > 0) yield return at - 1;
            if (x + 1 < shape.X) yield return at + 1;
            if (y + 1 < shape.Y) yield return at + shape.X;
            if (z + 1 < shape.Z) yield return at + shape.Y * shape.X;
        }
    }
}
