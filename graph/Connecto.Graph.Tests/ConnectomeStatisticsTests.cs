using System.IO.Compression;
using Connecto.Testing;

namespace Connecto.Graph.Tests;

public class ConnectomeStatisticsTests
{
    [Theory]
    [InlineData(1, 6, 10)]
    [InlineData(2, 50, 60)]
    [InlineData(3, 50, 900)]
    public void Figures_agree_with_their_definitions(int seed, int neurons, int edges)
    {
        var c = Samples.Random(new Random(seed), neurons, edges);
        var s = ConnectomeStatistics.Of(c);
        var pairs = Enumerable.Range(0, c.EdgeCount).Select(e => (c.Pre[e], c.Post[e])).ToHashSet();
        Assert.Equal((c.NeuronCount, c.EdgeCount, c.ContactCount), (s.Neurons, s.Edges, s.Synapses));
        Assert.Equal(pairs.Count(p => p.Item1 != p.Item2 && pairs.Contains((p.Item2, p.Item1))), s.ReciprocalEdges);
        Assert.Equal((double)s.ReciprocalEdges / pairs.Count(p => p.Item1 != p.Item2), s.Reciprocity);
        Assert.Equal(c.EdgeCount, s.PartnersIn.Sum);
        Assert.Equal(c.EdgeCount, s.PartnersOut.Sum);
        Assert.Equal(c.ContactCount, s.ContactsIn.Sum);
        Assert.Equal(c.ContactCount, s.ContactsPerPair.Sum);
        Assert.Equal(c.NeuronCount, s.ContactsOut.Count);
        var receiving = Enumerable.Range(0, neurons).Count(n => pairs.Any(p => p.Item2 == n));
        Assert.Equal(receiving, s.Partners.ReceivingNeurons);
        Assert.Equal(s.Partners.SynapsesPerNeuron, s.Partners.PartnersPerNeuron * s.Partners.ContactsPerPartner, 9);
        Assert.Equal(7000, s.Partners.PartnersOfCorticalNeuron * s.Partners.ContactsPerPartner, 6);

        var parts = Parts(neurons, pairs);
        Assert.Equal(parts.Distinct().Count(), s.WeakComponents);
        Assert.Equal(parts.GroupBy(p => p).Max(g => g.Count()), s.LargestComponent);
        Assert.Equal(parts, WeakComponents.Label(c).Select(l => Array.IndexOf(WeakComponents.Label(c), l)));
        Assert.Equal(
            Enumerable.Range(0, neurons).Count(n => !pairs.Any(p => p.Item1 == n || p.Item2 == n)), s.IsolatedNeurons);
    }

    [Fact]
    public void A_distribution_knows_the_middle_and_every_value()
    {
        var random = new Random(4);
        for (var count = 0; count < 60; count++)
        {
            var values = Enumerable.Range(0, count).Select(_ => (long)random.Next(10)).ToList();
            var d = Distribution.Of(values);
            var sorted = values.Order().ToArray();
            Assert.Equal(count == 0 ? 0 : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0, d.Median);
            Assert.Equal(count == 0 ? 0 : values.Average(), d.Mean, 12);
            Assert.Equal((values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max()), (d.Min, d.Max));
            Assert.Equal(sorted, d.Histogram.SelectMany(v => Enumerable.Repeat(v.Value, (int)v.Count)));
        }
    }

    [Fact]
    public void An_empty_graph_and_a_lone_neuron_have_finite_figures()
    {
        foreach (var neurons in (int[])[0, 1])
        {
            var s = ConnectomeStatistics.Of(Samples.Graph(neurons));
            Assert.Equal((0.0, 0.0, 0.0), (s.Reciprocity, s.ContactsPerPair.Mean, s.Partners.PartnersOfCorticalNeuron));
            Assert.Equal((neurons, neurons, neurons), (s.WeakComponents, s.LargestComponent, s.IsolatedNeurons));
        }
    }

