using Connecto.Graph;
using Connecto.Sparse;
using static Connecto.BrainNetworks.Tests.Samples;

namespace Connecto.BrainNetworks.Tests;

/// <summary>A layered network run by the engine, against its plain definition over the edges of the graph.</summary>
public class LayeredModelTests
{
    [Theory]
    [InlineData(LayeredOutput.LastLayer, LayerRule.LongestPath, 1)]
    [InlineData(LayeredOutput.AllLayers, LayerRule.HopDistance, 2)]
    [InlineData(LayeredOutput.AllLayers, LayerRule.LongestPath, 1)]
    public void The_engine_computes_what_the_edges_say(LayeredOutput output, LayerRule rule, int threads)
    {
        var c = Random(11, 90, 110);
        var network = BrainNetwork.From(c, new NetworkRecipe
        {
            Scaling = ScalingRule.None,
            Form = NetworkForm.Layered,
            Layers = rule,
            Sign = SignRule.ExcitatoryFraction,
            Order = OrderRule.Community,
            Inputs = [Id(0), Id(5), Id(17), Id(40)],
        });
        Assert.True(network.Layers.Count >= 3);
        Assert.Equal(rule == LayerRule.LongestPath, network.Facts.Layering!.SkipEdges > 0);
        var model = LayeredModel.Of(network, output);
        const int patterns = 5;
        var (inputs, random) = (network.Layers[0].FirstRow, new Random(3));
        var input = Enumerable.Range(0, inputs * patterns).Select(_ => (float)random.Next(0, 4)).ToArray();
        var result = new float[model.Outputs * patterns];
        using (var session = new NetworkSession(model, threads)) session.Run(input, 1, patterns, result);
        for (var p = 0; p < patterns; p++)
        {
            var rates = Plain(network, [.. Enumerable.Range(0, inputs).Select(i => input[i * patterns + p])]);
            var expected = output == LayeredOutput.AllLayers ? rates[inputs..] : rates[network.Layers[^1].FirstRow..];
            Assert.Equal(expected, Enumerable.Range(0, model.Outputs).Select(o => result[o * patterns + p]));
        }
        Assert.Equal(network.WeightCount, model.Tensors.Values.Sum(t => (long)t.Data.Count(v => v != 0)));
    }

    [Fact]
    public void A_recurrent_network_is_no_chain_of_layers()
    {
        var network = BrainNetwork.From(Random(1, 10, 30), new NetworkRecipe());
        Assert.Contains("form layered", Assert.Throws<InvalidDataException>(() => LayeredModel.Of(network)).Message);
    }

    private static float[] Plain(BrainNetwork network, float[] input)
    {
        var rates = new float[network.Neurons.Length];
        input.CopyTo(rates, 0);
        var weights = Weights(network).ToLookup(w => w.Key.Post, w => (Pre: network.IndexOf(w.Key.Pre), w.Value));
        for (var neuron = input.Length; neuron < rates.Length; neuron++)
            rates[neuron] = Math.Max(0, weights[network.Neurons[neuron]].Sum(w => w.Value * rates[w.Pre]));
        return rates;
    }
}
