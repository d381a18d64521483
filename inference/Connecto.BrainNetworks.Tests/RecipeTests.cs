using Connecto.Graph;
using static Connecto.BrainNetworks.Tests.Samples;

namespace Connecto.BrainNetworks.Tests;

/// <summary>Signs by transmitter, and orders of neurons: what a recipe changes, and what it must not.</summary>
public sealed class RecipeTests : IDisposable
{
    private static readonly NetworkRecipe Plain = new() { Scaling = ScalingRule.None };

    private readonly string _folder = Directory.CreateTempSubdirectory("connecto-recipe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Gaba_and_glutamate_inhibit_and_all_others_excite()
    {
        var c = Labelled("ACH", "GABA", "GLUT", "DA", "");
        var network = BrainNetwork.From(c, Plain with { Sign = SignRule.Transmitters });
        foreach (var (pair, weight) in Weights(network))
            Assert.Equal(c.Labels.Of(c.IndexOf(pair.Pre), NeuronLabels.Transmitter) is "GABA" or "GLUT", weight < 0);
        Assert.Equal(
            [("", 1, 1), ("ACH", 1, 1), ("DA", 1, 1), ("GABA", 1, -1), ("GLUT", 1, -1)],
            network.Facts.Transmitters!.Select(t => (t.Transmitter, t.Neurons, t.Sign)));
        Assert.Equal(3, network.Facts.ExcitatoryNeurons);
    }

    [Fact]
    public void Tables_say_what_neurons_have_and_what_transmitters_do_and_are_recorded()
    {
        string has = Write("has.csv", "id,transmitter\n3,dopamine\n13,gaba\n"), does = Write("does.csv", "transmitter,sign\nDopamine,-1\nGABA,excitatory\n");
        var rule = TransmitterTable.Read(new TransmitterRule(), [has, does]);
        var network = BrainNetwork.From(Labelled("ACH", "ACH", "ACH"), Plain with { Sign = SignRule.Transmitters, Transmitters = rule });
        Assert.All(Weights(network), w => Assert.Equal(w.Key.Pre == 3, w.Value < 0));
        BrainNetworkFiles.Save(network, Path.Combine(_folder, "network"));
        var back = BrainNetworkFiles.Load(Path.Combine(_folder, "network"));
        Assert.Equal(network.Recipe.Transmitters!.Tables, back.Recipe.Transmitters!.Tables);
        Assert.Equal(-1, back.Recipe.Transmitters.Of("dopamine"));
        Assert.Equal(network.Facts.Transmitters, back.Facts.Transmitters);
        Assert.Equal(network.Facts.Locality, back.Facts.Locality);
    }

    [Theory]
    [InlineData("id,neuron\n1,2\n", "header")]
    [InlineData("id,transmitter\nx,ACH\n", "Line 2")]
    [InlineData("transmitter,sign\nACH,0\n", "Line 2")]
    [InlineData("id,transmitter\n1\n", "Line 2")]
    public void A_table_of_another_kind_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(
            () => TransmitterTable.Read(new TransmitterRule(), [Write("bad.csv", text)])).Message);

    [Fact]
    public void Without_a_column_of_transmitters_nothing_is_made() =>
        Assert.Contains("no column 'transmitter'", Assert.Throws<InvalidDataException>(
            () => BrainNetwork.From(Random(1, 5, 9), Plain with { Sign = SignRule.Transmitters })).Message);

    [Theory]
    [InlineData(OrderRule.ReverseCuthillMcKee, NetworkForm.Recurrent)]
    [InlineData(OrderRule.ReverseCuthillMcKee, NetworkForm.Layered)]
    [InlineData(OrderRule.Community, NetworkForm.Recurrent)]
    [InlineData(OrderRule.Community, NetworkForm.Layered)]
    public void An_order_changes_where_neurons_stand_and_nothing_else(OrderRule order, NetworkForm form)
    {
        var c = Random(7, 200, 900);
        var recipe = Plain with { Form = form, Inputs = [Id(1), Id(2)], Sign = SignRule.ExcitatoryFraction };
        var (straight, ordered) = (BrainNetwork.From(c, recipe), BrainNetwork.From(c, recipe with { Order = order }));
        Assert.Equal(Weights(straight).OrderBy(w => w.Key), Weights(ordered).OrderBy(w => w.Key));
        Assert.NotEqual(straight.Neurons.ToArray(), ordered.Neurons.ToArray());
        Assert.Equal(straight.Facts.Locality, ordered.Facts.LocalityById);
        Assert.Null(straight.Facts.LocalityById);
    }

    [Theory]
    [InlineData(OrderRule.ReverseCuthillMcKee)]
    [InlineData(OrderRule.Community)]
    public void Groups_strewn_over_the_ids_come_together(OrderRule order)
    {
        // 40 rings of 25 neurons, ids shuffled: 1000 neurons, each tied to 6 near it on its ring.
        var place = Enumerable.Range(0, 1000).ToArray();
        new Random(2).Shuffle(place);
        var edges = Enumerable.Range(0, 1000).SelectMany(n => Enumerable.Range(1, 6).Select(d => (place[n], place[n / 25 * 25 + (n + d) % 25], 1)));
        var facts = BrainNetwork.From(Edges(1000, [.. edges]), Plain with { Order = order }).Facts;
        Assert.True(facts.Locality!.ProductBytes < 0.6 * facts.LocalityById!.ProductBytes);
        Assert.True(facts.Locality.BytesASpike < 0.6 * facts.LocalityById.BytesASpike);
        Assert.True(facts.Locality.MeanDistance < 0.1 * facts.LocalityById.MeanDistance);
    }

    [Fact]
    public void Bytes_touched_are_the_different_lines_of_rows_and_columns()
    {
        // Row 1 reads neurons 0, 2 and 20: two lines. Neuron 0 reaches 1, 2 and 20: two lines; 2 and 20 reach one each.
        var network = BrainNetwork.From(Edges(40, (0, 1, 1), (2, 1, 1), (20, 1, 1), (0, 2, 1), (0, 20, 1)), Plain);
        Assert.Equal(
            new NetworkLocality { ProductBytes = 4 * 64, ProductBytesBeyondCache = 2 * 64, BytesASpike = 64 * 4 / 3.0, MeanDistance = 43 / 5.0 },
            network.Facts.Locality);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static Connectome Labelled(params string[] transmitters)
    {
        var edges = Enumerable.Range(0, transmitters.Length).SelectMany(i => Enumerable.Range(0, transmitters.Length).Select(j => (i, j, 2)));
        return Edges(transmitters.Length, [.. edges]).With(
            NeuronLabels.Of([NeuronLabels.Transmitter], transmitters.Length, (neuron, _) => transmitters[neuron]));
    }
}
