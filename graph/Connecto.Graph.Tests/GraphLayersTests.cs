namespace Connecto.Graph.Tests;

public class GraphLayersTests
{
    [Theory]
    [InlineData(1, 8, 12)]
    [InlineData(2, 40, 50)]
    [InlineData(3, 40, 200)]
    public void Hop_distance_is_the_least_number_of_edges_from_an_input(int seed, int neurons, int edges)
    {
        var c = Samples.Random(new Random(seed), neurons, edges);
        var layers = GraphLayers.From(c, [0, 3], LayerRule.HopDistance);
        var distance = Enumerable.Repeat(int.MaxValue, neurons).ToArray();
        distance[0] = distance[3] = 0;
        for (var round = 0; round < neurons; round++)
            for (var e = 0; e < c.EdgeCount; e++)
                if (distance[c.Pre[e]] < int.MaxValue)
                    distance[c.Post[e]] = Math.Min(distance[c.Post[e]], distance[c.Pre[e]] + 1);
        Assert.Equal(distance.Select(d => d == int.MaxValue ? -1 : d), Enumerable.Range(0, neurons).Select(layers.LayerOf));
        CheckSummary(c, layers);
        Assert.Equal(0, layers.Summary.SkipEdges);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Longest_path_of_a_graph_without_cycles_is_the_most_edges_from_an_input(int seed)
    {
        var random = new Random(seed);
        const int neurons = 30;
        var pairs = Enumerable.Range(0, 80).Select(_ => (random.Next(neurons), random.Next(neurons)))
            .Where(p => p.Item1 != p.Item2).Select(p => (Math.Min(p.Item1, p.Item2), Math.Max(p.Item1, p.Item2))).ToArray();
        var names = Enumerable.Range(0, neurons).ToArray();
        random.Shuffle(names);
        var c = Samples.Graph(neurons, [.. pairs.Select(p => (names[p.Item1], names[p.Item2]))]);
        var layers = GraphLayers.From(c, [names[0]], LayerRule.LongestPath);
        var longest = Enumerable.Repeat(-1, neurons).ToArray();
        longest[0] = 0;
        for (var to = 1; to < neurons; to++)
            longest[to] = pairs.Where(p => p.Item2 == to && longest[p.Item1] >= 0)
                .Select(p => longest[p.Item1] + 1).DefaultIfEmpty(-1).Max();
        Assert.Equal(longest, Enumerable.Range(0, neurons).Select(n => layers.LayerOf(names[n])));
        CheckSummary(c, layers);
        Assert.Equal((0, 0), (layers.Summary.LateralEdges, layers.Summary.BackwardEdges));
    }

    [Fact]
    public void A_cycle_shares_a_layer_and_edges_into_inputs_are_backward()
    {
        // 0 -> 1 -> (2 <-> 3) -> 4, 3 -> 0, and 5 beyond reach
        var c = Samples.Graph(6, (0, 1), (1, 2), (2, 3), (3, 2), (3, 4), (3, 0), (5, 4), (0, 4));
        var layers = GraphLayers.From(c, [0], LayerRule.LongestPath);
        Assert.Equal([0, 1, 2, 2, 3, -1], Enumerable.Range(0, 6).Select(layers.LayerOf));
        var s = layers.Summary;
        Assert.Equal((3, 1, 2, 1, 1, 1),
            (s.ForwardEdges, s.SkipEdges, s.LateralEdges, s.BackwardEdges, s.UnreachedEdges, s.UnreachedNeurons));
        CheckSummary(c, layers);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void By_longest_path_only_edges_into_inputs_lead_backward(int seed)
    {
        var c = Samples.Random(new Random(seed), 60, 90);
        var layers = GraphLayers.From(c, [1, 2, 2], LayerRule.LongestPath);
        for (var e = 0; e < c.EdgeCount; e++)
            if (layers.LayerOf(c.Pre[e]) >= 0 && layers.LayerOf(c.Post[e]) < layers.LayerOf(c.Pre[e]))
                Assert.Equal(0, layers.LayerOf(c.Post[e]));
        CheckSummary(c, layers);
    }

    [Fact]
    public void A_chain_as_deep_as_a_brain_is_large_is_layered()
    {
        const int length = 150_000;
        var c = Samples.Graph(length, [.. Enumerable.Range(0, length - 1).Select(i => (i, i + 1))]);
        Assert.Equal(length, GraphLayers.From(c, [0], LayerRule.LongestPath).Depth);
        Assert.Equal(length, GraphLayers.From(c, [0], LayerRule.HopDistance).Depth);
    }

    [Fact]
    public void No_inputs_no_layers_and_a_stranger_is_refused()
    {
        var c = Samples.Graph(2, (0, 1));
        Assert.Equal(0, GraphLayers.From(c, [], LayerRule.HopDistance).Depth);
        Assert.Equal(0, GraphLayers.From(c, [], LayerRule.LongestPath).Depth);
        Assert.Equal(0, GraphLayers.From(Samples.Graph(0), [], LayerRule.LongestPath).Depth);
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphLayers.From(c, [2], LayerRule.HopDistance));
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphLayers.From(c, [-1], LayerRule.HopDistance));
    }

    private static void CheckSummary(Connectome c, GraphLayers layers)
    {
        var s = layers.Summary;
        Assert.Equal(c.EdgeCount, s.ForwardEdges + s.SkipEdges + s.LateralEdges + s.BackwardEdges + s.UnreachedEdges);
        Assert.Equal(c.NeuronCount, s.LayerSizes.Sum() + s.UnreachedNeurons);
        for (var layer = 0; layer < layers.Depth; layer++)
            Assert.Equal(
                Enumerable.Range(0, c.NeuronCount).Where(n => layers.LayerOf(n) == layer), layers.Members(layer).ToArray());
    }
}
