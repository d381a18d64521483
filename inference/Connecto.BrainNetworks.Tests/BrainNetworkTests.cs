using Connecto.Graph;
using static Connecto.BrainNetworks.Tests.Samples;

namespace Connecto.BrainNetworks.Tests;

public class BrainNetworkTests
{
    private static readonly NetworkRecipe Plain = new() { Scaling = ScalingRule.None };

    [Theory]
    [InlineData(WeightSource.Contacts, 0)]
    [InlineData(WeightSource.Contacts, 2)]
    [InlineData(WeightSource.SummedSize, 30)]
    [InlineData(WeightSource.MeanScore, 0.5)]
    public void A_weight_is_its_edge_by_the_recipe(WeightSource source, double threshold)
    {
        var c = Random(1, 25, 600);
        var network = BrainNetwork.From(c, Plain with { Weight = source, Threshold = threshold });
        var expected = c.Connections()
            .Select(e => (Key: (e.Post, e.Pre), Weight: source switch
            {
                WeightSource.Contacts => e.Contacts,
                WeightSource.SummedSize => e.Size,
                _ => (double)e.Score,
            }))
            .Where(e => e.Weight >= threshold).ToDictionary(e => e.Key, e => (float)e.Weight);
        Assert.Equal(expected.OrderBy(e => e.Key), Weights(network).OrderBy(e => e.Key));
        Assert.Equal(c.EdgeCount, expected.Count + network.Facts.BelowThreshold);
        Assert.Equal(c.Neurons.ToArray().Select(n => n.Id), network.Neurons.ToArray());
    }

    [Theory]
    [InlineData(NetworkForm.Recurrent)]
    [InlineData(NetworkForm.Layered)]
    public void Every_weight_leads_back_to_its_synapses(NetworkForm form)
    {
        var c = Random(2, 30, 200);
        var network = BrainNetwork.From(c, Plain with { Form = form, Inputs = [Id(0), Id(4)] });
        foreach (var layer in network.Layers)
            for (var row = 0; row < layer.Weights.Rows; row++)
                for (var i = layer.Weights.RowStarts[row]; i < layer.Weights.RowStarts[row + 1]; i++)
                {
                    var (post, pre) = (network.Neurons[layer.FirstRow + row], network.Neurons[layer.Weights.ColumnIndices[i]]);
                    Assert.Equal(
                        c.Synapses.Rows().Where(s => s.Pre == pre && s.Post == post).Select(s => s.Id),
                        layer.SynapsesOf(i).ToArray());
                    Assert.Equal(layer.Weights.Values[i], layer.SynapsesOf(i).Length);
                }
    }

    [Fact]
    public void Signs_belong_to_presynaptic_neurons_and_to_their_ids_alone()
    {
        var c = Random(3, 2000, 6000);
        var recipe = Plain with { Sign = SignRule.ExcitatoryFraction, ExcitatoryFraction = 0.7, Seed = 5 };
        var network = BrainNetwork.From(c, recipe);
        foreach (var column in Weights(network).GroupBy(w => w.Key.Pre))
            Assert.Single(column.Select(w => MathF.Sign(w.Value)).Distinct());
        Assert.InRange(network.Facts.ExcitatoryNeurons, 1330, 1470);

        var part = Connectome.FromConnections(null, [.. c.Connections().Where(e => e.Pre % 3 == 0)]);
        var whole = Weights(network);
        Assert.All(Weights(BrainNetwork.From(part, recipe)), w => Assert.Equal(whole[w.Key], w.Value));
        Assert.NotEqual(
            network.Facts.ExcitatoryNeurons, BrainNetwork.From(c, recipe with { Seed = 6 }).Facts.ExcitatoryNeurons);
        Assert.Equal(2000, BrainNetwork.From(c, recipe with { ExcitatoryFraction = 1 }).Facts.ExcitatoryNeurons);
        Assert.Equal(0, BrainNetwork.From(c, recipe with { ExcitatoryFraction = 0 }).Facts.ExcitatoryNeurons);
    }

