namespace Connecto.Graph.Tests;

public sealed class PathFinderTests
{
    [Theory]
    [InlineData(1, 12, 20)]
    [InlineData(2, 40, 80)]
    [InlineData(3, 40, 500)]
    [InlineData(4, 150, 900)]
    public void Ways_are_as_good_as_relaxing_every_edge_finds(int seed, int neurons, int rows)
    {
        var random = new Random(seed);
        var c = Connectome.Build(Samples.Neurons(neurons), SynapseTable.From(Samples.Synapses(random, neurons, rows)));
        var finder = new PathFinder(c);
        for (var question = 0; question < 60; question++)
        {
            int[] from = [random.Next(neurons)], to = [random.Next(neurons)];
            if (question % 3 == 0) (from, to) = ([.. from, random.Next(neurons)], [.. to, random.Next(neurons)]);
            var (hops, strength, width) = Relax(c, from);
            Check(c, finder.Shortest(from, to), from, to, path => Assert.Equal(to.Min(n => hops[n]), path.Edges.Count));
            Check(c, finder.Strongest(from, to), from, to, path => Assert.Equal(1, path.Strength / to.Max(n => strength[n]), 9));
            var widest = finder.Widest(from, to);
            Check(c, widest, from, to, path =>
            {
                if (path.Edges.Count > 0) Assert.Equal(to.Max(n => width[n]), path.LeastContacts);
            });
            Assert.Equal(to.Min(n => hops[n]) < 1000, widest is not null);
        }
    }

    [Fact]
    public void Of_equally_wide_ways_the_one_of_fewest_edges_is_given()
    {
        var c = Connectome.FromConnections(null,
        [
            new(1, 2, 9, 0, 0), new(2, 3, 9, 0, 0), new(3, 4, 4, 0, 0), new(1, 5, 4, 0, 0), new(5, 4, 4, 0, 0), new(1, 4, 3, 0, 0),
        ]);
        var finder = new PathFinder(c);
        Assert.Equal([0, 4, 3], finder.Widest([0], [3])!.Neurons);
        Assert.Equal([0, 3], finder.Shortest([0], [3])!.Neurons);
        var strongest = finder.Strongest([0], [3])!;
        Assert.Equal(4 / 11.0, strongest.Strength, 12);
        Assert.Equal(strongest.Strength, strongest.Fractions.Aggregate(1.0, (a, b) => a * b), 12);
        Assert.Null(finder.Strongest([3], [0]));
        Assert.Null(finder.Widest([3], [0]));
        Assert.Equal((1.0, 0), (finder.Strongest([2, 1], [2])!.Strength, finder.Shortest([2], [2, 3])!.Edges.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.Shortest([], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.Shortest([1], [9]));
    }

    private static void Check(Connectome c, NeuronPath? path, int[] from, int[] to, Action<NeuronPath> good)
    {
        if (path is null)
        {
            Assert.Equal(1000, to.Min(n => Relax(c, from).Hops[n]));
            return;
        }
        Assert.Contains(path.Neurons[0], from);
        Assert.Contains(path.Neurons[^1], to);
        Assert.Equal(path.Neurons.Count - 1, path.Edges.Count);
        for (var i = 0; i < path.Edges.Count; i++)
            Assert.Equal((path.Neurons[i], path.Neurons[i + 1]), (c.Pre[path.Edges[i]], c.Post[path.Edges[i]]));
        good(path);
    }

    private static (int[] Hops, double[] Strength, int[] Width) Relax(Connectome c, int[] from)
    {
        int[] hops = [.. Enumerable.Repeat(1000, c.NeuronCount)], width = new int[c.NeuronCount];
        var strength = new double[c.NeuronCount];
        foreach (var start in from) (hops[start], width[start], strength[start]) = (0, int.MaxValue, 1);
        for (var round = 0; round < c.NeuronCount; round++)
            for (var e = 0; e < c.EdgeCount; e++)
            {
                var (pre, post) = (c.Pre[e], c.Post[e]);
                var fraction = c.ContactCounts[e] / (double)c.ContactsOf(post, Direction.In);
                hops[post] = Math.Min(hops[post], hops[pre] + 1);
                strength[post] = Math.Max(strength[post], strength[pre] * fraction);
                width[post] = Math.Max(width[post], Math.Min(width[pre], c.ContactCounts[e]));
            }
        return (hops, strength, width);
    }
}
