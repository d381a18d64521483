using System.IO.Compression;
using Connecto.Testing;

namespace Connecto.Graph.Tests;

public sealed class TriadCensusTests
{
    /// <summary>An example of each kind as the field draws it, by the edges among a, b and c.</summary>
    private static readonly string[] Examples =
    [
        "", "ab", "ab ba", "ba bc", "ab cb", "ab bc", "ab ba cb", "ab ba bc", "ab bc ac", "ab bc ca", "ab ba bc cb",
        "ba bc ac ca", "ab cb ac ca", "ab bc ac ca", "ab ba bc cb ac", "ab ba bc cb ac ca",
    ];

    [Theory]
    [InlineData(1, 5, 8)]
    [InlineData(2, 14, 40)]
    [InlineData(3, 14, 120)]
    [InlineData(4, 30, 100)]
    [InlineData(5, 30, 600)]
    [InlineData(6, 2, 2)]
    public void Every_kind_is_counted_as_three_loops_count_it(int seed, int neurons, int edges)
    {
        var c = Samples.Random(new Random(seed), neurons, edges);
        Assert.Equal(Naive(c), TriadCensus.Of(c).Counts);
    }

    [Fact]
    public void All_graphs_of_three_neurons_are_one_kind_each()
    {
        foreach (var bits in Enumerable.Range(0, 64))
        {
            (int, int)[] all = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)];
            var c = Samples.Graph(3, [.. all.Where((_, i) => (bits >> i & 1) != 0)]);
            Assert.Equal(Naive(c), TriadCensus.Of(c).Counts);
            Assert.Equal(1, TriadCensus.Of(c).Counts.Sum());
        }
    }

    [Fact]
    public void Relabelled_neurons_and_other_threads_give_the_same_counts()
    {
        var random = new Random(7);
        var pairs = Enumerable.Range(0, 3000).Select(_ => (random.Next(400), (int)(400 * Math.Pow(random.NextDouble(), 3)))).ToArray();
        var names = Enumerable.Range(0, 400).ToArray();
        random.Shuffle(names);
        var counts = TriadCensus.Of(Samples.Graph(400, pairs)).Counts;
        foreach (var threads in (int[])[1, 2, 5])
            Assert.Equal(counts, TriadCensus.Of(
                Samples.Graph(400, [.. pairs.Select(p => (names[p.Item1], names[p.Item2]))]), threads).Counts);
        Assert.Equal(400L * 399 * 398 / 6, counts.Sum());
    }

    [Fact]
    public void The_labels_are_those_of_the_field()
    {
        for (var kind = 0; kind < Examples.Length; kind++)
        {
            var c = Samples.Graph(3, Edges(Examples[kind]));
            Assert.Equal(1, TriadCensus.Of(c)[(TriadClass)kind]);
            var mutual = c.EdgeCount - Enumerable.Range(0, c.EdgeCount).Count(e => c.FindEdge(c.Post[e], c.Pre[e]) < 0);
            Assert.StartsWith($"{mutual / 2}{c.EdgeCount - mutual}", TriadCensus.Labels[kind]);
        }
    }

    [Fact]
    public void A_null_keeps_degrees_and_depends_on_its_seed_alone()
    {
        var c = Samples.Random(new Random(8), 60, 500);
        var one = TriadSignificance.Of(c, new NullOptions { Samples = 8, Seed = 3 });
        var two = TriadSignificance.Of(c, new NullOptions { Samples = 8, Seed = 3, Threads = 3 });
        Assert.Equal(one.Rows, two.Rows);
        Assert.NotEqual(one.Rows, TriadSignificance.Of(c, new NullOptions { Samples = 8, Seed = 4 }).Rows);
        var edges = Enumerable.Range(0, c.EdgeCount).Where(e => c.Pre[e] != c.Post[e]).ToArray();
        int[] pre = [.. edges.Select(e => c.Pre[e])], post = [.. edges.Select(e => c.Post[e])];
        var shuffled = EdgeSwitching.Shuffle(pre, post, 10, new SplitMix(1, 1));
        Assert.Equal(post.Order(), shuffled.Order());
        Assert.NotEqual(post, shuffled);
        var pairs = pre.Zip(shuffled).ToHashSet();
        Assert.Equal(pre.Length, pairs.Count);
        Assert.DoesNotContain(pairs, p => p.First == p.Second);
        Assert.Equal(post, EdgeSwitching.Shuffle(pre, post, 0, new SplitMix(1, 1)));
    }

    [Fact]
    public void Switching_draws_every_graph_of_the_same_degrees_alike()
    {
        // Of out and in degrees (1, 1, 1, 1) there are 9 graphs without autapses: the permutations of four without a fixed point.
        var counts = new Dictionary<string, int>();
        for (var sample = 0; sample < 9000; sample++)
        {
            var key = string.Join(",", EdgeSwitching.Shuffle([0, 1, 2, 3], [1, 2, 3, 0], 20, new SplitMix(5, (ulong)sample)));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(9, counts.Count);
        Assert.InRange(counts.Values.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000), 0, 26.1);
    }

    [Fact]
    public void A_planted_motif_stands_out_and_a_random_graph_does_not()
    {
        var random = new Random(9);
        var pairs = Enumerable.Range(0, 150).Select(_ => (random.Next(100), random.Next(100))).ToList();
        var plain = TriadSignificance.Of(Samples.Graph(100, [.. pairs]), new NullOptions { Samples = 40 });
        for (var i = 0; i < 60; i++)
        {
            int a = random.Next(100), b = random.Next(100), c = random.Next(100);
            pairs.AddRange([(a, b), (b, c), (a, c)]);
        }
        var planted = TriadSignificance.Of(Samples.Graph(100, [.. pairs]), new NullOptions { Samples = 40 });
        Assert.InRange(plain.Rows[(int)TriadClass.FeedForward].Null.ZScore!.Value, -4, 4);
        Assert.True(planted.Rows[(int)TriadClass.FeedForward].Null.ZScore > 6);
    }

    /// <summary>Counted by igraph 0.10.2 (triad_census) from the same matrix, a neuron's synapses on itself left out.</summary>
    [RealDataFact("connectomes/larva/Supplementary-Data-S1.zip")]
    public void The_larva_brain_has_the_census_that_igraph_counts()
    {
        using var zip = ZipFile.OpenRead(RealData.Require("connectomes/larva/Supplementary-Data-S1.zip"));
        var entry = zip.GetEntry("Supplementary-Data-S1/all-all_connectivity_matrix.csv")!;
        using var text = new StreamReader(entry.Open());
        var (neurons, connections) = AdjacencyMatrix.Read(text, entry.FullName);
        var c = Connectome.FromConnections(neurons, connections, new ConnectomeOptions { Autapses = AutapseRule.Keep });
        Assert.Equal(
            [
                4008112378, 228057862, 39406865, 1318791, 1434271, 2433100, 786610, 683533, 287705, 20809, 150807, 58940, 133821, 61952,
                92703, 41253,
            ],
            TriadCensus.Of(c, threads: 2).Counts);
        Assert.Equal(65, CoreNumbers.Of(c).Max());
    }

    [Fact]
    public void A_set_of_pairs_agrees_with_a_hash_set()
    {
        var random = new Random(10);
        var (set, naive) = (new PairSet(40), new HashSet<(int, int)>());
        for (var i = 0; i < 20_000; i++)
        {
            var pair = (random.Next(9), random.Next(9));
            if (naive.Count < 40 && random.Next(2) == 0) Assert.Equal(naive.Add(pair), set.Add(pair.Item1, pair.Item2));
            else
            {
                set.Remove(pair.Item1, pair.Item2);
                naive.Remove(pair);
            }
            var other = (random.Next(9), random.Next(9));
            Assert.Equal(naive.Contains(other), set.Contains(other.Item1, other.Item2));
        }
    }

    /// <summary>Three loops, and the kind by trying every naming of the three against the examples.</summary>
    private static long[] Naive(Connectome c)
    {
        var counts = new long[16];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (var i = 0; i < c.NeuronCount; i++)
            for (var j = i + 1; j < c.NeuronCount; j++)
                for (var k = j + 1; k < c.NeuronCount; k++)
                {
                    int[] three = [i, j, k];
                    var kind = Array.FindIndex(Examples, example =>
                    {
                        var edges = Edges(example).ToHashSet();
                        return orders.Any(o => Enumerable.Range(0, 9).All(p => p / 3 == p % 3
                            || edges.Contains((p / 3, p % 3)) == c.FindEdge(three[o[p / 3]], three[o[p % 3]]) >= 0));
                    });
                    counts[kind]++;
                }
        return counts;
    }

    private static (int, int)[] Edges(string example) =>
        [.. example.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(e => (e[0] - 'a', e[1] - 'a'))];
}
