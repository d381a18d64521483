namespace Connecto.Graph.Tests;

public class ConnectomeTests
{
    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 5, 40)]
    [InlineData(3, 40, 1000)]
    [InlineData(4, 300, 300)]
    public void Edges_are_the_pairs_of_the_table_with_all_their_contacts(int seed, int neurons, int count)
    {
        var rows = Samples.Synapses(new Random(seed), neurons, count);
        var c = Connectome.Build(Samples.Neurons(neurons), SynapseTable.From(rows));

        var pairs = rows.Where(r => r.Pre != 0 && r.Post != 0 && r.Pre != r.Post)
            .GroupBy(r => (r.Pre, r.Post)).OrderBy(g => g.Key).ToList();
        Assert.Equal(pairs.Count, c.EdgeCount);
        for (var e = 0; e < pairs.Count; e++)
        {
            var edge = c[e];
            Assert.Equal(pairs[e].Key, (c.IdOf(edge.Pre), c.IdOf(edge.Post)));
            Assert.Equal(pairs[e].Select(r => r.Id).Order(), c.Contacts(e).ToArray().Select(row => c.Synapses.Ids[row]));
            Assert.Equal(pairs[e].Count(), edge.Contacts);
            Assert.Equal(pairs[e].Sum(r => r.Size), edge.Size);
            Assert.Equal((float)pairs[e].Average(r => (double)r.Score), edge.Score);
            Assert.Equal(e, c.FindEdge(edge.Pre, edge.Post));
        }
        Assert.Equal(pairs.Sum(g => (long)g.Count()), c.ContactCount);
        Assert.Equal(rows.Count(r => r.Pre == 0 || r.Post == 0), c.UnassignedSynapses);
        Assert.Equal(rows.Count(r => r.Pre != 0 && r.Pre == r.Post), c.Autapses);
    }

    [Fact]
    public void Partners_are_those_of_the_edges_both_ways()
    {
        var c = Samples.Random(new Random(5), 30, 300);
        for (var n = 0; n < c.NeuronCount; n++)
            foreach (var direction in (Direction[])[Direction.Out, Direction.In])
            {
                var own = Enumerable.Range(0, c.EdgeCount)
                    .Where(e => (direction == Direction.Out ? c.Pre[e] : c.Post[e]) == n).ToList();
                Assert.Equal(own.Select(e => direction == Direction.Out ? c.Post[e] : c.Pre[e]), c.Partners(n, direction).ToArray());
                Assert.Equal(own, Enumerable.Range(0, c.Degree(n, direction)).Select(k => c.EdgeTo(n, direction, k)));
                Assert.Equal(own.Sum(e => (long)c.ContactCounts[e]), c.ContactsOf(n, direction));
            }
    }

    [Fact]
    public void The_order_of_rows_and_neurons_does_not_matter()
    {
        var rows = Samples.Synapses(new Random(6), 20, 500).ToArray();
        var neurons = Samples.Neurons(20);
        var straight = Connectome.Build(neurons, SynapseTable.From(rows));
        new Random(7).Shuffle(rows);
        new Random(8).Shuffle(neurons);
        var shuffled = Connectome.Build(neurons, SynapseTable.From(rows));
        Assert.Equal(straight.Neurons.ToArray(), shuffled.Neurons.ToArray());
        Assert.Equal(straight.Connections(), shuffled.Connections());
        for (var e = 0; e < straight.EdgeCount; e++)
            Assert.Equal(straight.Contacts(e).ToArray(), shuffled.Contacts(e).ToArray());
    }

    [Fact]
    public void Renaming_neurons_renames_the_edges_and_nothing_else()
    {
        var random = new Random(9);
        var rows = Samples.Synapses(random, 15, 200);
        var names = Enumerable.Range(1, 15).Select(Samples.Id).ToDictionary(id => id, _ => (ulong)random.NextInt64() << 1);
        names[0] = 0;
        var c = Connectome.Build(Samples.Neurons(15), SynapseTable.From(rows));
        var renamed = Connectome.Build(
            Samples.Neurons(15).Select(n => n with { Id = names[n.Id] }),
            SynapseTable.From(rows.Select(r => r with { Pre = names[r.Pre], Post = names[r.Post] })));
        Assert.Equal(
            c.Connections().Select(e => e with { Pre = names[e.Pre], Post = names[e.Post] }).OrderBy(e => (e.Pre, e.Post)),
            renamed.Connections());
    }

    [Fact]
    public void Connections_add_up_to_the_connectome_of_their_synapses()
    {
        var rows = Samples.Synapses(new Random(10), 12, 300);
        var c = Connectome.Build(Samples.Neurons(12), SynapseTable.From(rows));
        var halves = c.Connections().SelectMany(e => e.Contacts > 1
            ? [e with { Contacts = 1, Size = 0 }, e with { Contacts = e.Contacts - 1 }]
            : (Connection[])[e]).Reverse().ToList();
        var again = Connectome.FromConnections(Samples.Neurons(12), halves);
        Assert.Equal(c.Connections(), again.Connections());
        Assert.Equal(0, again.Contacts(0).Length);
    }

    [Fact]
    public void Neurons_can_be_taken_from_the_rows()
    {
        var c = Connectome.Build(SynapseTable.From([Samples.Synapse(1, 8, 5), Samples.Synapse(2, 0, 9)]));
        Assert.Equal([5UL, 8UL, 9UL], c.Neurons.ToArray().Select(n => n.Id));
        Assert.Equal((0, -1), (c.IndexOf(5), c.IndexOf(6)));
    }

    [Fact]
    public void Autapses_are_dropped_kept_or_refused_and_always_counted()
    {
        var table = SynapseTable.From([Samples.Synapse(1, 4, 4), Samples.Synapse(2, 4, 5)]);
        var dropped = Connectome.Build(table);
        var kept = Connectome.Build(table, new ConnectomeOptions { Autapses = AutapseRule.Keep });
        Assert.Equal((1, 1L), (dropped.EdgeCount, dropped.Autapses));
        Assert.Equal((2, 1L), (kept.EdgeCount, kept.Autapses));
        Assert.Contains("neuron 4 with itself", Assert.Throws<InvalidDataException>(
            () => Connectome.Build(table, new ConnectomeOptions { Autapses = AutapseRule.Refuse })).Message);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var table = SynapseTable.From([Samples.Synapse(17, 1, 2)]);
        Refused("Synapse 17 names neuron 2", () => Connectome.Build([Samples.Neuron(1)], table));
        Refused("Neuron 1 occurs twice", () => Connectome.Build([Samples.Neuron(1), Samples.Neuron(1)], table));
        Refused("id 0", () => Connectome.Build([Samples.Neuron(0)], table));
        Refused("row 0 names a neuron", () => Connectome.FromConnections([Samples.Neuron(1)], [new(1, 2, 1, 0, 0)]));
        Refused("row 1 has 0 contacts", () => Connectome.FromConnections(null, [new(1, 2, 1, 0, 0), new(1, 2, 0, 0, 0)]));
        Refused("score NaN", () => Connectome.FromConnections(null, [new(1, 2, 1, 0, float.NaN)]));

        static void Refused(string words, Func<Connectome> build) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => build()).Message);
    }

    [Fact]
    public void No_neurons_and_one_neuron_are_graphs_too()
    {
        var none = Connectome.Build([], SynapseTable.Empty);
        Assert.Equal((0, 0, -1), (none.NeuronCount, none.EdgeCount, none.IndexOf(1)));
        var one = Connectome.Build([Samples.Neuron(6)], SynapseTable.Empty);
        Assert.Equal((1, 0, 0), (one.NeuronCount, one.Degree(0, Direction.In), one.Partners(0, Direction.Out).Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Scattered_and_dense_ids_are_found(int count)
    {
        var random = new Random(count);
        foreach (var ids in (ulong[][])
            [
                [.. Enumerable.Range(1, count).Select(i => (ulong)i)],
                [.. Enumerable.Range(1, count).Select(_ => (ulong)random.NextInt64(1, long.MaxValue)).Distinct().Order()],
                [.. Enumerable.Range(1, count).Select(i => (ulong)i << 40)],
            ])
        {
            var index = new IdIndex(ids);
            for (var i = 0; i < ids.Length; i++)
            {
                Assert.Equal(i, index.Find(ids[i]));
                Assert.Equal(Array.IndexOf(ids, ids[i] + 1), index.Find(ids[i] + 1));
            }
            Assert.Equal(-1, index.Find(ulong.MaxValue));
            Assert.Equal(-1, index.Find(0));
        }
    }
}
