using static Connecto.BrainNetworks.Tests.Samples;

namespace Connecto.BrainNetworks.Tests;

public class RateRunTests
{
    [Theory]
    [InlineData(Activation.Relu, NetworkForm.Recurrent)]
    [InlineData(Activation.SaturatingTanh, NetworkForm.Recurrent)]
    [InlineData(Activation.SaturatingTanh, NetworkForm.Layered)]
    public void A_run_follows_the_equation(Activation activation, NetworkForm form)
    {
        var network = BrainNetwork.From(Random(1, 40, 400), new NetworkRecipe
        {
            Form = form,
            Inputs = [Id(2), Id(3)],
            Sign = SignRule.ExcitatoryFraction,
            Scaling = ScalingRule.InDegree,
        });
        var options = new RateOptions
        {
            Steps = 30,
            StepMs = 2,
            TauMs = 8,
            Activation = activation,
            Inputs = [Id(2), Id(3)],
            InputStrength = 1.5,
            InputSteps = 20,
        };
        var (rates, summary) = RateRun.Record(network, options);

        var weights = Weights(network);
        var n = network.Neurons.Length;
        var r = new double[n];
        var index = Enumerable.Range(0, n).ToDictionary(i => network.Neurons[i]);
        for (var step = 0; step < 30; step++)
        {
            var old = (double[])r.Clone();
            for (var i = 0; i < n; i++)
            {
                var input = weights.Where(w => w.Key.Post == network.Neurons[i])
                    .Sum(w => w.Value * (form == NetworkForm.Layered ? r : old)[index[w.Key.Pre]]);
                if (step < 20 && options.Inputs.Contains(network.Neurons[i])) input += 1.5;
                var target = activation == Activation.Relu ? Math.Max(0, input) : Math.Tanh(Math.Max(0, input));
                r[i] = 0.75 * old[i] + 0.25 * target;
                Assert.Equal(r[i], rates[step * n + i], 1e-5);
            }
        }
        Assert.Equal(rates.Average(v => (double)v), summary.MeanRate, 1e-9);
        Assert.Equal(rates.Max(), summary.MaxRate);
        Assert.Equal(Enumerable.Range(0, n).Count(i => Enumerable.Range(0, 30).Any(s => rates[s * n + i] > 0)), summary.ActiveNeurons);
        Assert.Null(summary.DivergedAtStep);
    }

    [Fact]
    public void One_step_without_leak_is_the_feed_forward_pass()
    {
        // 0 -2-> 1 -3-> 2, and 0 -1-> 2 skips
        var network = BrainNetwork.From(Edges(3, (0, 1, 2), (1, 2, 3), (0, 2, 1)), new NetworkRecipe
        {
            Form = NetworkForm.Layered,
            Layers = Connecto.Graph.LayerRule.LongestPath,
            Inputs = [Id(0)],
            Scaling = ScalingRule.None,
        });
        var (rates, _) = RateRun.Record(network, new RateOptions
        {
            Steps = 1,
            StepMs = 1,
            TauMs = 1,
            Activation = Activation.Relu,
            Inputs = [Id(0)],
            InputStrength = 4,
        });
        Assert.Equal([4f, 8f, 28f], rates);
    }

    [Fact]
    public void A_driven_lone_neuron_relaxes_as_the_solution_says()
    {
        var network = BrainNetwork.From(Edges(1), new NetworkRecipe());
        var (rates, summary) = RateRun.Record(network, new RateOptions
        {
            Steps = 50,
            StepMs = 1,
            TauMs = 10,
            Activation = Activation.Relu,
            Inputs = [Id(0)],
            InputStrength = 3,
        });
        for (var t = 0; t < 50; t++) Assert.Equal(3 * (1 - Math.Pow(0.9, t + 1)), rates[t], 1e-4);
        Assert.Equal((1, 1.0), (summary.ActiveNeurons, summary.ActiveFraction));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var network = BrainNetwork.From(Random(2, 500, 20_000), new NetworkRecipe { Sign = SignRule.ExcitatoryFraction });
        var options = new RateOptions { Steps = 50, Inputs = [Id(1), Id(2)] };
        var (one, _) = RateRun.Record(network, options);
        foreach (var threads in (int[])[2, 3, 8])
            Assert.Equal(one, RateRun.Record(network, options with { Threads = threads }).Rates);
    }

    [Fact]
    public void A_run_that_explodes_is_held_and_reported()
    {
        var network = BrainNetwork.From(
            Edges(3, (0, 1, 1000), (1, 0, 1000), (0, 2, 1)), new NetworkRecipe { Scaling = ScalingRule.None });
        var (rates, summary) = RateRun.Record(network, new RateOptions
        {
            Steps = 300,
            StepMs = 1,
            TauMs = 1,
            Activation = Activation.Relu,
            Inputs = [Id(0)],
        });
        Assert.All(rates, r => Assert.True(float.IsFinite(r) && r <= 1e6f));
        Assert.Equal(3, summary.DivergedNeurons);
        Assert.InRange(summary.DivergedAtStep!.Value, 1, 3);
        Assert.Equal(1e6, summary.MaxRate);
    }

    [Fact]
    public void No_neurons_no_rates_and_bad_options_are_refused()
    {
        var none = BrainNetwork.From(Edges(0), new NetworkRecipe());
        var summary = RateRun.Run(none, new RateOptions());
        Assert.Equal((0.0, 0.0, 0), (summary.MeanRate, summary.ActiveFraction, summary.Neurons.Count));
        Refused("at least 1 step", new RateOptions { Steps = 0 });
        Refused("time constant", new RateOptions { StepMs = 2, TauMs = 1 });
        Refused("time constant", new RateOptions { StepMs = double.NaN });
        Refused("strength", new RateOptions { InputStrength = double.PositiveInfinity });
        Refused("limit", new RateOptions { RateLimit = float.NaN });
        Refused("Input 5", new RateOptions { Inputs = [5] });

        void Refused(string words, RateOptions options) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => RateRun.Run(none, options)).Message);
    }

    [Fact]
    public void A_run_can_be_cancelled() => Assert.Throws<OperationCanceledException>(() => RateRun.Run(
        BrainNetwork.From(Edges(1), new NetworkRecipe()), new RateOptions(), null, new CancellationToken(true)));
}
