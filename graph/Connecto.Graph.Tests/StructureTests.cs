namespace Connecto.Graph.Tests;

/// <summary>Cores, clubs, parts, centralities, similarity and synthetic graphs against their definitions.</summary>
public sealed class StructureTests
{
    [Theory]
    [InlineData(1, 20, 40)]
    [InlineData(2, 40, 300)]
    [InlineData(3, 200, 900)]
    public void A_core_number_is_the_last_core_that_peeling_leaves_a_neuron_in(int seed, int neurons, int edges)
    {
        var c = Samples.Random(new Random(seed), neurons, edges);
        var neighbours = Neighbours(c);
        var expected = new int[neurons];
        for (var k = 1; k < neurons; k++)
        {
            var left = Enumerable.Range(0, neurons).ToHashSet();
            while (left.RemoveWhere(n => neighbours[n].Count(left.Contains) < k) > 0) { }
            foreach (var n in left) expected[n] = k;
        }
        Assert.Equal(expected, CoreNumbers.Of(c));
    }

    [Fact]
    public void A_rich_club_counts_the_edges_among_neurons_of_many_partners()
    {
        var c = Samples.Random(new Random(4), 40, 400);
        var degrees = Enumerable.Range(0, 40).Select(n => Enumerable.Range(0, c.EdgeCount)
            .Count(e => c.Pre[e] != c.Post[e] && (c.Pre[e] == n || c.Post[e] == n))).ToArray();
        var rows = RichClub.Of(c, new NullOptions { Samples = 5 });
        Assert.Equal(degrees.Distinct().Order().Where(d => degrees.Count(x => x > d) >= 2), rows.Select(r => r.Degree));
        foreach (var row in rows)
        {
            var rich = Enumerable.Range(0, 40).Where(n => degrees[n] > row.Degree).ToHashSet();
            var edges = Enumerable.Range(0, c.EdgeCount).Count(e => c.Pre[e] != c.Post[e] && rich.Contains(c.Pre[e]) && rich.Contains(c.Post[e]));
            Assert.Equal((rich.Count, (long)edges), (row.Neurons, row.Edges));
            Assert.Equal(edges / (rich.Count * (rich.Count - 1.0)), row.Density);
            Assert.Equal(row.Density, row.Null!.Value.Observed);
        }
        Assert.Equal(rows, RichClub.Of(c, new NullOptions { Samples = 5, Threads = 3 }));
        Assert.Null(RichClub.Of(c)[0].Null);
        Assert.Empty(RichClub.Of(Samples.Graph(0)));
    }

    [Fact]
    public void Strong_parts_are_the_neurons_that_reach_each_other()
    {
        var c = Samples.Random(new Random(5), 60, 80);
        var reach = Enumerable.Range(0, 60)
            .Select(n => Neighbourhood.Of(c, [n], int.MaxValue, Follow.Downstream).Select(x => x.Neuron).ToHashSet()).ToArray();
        var labels = StrongParts.Label(c);
        for (var a = 0; a < 60; a++)
            for (var b = 0; b < 60; b++)
                Assert.Equal(reach[a].Contains(b) && reach[b].Contains(a), labels[a] == labels[b]);
        var s = ConnectomeStatistics.Of(c);
        Assert.Equal((labels.Max() + 1, labels.GroupBy(l => l).Max(g => g.Count())), (s.StrongComponents, s.LargestStrongComponent));
        Assert.Equal(labels.Distinct(), Enumerable.Range(0, labels.Max() + 1));
    }

    [Theory]
    [InlineData(6, 25, 60)]
    [InlineData(7, 40, 400)]
    public void Betweenness_and_closeness_agree_with_all_shortest_ways(int seed, int neurons, int edges)
    {
        var c = Samples.Random(new Random(seed), neurons, edges);
        var (hops, ways) = AllWays(c);
        for (var v = 0; v < neurons; v++)
        {
            double between = 0, closeIn = 0, closeOut = 0;
            for (var s = 0; s < neurons; s++)
            {
                if (s == v) continue;
                if (hops[s, v] < 1000) closeIn += 1.0 / hops[s, v];
                if (hops[v, s] < 1000) closeOut += 1.0 / hops[v, s];
                for (var t = 0; t < neurons; t++)
                    if (t != v && t != s && hops[s, t] < 1000 && hops[s, v] + hops[v, t] == hops[s, t])
                        between += ways[s, v] * ways[v, t] / ways[s, t];
            }
            Assert.Equal(between, Betweenness.Of(c)[v], 8);
            Assert.Equal(closeIn / (neurons - 1), HarmonicCloseness.Of(c, [v], Direction.In)[0], 10);
            Assert.Equal(closeOut / (neurons - 1), HarmonicCloseness.Of(c, [v], Direction.Out)[0], 10);
        }
        var exact = Betweenness.Of(c);
        Assert.Equal(exact, Betweenness.Of(c, new CentralityOptions { Threads = 3 }));
        var some = Betweenness.Of(c, new CentralityOptions { Sources = 10, Seed = 2 });
        Assert.Equal(some, Betweenness.Of(c, new CentralityOptions { Sources = 10, Seed = 2, Threads = 2 }));
        Assert.NotEqual(exact, some);
    }