    [Fact]
    public void A_budget_is_the_arithmetic_that_it_says()
    {
        var b = ConnectomeBudget.Of(1000, 50_000, 200_000, new BudgetOptions { MeanRateHz = 2 });
        Assert.Equal((400_000.0, 100_000.0), (b.OperationsPerSecond, b.OperationsPerSecondByEdge));
        Assert.Equal((0.05, 5e7, 1e9), (b.Density, b.SparseStepsPerSecond, b.DenseStepsPerSecond));
        var bytes = b.Formats.ToDictionary(f => f.Format, f => f.TotalBytes);
        Assert.Equal(4 * 1001 + 50_000 * 8.0, bytes["csr fp32"]);
        Assert.Equal(4 * 1001 + 50_000 * 5.0, bytes["csr int8"]);
        Assert.Equal(125_000 + 200_000.0, bytes["bitmask fp32"]);
        Assert.Equal(125_000 + 50_000.0, bytes["bitmask int8"]);
        Assert.Equal((4e6, 1e6), (bytes["dense fp32"], bytes["dense int8"]));
        Assert.Equal("bitmask int8", b.Formats[0].Format);
    }

    [Fact]
    public void A_human_cortex_is_a_few_petabytes_and_a_few_tens_of_teraoperations()
    {
        var b = ConnectomeBudget.Of(16_000_000_000, 112_000_000_000_000 / 4, 112_000_000_000_000);
        Assert.InRange(b.OperationsPerSecond, 1.7e13, 1.9e13);
        Assert.StartsWith("csr", b.Formats[0].Format);
        Assert.All(b.Formats, f => Assert.True(double.IsFinite(f.TotalBytes) && f.TotalBytes > 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectomeBudget.Of(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectomeBudget.Of(1, 0, 0, new BudgetOptions { MeanRateHz = double.NaN }));
        Assert.All(ConnectomeBudget.Of(0, 0, 0).Formats, f => Assert.True(f.TotalBytes <= 8));
    }

    [Fact]
    public void Results_become_json_and_come_back()
    {
        var s = ConnectomeStatistics.Of(Samples.Random(new Random(5), 20, 60));
        var json = GraphJson.Write(s);
        Assert.Equal(json, GraphJson.Write(GraphJson.Read<ConnectomeStatistics>(json)));
        Assert.Contains("\"contactsPerPair\"", json);
        Assert.Contains("\"18446744073709551615\"", GraphJson.Write(new Connection(ulong.MaxValue, 2, 1, 0, 0)));
        Assert.Equal(ulong.MaxValue, GraphJson.Read<Connection>(GraphJson.Write(new Connection(ulong.MaxValue, 2, 1, 0, 0))).Pre);
        Assert.Contains("csr fp32", GraphJson.Write(ConnectomeBudget.Of(10, 5, 9)));
    }

    [RealDataFact("connectomes/larva/Supplementary-Data-S1.zip")]
    public void The_larva_brain_has_the_neurons_edges_and_synapses_of_its_paper()
    {
        using var zip = ZipFile.OpenRead(RealData.Require("connectomes/larva/Supplementary-Data-S1.zip"));
        var entry = zip.GetEntry("Supplementary-Data-S1/all-all_connectivity_matrix.csv")!;
        using var text = new StreamReader(entry.Open());
        var (neurons, connections) = AdjacencyMatrix.Read(text, entry.FullName);
        var s = ConnectomeStatistics.Of(Connectome.FromConnections(
            neurons, connections, new ConnectomeOptions { Autapses = AutapseRule.Keep }));
        Assert.Equal((2952, 110_677, 352_611L), (s.Neurons, s.Edges, s.Synapses));
        Assert.InRange(s.Partners.ContactsPerPartner, 3.1, 3.3);
    }

    [RealDataFact("connectomes/larva/G_edgelist.txt")]
    public void The_larva_edge_list_reads_whole()
    {
        var path = RealData.Require("connectomes/larva/G_edgelist.txt");
        var c = Connectome.FromConnections(
            null, EdgeList.Read(path), new ConnectomeOptions { Autapses = AutapseRule.Keep });
        Assert.Equal((3554, 119_010), (c.NeuronCount, c.EdgeCount));
        Assert.Equal(577, Enumerable.Range(0, c.EdgeCount).Count(e => c.Pre[e] == c.Post[e]));
    }

    private static int[] Parts(int neurons, HashSet<(int, int)> pairs)
    {
        int[] part = [.. Enumerable.Range(0, neurons)];
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (a, b) in pairs)
            {
                var least = Math.Min(part[a], part[b]);
                changed |= part[a] != least || part[b] != least;
                part[a] = part[b] = least;
            }
        }
        return part;
    }
}
