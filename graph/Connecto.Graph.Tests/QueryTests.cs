namespace Connecto.Graph.Tests;

public sealed class QueryTests
{
    [Theory]
    [InlineData(1, 10, 30)]
    [InlineData(2, 40, 900)]
    public void Partners_of_a_set_are_the_sums_over_its_edges(int seed, int neurons, int rows)
    {
        var random = new Random(seed);
        var c = Connectome.Build(Samples.Neurons(neurons), SynapseTable.From(Samples.Synapses(random, neurons, rows)));
        foreach (var direction in Enum.GetValues<Direction>())
            for (var size = 1; size < 5; size++)
            {
                int[] set = [.. Enumerable.Range(0, size).Select(_ => random.Next(neurons))];
                var naive = Enumerable.Range(0, c.EdgeCount).Select(e => c[e])
                    .Where(e => set.Contains(direction == Direction.Out ? e.Pre : e.Post)).ToArray();
                var expected = naive.GroupBy(e => direction == Direction.Out ? e.Post : e.Pre)
                    .Select(g => new Partner(g.Key, g.Count(), g.Sum(e => (long)e.Contacts), g.Sum(e => e.Size),
                        g.Sum(e => (long)e.Contacts) / (double)naive.Sum(e => (long)e.Contacts)))
                    .OrderByDescending(p => p.Contacts).ThenBy(p => p.Neuron);
                var found = PartnerQuery.Of(c, set, direction);
                Assert.Equal(expected, found);
                Assert.Equal(found.Length == 0 ? 0 : 1, found.Sum(p => p.Fraction), 12);
                Assert.Equal(
                    expected.Where(p => p.Members == set.Distinct().Count()), PartnerQuery.Common(c, set, direction));
                Assert.Equal(expected.Count(p => p.Members >= 2), PartnerQuery.Common(c, set, direction, 2).Length);
            }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    [InlineData(int.MaxValue)]
    public void The_strongest_partners_come_first_and_equal_ones_by_index(int most)
    {
        var random = new Random(most);
        var rows = Enumerable.Range(2, 400).SelectMany(n => new[] { (1, n), (n, 1) })
            .Select(p => new Connection((ulong)p.Item1, (ulong)p.Item2, random.Next(3) == 0 ? random.Next(1, most) : 3, random.Next(9), 1));
        var c = Connectome.FromConnections(null, [.. rows]);
        foreach (var direction in Enum.GetValues<Direction>())
        {
            var found = PartnerQuery.Of(c, [0], direction);
            Assert.Equal(
                Enumerable.Range(0, 400).Select(k => (Edge: c[c.EdgeTo(0, direction, k)], Neuron: c.Partners(0, direction)[k]))
                    .OrderByDescending(p => p.Edge.Contacts).ThenBy(p => p.Neuron).Select(p => (p.Neuron, (long)p.Edge.Contacts, p.Edge.Size)),
                found.Select(p => (p.Neuron, p.Contacts, p.Size)));
            Assert.Equal(1, found.Sum(p => p.Fraction), 9);
            Assert.Equal(found, PartnerQuery.Common(c, [0, 0], direction));
            Assert.Empty(PartnerQuery.Common(c, [0], direction, 2));
        }
        Assert.Empty(PartnerQuery.Of(Connectome.FromConnections(null, [new(1, 2, 1, 0, 0)]), [0], Direction.In));
    }

    [Fact]
    public void Adjacency_of_two_sets_is_all_edges_between_them()
    {
        var random = new Random(3);
        var c = Samples.Random(random, 50, 1200);
        for (var size = 1; size < 50; size += 6)
        {
            var from = Enumerable.Range(0, size).Select(_ => random.Next(50)).ToArray();
            var to = Enumerable.Range(0, 1 + size / 12).Select(_ => random.Next(50)).ToArray();
            Assert.Equal(
                Enumerable.Range(0, c.EdgeCount).Where(e => from.Contains(c.Pre[e]) && to.Contains(c.Post[e])),
                Adjacency.Between(c, from, to));
        }
    }

    [Theory]
    [InlineData(Follow.Downstream)]
    [InlineData(Follow.Upstream)]
    [InlineData(Follow.Both)]
    public void Neighbours_within_hops_are_those_of_relaxed_distances(Follow follow)
    {
        var random = new Random(4);
        var c = Samples.Random(random, 60, 90);
        int[] set = [3, 17, 3];
        var distance = Enumerable.Repeat(1000, 60).ToArray();
        foreach (var start in set) distance[start] = 0;
        for (var round = 0; round < 60; round++)
            for (var e = 0; e < c.EdgeCount; e++)
            {
                if (follow != Follow.Upstream) distance[c.Post[e]] = Math.Min(distance[c.Post[e]], distance[c.Pre[e]] + 1);
                if (follow != Follow.Downstream) distance[c.Pre[e]] = Math.Min(distance[c.Pre[e]], distance[c.Post[e]] + 1);
            }
        foreach (var hops in (int[])[0, 1, 2, int.MaxValue])
            Assert.Equal(
                Enumerable.Range(0, 60).Where(n => distance[n] <= Math.Min(hops, 999)).Select(n => new Neighbour(n, distance[n]))
                    .OrderBy(n => n.Hops).ThenBy(n => n.Neuron),
                Neighbourhood.Of(c, set, hops, follow));
        Assert.Throws<ArgumentOutOfRangeException>(() => Neighbourhood.Of(c, set, -1, follow));
        Assert.Throws<ArgumentOutOfRangeException>(() => Neighbourhood.Of(c, [60], 1, follow));
    }

    [Fact]
    public void A_filter_keeps_the_contacts_it_describes_and_all_neurons()
    {
        var random = new Random(5);
        var table = SynapseTable.From(Samples.Synapses(random, 12, 600));
        var c = Connectome.Build(Samples.Neurons(12), table);
        ConnectomeFilter[] filters =
        [
            new() { MinContacts = 5 },
            new() { BoxBegin = new Site(100, 0, -2), BoxEnd = new Site(700, 5e5f, 2) },
            new() { Near = new Site(500, 5e5f, 0), WithinNm = 2e5, MinScore = 0.25f },
            new() { MinSize = 40, MinScore = 0.5f, MinContacts = 2 },
        ];
        foreach (var filter in filters)
        {
            var rows = table.Rows().Where(s => s.Pre != 0 && s.Post != 0 && s.Pre != s.Post && filter.Keeps(s)).ToList();
            var edges = rows.GroupBy(s => (s.Pre, s.Post)).Where(g => g.Count() >= filter.MinContacts).ToArray();
            Assert.NotEmpty(edges);
            var kept = filter.Apply(c);
            Assert.Equal(12, kept.NeuronCount);
            Assert.Equal(
                edges.Select(g => (g.Key.Pre, g.Key.Post, g.Count(), g.Sum(s => s.Size))).Order(),
                kept.Connections().Select(e => (e.Pre, e.Post, e.Contacts, e.Size)).Order());
        }
        Assert.Same(c, new ConnectomeFilter().Apply(c));
        var counted = Connectome.FromConnections(null, [new(1, 2, 3, 0, 0), new(2, 1, 1, 0, 0)]);
        Assert.Equal(1, new ConnectomeFilter { MinContacts = 2 }.Apply(counted).EdgeCount);
        Assert.Throws<InvalidDataException>(() => new ConnectomeFilter { MinSize = 2 }.Apply(counted));
    }
}