    [Fact]
    public void Sampled_betweenness_is_right_on_average()
    {
        var c = Samples.Random(new Random(8), 30, 120);
        var (exact, sum) = (Betweenness.Of(c), new double[30]);
        for (var seed = 0UL; seed < 400; seed++)
            foreach (var (i, value) in Betweenness.Of(c, new CentralityOptions { Sources = 10, Seed = seed }).Index())
                sum[i] += value / 400;
        Assert.Equal(exact.Sum(), sum.Sum(), exact.Sum() * 0.03);
    }

    [Fact]
    public void PageRank_is_the_rest_state_of_its_chain()
    {
        var c = Connectome.Build(Samples.Neurons(20), SynapseTable.From(Samples.Synapses(new Random(9), 20, 60)));
        foreach (var weight in Enum.GetValues<EdgeWeight>())
        {
            var ranks = PageRank.Of(c, new PageRankOptions { Weight = weight });
            var next = new double[20];
            for (var n = 0; n < 20; n++)
            {
                var targets = Enumerable.Range(0, c.EdgeCount).Where(e => c.Pre[e] == n).ToArray();
                double W(int e) => weight == EdgeWeight.One ? 1 : c.ContactCounts[e];
                for (var m = 0; m < 20; m++) next[m] += ranks[n] * (targets.Length == 0 ? 1 : 0.15) / 20;
                foreach (var e in targets) next[c.Post[e]] += 0.85 * ranks[n] * W(e) / targets.Sum(W);
            }
            for (var n = 0; n < 20; n++) Assert.Equal(next[n], ranks[n], 9);
            Assert.Equal(1, ranks.Sum(), 9);
        }
        Assert.Empty(PageRank.Of(Samples.Graph(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PageRank.Of(c, new PageRankOptions { Damping = 1 }));
    }

    [Theory]
    [InlineData(SimilaritySide.Inputs)]
    [InlineData(SimilaritySide.Outputs)]
    [InlineData(SimilaritySide.Both)]
    public void Similarity_is_the_cosine_of_dense_rows(SimilaritySide side)
    {
        var c = Connectome.Build(Samples.Neurons(25), SynapseTable.From(Samples.Synapses(new Random(10), 25, 120)));
        var rows = Enumerable.Range(0, 25).Select(n => Enumerable.Range(0, 50).Select(p =>
            (p < 25 ? side != SimilaritySide.Inputs : side != SimilaritySide.Outputs)
            && (p < 25 ? c.FindEdge(n, p) : c.FindEdge(p - 25, n)) is >= 0 and var e ? (double)c.ContactCounts[e] : 0).ToArray()).ToArray();
        var matrix = ConnectivitySimilarity.Matrix(c, [.. Enumerable.Range(0, 25)], side);
        for (var a = 0; a < 25; a++)
        {
            var found = ConnectivitySimilarity.To(c, a, side).ToDictionary(s => s.Neuron);
            for (var b = 0; b < 25; b++)
            {
                var dot = rows[a].Zip(rows[b], (x, y) => x * y).Sum();
                var expected = dot == 0 ? 0 : dot / Math.Sqrt(rows[a].Sum(x => x * x) * rows[b].Sum(x => x * x));
                Assert.Equal(expected, matrix[a, b], 12);
                if (a == b) continue;
                Assert.Equal(expected, found.TryGetValue(b, out var similar) ? similar.Cosine : 0, 12);
                if (dot > 0) Assert.Equal(rows[a].Zip(rows[b]).Count(p => p.First * p.Second > 0), similar.SharedPartners);
            }
        }
    }

    [Fact]
    public void A_synthetic_graph_has_its_edges_and_the_partners_of_its_table()
    {
        var table = DegreeTable.Of([.. Enumerable.Range(1, 50).Select(i => new DegreeRow($"{i}", i * 9, i, i * 4))]);
        var options = new SyntheticOptions { Neurons = 2000, Edges = 40_000, Degrees = table, Seed = 4 };
        var c = SyntheticConnectome.Generate(options);
        Assert.Equal((2000, 40_000, 0L), (c.NeuronCount, c.EdgeCount, c.Autapses));
        Assert.InRange(c.ContactCount / 40_000.0, 3.8, 4.2);
        for (var n = 0; n < 2000; n++) Assert.Equal(c.Degree(n, Direction.In), c.Degree(n, Direction.Out));
        Assert.InRange(Enumerable.Range(0, 2000).Max(n => c.Degree(n, Direction.In)), 38, 41);
        Assert.Equal(c.Connections(), SyntheticConnectome.Generate(options).Connections());
        Assert.NotEqual(c.Connections(), SyntheticConnectome.Generate(options with { Seed = 5 }).Connections());
        Assert.Equal(5000, SyntheticConnectome.Generate(new SyntheticOptions { Neurons = 500, Edges = 5000 }).EdgeCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticConnectome.Generate(options with { Neurons = 100 }));
    }

    [Fact]
    public void A_synthetic_connectome_has_the_contacts_signs_and_neighbours_asked_for()
    {
        var options = new SyntheticOptions { Neurons = 3000, Edges = 60_000, MeanContacts = 3.6, InhibitoryShare = 0.3, LocalShare = 0.5, LocalReach = 100 };
        var c = SyntheticConnectome.Generate(options);
        Assert.Equal((60_000, 0L), (c.EdgeCount, c.Autapses));
        Assert.InRange(c.ContactCount / 60_000.0, 3.5, 3.7);
        Assert.InRange(Enumerable.Range(0, 60_000).Count(e => Math.Abs(c.Pre[e] - c.Post[e]) <= 100) / 60_000.0, 0.35, 0.65);
        var signs = Enumerable.Range(0, 60_000).GroupBy(e => c.Pre[e], e => c.Signs[e]).ToArray();
        Assert.All(signs, s => Assert.Single(s.Distinct()));
        Assert.InRange(signs.Count(s => s.First() < 0) / (double)signs.Length, 0.25, 0.35);
        Assert.Equal(c.Connections(), SyntheticConnectome.Generate(options).Connections());
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticConnectome.Generate(options with { LocalShare = 2 }));
    }

    [Fact]
    public void A_table_of_degrees_answers_how_many_partners_the_synapses_are()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "CellID,Length,Synapses,Density,Degree,Weighted_Degree\nI1L,8.5,44,0.5,11,44\nx,1,40,1,9,16.0\n");
            var table = DegreeTable.Read(path);
            Assert.Equal((3.0, 7000 / 3.0, 84L), (table.ContactsPerPartner, table.PartnersOfCorticalNeuron, table.Synapses.Sum));
            Assert.Equal(new DegreeRow("x", 40, 9, 16), table.Rows[1]);
            Assert.True(DegreeTable.IsOne(path));
            File.WriteAllText(path, "CellID,Synapses,Degree,WeightedDegree\na,1,2,-3\n");
            Assert.Contains("Line 2", Assert.Throws<InvalidDataException>(() => DegreeTable.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static HashSet<int>[] Neighbours(Connectome c)
    {
        var sets = Enumerable.Range(0, c.NeuronCount).Select(_ => new HashSet<int>()).ToArray();
        for (var e = 0; e < c.EdgeCount; e++)
            if (c.Pre[e] != c.Post[e])
            {
                sets[c.Pre[e]].Add(c.Post[e]);
                sets[c.Post[e]].Add(c.Pre[e]);
            }
        return sets;
    }

    /// <summary>Fewest edges and number of such ways between all pairs, by Floyd's three loops and by counting back.</summary>
    private static (int[,] Hops, double[,] Ways) AllWays(Connectome c)
    {
        var n = c.NeuronCount;
        int[,] hops = new int[n, n];
        var ways = new double[n, n];
        for (var a = 0; a < n; a++)
            for (var b = 0; b < n; b++)
                hops[a, b] = a == b ? 0 : c.FindEdge(a, b) >= 0 ? 1 : 1000;
        for (var k = 0; k < n; k++)
            for (var a = 0; a < n; a++)
                for (var b = 0; b < n; b++)
                    hops[a, b] = Math.Min(hops[a, b], hops[a, k] + hops[k, b]);
        for (var length = 0; length < n; length++)
            for (var a = 0; a < n; a++)
                for (var b = 0; b < n; b++)
                    if (hops[a, b] == length)
                        ways[a, b] = length == 0 ? 1
                            : Enumerable.Range(0, n).Where(k => hops[a, k] == length - 1 && c.FindEdge(k, b) >= 0).Sum(k => ways[a, k]);
        return (hops, ways);
    }
}
