using Connecto.Graph;
using Connecto.Sparse;
using static Connecto.BrainNetworks.Tests.Samples;

namespace Connecto.BrainNetworks.Tests;

/// <summary>A graph's pattern learns to tell patterns apart, and stays the graph's.</summary>
public class NetworkFitTests
{
    private static readonly FitOptions Options = new() { Steps = 150, Classes = 8, TestSamples = 400 };

    private static BrainNetwork Network { get; } = BrainNetwork.From(Random(21, 120, 700), new NetworkRecipe
    {
        Form = NetworkForm.Layered,
        Layers = LayerRule.HopDistance,
        Scaling = ScalingRule.InDegree,
        Sign = SignRule.ExcitatoryFraction,
        Inputs = [.. Enumerable.Range(0, 30).Select(Id)],
    });

    [Fact]
    public void Weights_where_the_graph_has_edges_learn_the_task_and_zeros_stay_zeros()
    {
        var fit = NetworkFit.Run(Network, Options);
        Assert.True(fit.After > 6 * fit.Chance, $"{fit.After} after {fit.Before}");
        Assert.True(fit.Before < 3 * fit.Chance, $"{fit.Before}");
        var graph = LayeredModel.Of(Network);
        var moved = 0;
        foreach (var layer in Network.Layers)
        {
            float[] before = graph.Tensors[layer.Name + ".weight"].Data, after = fit.Model.Tensors[layer.Name + ".weight"].Data;
            Assert.Equal(before.Select(v => v == 0), after.Select(v => v == 0));
            moved += before.Zip(after).Count(p => p.First != p.Second);
        }
        Assert.True(moved > Network.WeightCount / 2);
        Assert.Equal(Network.WeightCount, fit.GraphWeights);
    }

    [Fact]
    public void A_readout_alone_leaves_the_graph_as_it_is()
    {
        var fit = NetworkFit.Run(Network, Options with { Target = FitTarget.Readout });
        Assert.True(fit.After > 5 * fit.Chance, $"{fit.After} after {fit.Before}");
        var graph = LayeredModel.Of(Network);
        Assert.All(graph.Tensors.Values, tensor => Assert.Equal(tensor.Data, fit.Model.Tensors[tensor.Name].Data));
    }

    [Fact]
    public void The_same_seed_fits_the_same_weights_on_any_number_of_threads()
    {
        var (one, two) = (NetworkFit.Run(Network, Options with { Steps = 10 }), NetworkFit.Run(Network, Options with { Steps = 10, Threads = 2 }));
        Assert.All(one.Model.Tensors.Values, tensor => Assert.Equal(tensor.Data, two.Model.Tensors[tensor.Name].Data));
        Assert.Equal(one.After, two.After);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused() =>
        Assert.Throws<InvalidDataException>(() => NetworkFit.Run(Network, Options with { Classes = 1 }));
}