    [Theory]
    [InlineData(LayerRule.HopDistance)]
    [InlineData(LayerRule.LongestPath)]
    public void A_layered_network_holds_the_forward_and_skipping_edges(LayerRule rule)
    {
        var c = Random(4, 60, 110);
        ulong[] inputs = [Id(0), Id(7), Id(9)];
        var network = BrainNetwork.From(c, Plain with { Form = NetworkForm.Layered, Layers = rule, Inputs = inputs });
        var layers = GraphLayers.From(c, inputs.Select(c.IndexOf), rule);
        int LayerOf(ulong id) => layers.LayerOf(c.IndexOf(id));
        var expected = c.Connections().Where(e => LayerOf(e.Pre) >= 0 && LayerOf(e.Post) > LayerOf(e.Pre))
            .ToDictionary(e => (e.Post, e.Pre), e => (float)e.Contacts);
        Assert.Equal(expected.OrderBy(e => e.Key), Weights(network).OrderBy(e => e.Key));
        Assert.Equal(layers.Depth - 1, network.Layers.Count);
        Assert.Equal(c.EdgeCount, expected.Count + network.Facts.NotForward);
        Assert.Equal(
            network.Neurons.ToArray().OrderBy(id => (LayerOf(id), id)), network.Neurons.ToArray());
        Assert.Equal(60, network.Neurons.Length + network.Facts.UnreachedNeurons);
    }

    [Fact]
    public void In_degree_scaling_gives_every_neuron_the_same_summed_input()
    {
        var network = BrainNetwork.From(Random(5, 40, 300), new NetworkRecipe
        {
            Scaling = ScalingRule.InDegree,
            Gain = 2,
            Sign = SignRule.ExcitatoryFraction,
            ExcitatoryFraction = 0.5,
        });
        foreach (var row in Weights(network).GroupBy(w => w.Key.Post))
            Assert.Equal(2, row.Sum(w => Math.Abs(w.Value)), 5);
    }

    [Fact]
    public void The_same_graph_in_another_order_makes_the_same_network()
    {
        var rows = Random(6, 30, 400).Synapses.Rows().ToArray();
        var straight = BrainNetwork.From(Connectome.Build(SynapseTable.From(rows)), new NetworkRecipe());
        new Random(7).Shuffle(rows);
        var shuffled = BrainNetwork.From(Connectome.Build(SynapseTable.From(rows)), new NetworkRecipe());
        Assert.Equal(straight.Layers[0].Weights.Values.ToArray(), shuffled.Layers[0].Weights.Values.ToArray());
        Assert.Equal(straight.Layers[0].SynapseIds.ToArray(), shuffled.Layers[0].SynapseIds.ToArray());
    }

    [Fact]
    public void A_recipe_out_of_range_is_refused()
    {
        var c = Edges(2, (0, 1, 1));
        Refused("needs at least one input", Plain with { Form = NetworkForm.Layered });
        Refused("Input 99 is not among", Plain with { Inputs = [99] });
        Refused("threshold", Plain with { Threshold = double.NaN });
        Refused("fraction", Plain with { ExcitatoryFraction = 1.1 });
        Refused("gain", Plain with { Gain = 0 });

        void Refused(string words, NetworkRecipe recipe) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => BrainNetwork.From(c, recipe)).Message);
    }

    [Fact]
    public void Default_inputs_are_those_that_give_most_and_take_least()
    {
        var c = Edges(5, (0, 1, 5), (2, 1, 9), (1, 3, 20), (3, 4, 1));
        Assert.Equal([Id(2), Id(1), Id(0)], NetworkInputs.Choose(c, 3));
        Assert.Equal([Id(2), Id(1), Id(0), Id(3)], NetworkInputs.Choose(c, 10));
        Assert.Empty(NetworkInputs.Choose(Edges(0), 3));
    }

    [Fact]
    public void Signs_of_edges_become_signs_of_weights_and_the_rules_are_kept()
    {
        var c = Connectome.FromConnections(
            null, [new Connection(3, 13, 4, 0, 0, 1), new Connection(13, 3, 6, 0, 0, -1), new Connection(13, 23, 2, 0, 0)])
            .With(new ConnectomeProvenance { Kind = "test", Rule = AggregationRule.SignedCounts });
        var network = BrainNetwork.From(c, NetworkRecipe.SignedContacts);
        Assert.Equal(
            new Dictionary<(ulong, ulong), float> { [(13, 3)] = 4, [(3, 13)] = -6, [(23, 13)] = 2 }.OrderBy(e => e.Key), Weights(network).OrderBy(e => e.Key));
        Assert.Equal(2, network.Facts.ExcitatoryNeurons);
        var folder = Directory.CreateTempSubdirectory("connecto-").FullName;
        BrainNetworkFiles.Save(network, Path.Combine(folder, "network"));
        var back = BrainNetworkFiles.Load(Path.Combine(folder, "network"));
        Directory.Delete(folder, recursive: true);
        Assert.Equal(("signed-contacts", SignRule.Edges), (back.Recipe.Name, back.Recipe.Sign));
        Assert.Equal(AggregationRule.SignedCounts, back.Facts.Counted!.Rule);
    }
}
