namespace Connecto.BrainNetworks.Tests;

public class SpikeRunTests
{
    private const int Networks = 200;

    [Fact]
    public void Spikes_are_those_of_stepping_every_neuron_pushed_or_swept()
    {
        var (spikes, silent) = (0L, 0);
        for (var seed = 0; seed < Networks; seed++)
        {
            var some = RandomSpiking.Of(seed);
            var expected = SteppedNetwork.Run(some.Columns, some.Parameters, some.Inputs, some.Steps);
            foreach (var sweepAbove in (double[])[0, double.PositiveInfinity])
                Assert.True(expected.SequenceEqual(some.Run(1, sweepAbove)), $"Seed {seed} differs, sweeping above {sweepAbove}.");
            spikes += expected.Count;
            silent += expected.Count == 0 ? 1 : 0;
        }
        Assert.InRange(spikes, 60_000, long.MaxValue);
        Assert.InRange(silent, 1, Networks / 3);
    }

    [Fact]
    public void Spikes_are_those_of_the_equations_taken_from_step_to_step()
    {
        for (var seed = Networks; seed < 2 * Networks; seed++)
        {
            var some = RandomSpiking.Of(seed);
            var expected = RecurrentNetwork.Run(some.Columns, some.Parameters, some.Inputs, some.Steps);
            Assert.True(expected.SequenceEqual(some.Run(1)), $"Seed {seed} differs.");
        }
    }

    [Fact]
    public void Threads_do_not_change_a_spike()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var some = RandomSpiking.Of(seed);
            var one = some.Run(1);
            foreach (var threads in (int[])[2, 3, 7]) Assert.True(one.SequenceEqual(some.Run(threads)), $"Seed {seed}, {threads} threads.");
        }
    }

    [Fact]
    public void Ranges_that_exchange_their_spikes_make_the_spikes_of_the_whole()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var some = RandomSpiking.Of(seed);
            var (cut, all) = (some.Columns.Neurons / 3, new List<Spike>());
            using var low = new SpikeEngine(some.Columns, some.Parameters, some.Inputs, 0, cut, 1);
            using var high = new SpikeEngine(some.Columns, some.Parameters, some.Inputs, cut, some.Columns.Neurons, 2);
            for (Spike[] arriving = []; low.Step < some.Steps;)
            {
                var steps = Math.Min(low.Window, some.Steps - low.Step);
                arriving = [.. ((Spike[])[.. low.Advance(arriving, steps), .. high.Advance(arriving, steps)]).Order()];
                all.AddRange(arriving);
            }
            Assert.True(all.SequenceEqual(some.Run(1)), $"Seed {seed} differs.");
        }
    }

    [Fact]
    public void A_neuron_under_constant_current_spikes_when_the_solution_says()
    {
        var p = new LifParameters();
        var columns = SynapseArrays.From(Samples.Edges(1), NetworkRecipe.SignedContacts);
        var spikes = SpikeRun.Record(columns, p, new SpikeInputs { Currents = [new(0, 10)] }, new SpikeOptions { Seconds = 0.1 }).Spikes;

        // 10 (1 - exp(-t / 20 ms)) passes 7 mV at 20 ln(10 / 3) ms; step s ends at (s + 1) * 0.1 ms.
        var rise = (int)Math.Floor(20 * Math.Log(10 / 3.0) / 0.1);
        Assert.Equal(new Spike(rise, 0), spikes[0]);
        Assert.Equal(rise + 22, spikes[1].Step - spikes[0].Step);
        Assert.Equal(1000 / (rise + 22), spikes.Count);
    }

    [Fact]
    public void A_current_that_ends_at_the_threshold_makes_no_spike()
    {
        var columns = SynapseArrays.From(Samples.Edges(1), NetworkRecipe.SignedContacts);
        Assert.Equal(0, SpikeRun.Run(
            columns, new LifParameters(), new SpikeInputs { Currents = [new(0, 7)] }, new SpikeOptions { Seconds = 2 }).Spikes);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(5, 20)]
    public void A_synaptic_potential_peaks_where_and_as_high_as_the_solution_says(double membrane, double synapse)
    {
        // Of w mV the peak is w (tau_s / tau_m)^(tau_m / (tau_m - tau_s)), at ln(tau_m / tau_s) / (1 / tau_s - 1 / tau_m).
        var p = new LifParameters { MembraneTauMs = membrane, SynapseTauMs = synapse, MvPerContact = 1 };
        var peak = Math.Pow(synapse / membrane, membrane / (membrane - synapse));
        var at = Math.Log(membrane / synapse) / (1 / synapse - 1 / membrane);
        const int Contacts = 1000;
        foreach (var (threshold, isReached) in ((double, bool)[])[(peak * Contacts - 0.01, true), (peak * Contacts + 0.01, false)])
        {
            // The current makes the first neuron spike seldom enough for one potential at a time.
            var (spikes, _) = SpikeRun.Record(
                SynapseArrays.From(Samples.Edges(2, (0, 1, Contacts)), NetworkRecipe.SignedContacts), p with { ThresholdMv = p.RestMv + threshold },
                new SpikeInputs { Currents = [new(0, 1.02 * threshold)] }, new SpikeOptions { Seconds = 0.15 });
            var arrival = spikes.First(s => s.Neuron == 0).Step + p.DelaySteps;
            var reached = spikes.Where(s => s.Neuron == 1 && s.Step <= arrival + 150).Select(s => s.Step - arrival).ToArray();
            Assert.Equal(isReached, reached.Length == 1);
            Assert.All(reached, steps => Assert.InRange(steps - at / p.StepMs, -3, 1));
        }
    }

    [Fact]
    public void An_edge_of_more_contacts_than_16_bits_counts_them_all()
    {
        var columns = SynapseArrays.From(Samples.Edges(2, (0, 1, 100_000)), NetworkRecipe.SignedContacts);
        Assert.Equal([1, 1, 1, 1], columns.Of(0).Targets.ToArray());
        Assert.Equal(100_000, columns.Of(0).Contacts.ToArray().Sum(c => c));
    }

    [Fact]
    public void Jumps_come_at_their_rate_and_differ_by_seed_trial_and_stream()
    {
        var p = new LifParameters();
        var inputs = new SpikeInputs { Poisson = [.. Enumerable.Range(0, 200).Select(i => new PoissonInput(i, 150, 68.75, (ulong)i))] };
        var columns = SynapseArrays.From(Samples.Edges(200), NetworkRecipe.SignedContacts);
        // A jump in the step of a spike is lost, so of 0.015 a step 0.015 / 1.015 come through; the mean of 200 s is 29,557, its deviation 172.
        var first = Run(inputs);
        Assert.InRange(first.Summary.Spikes, 29_557 - 860, 29_557 + 860);
        Assert.Equal(200, first.Summary.ActiveNeurons);
        Assert.NotEqual(first.Spikes, Run(inputs with { Seed = 2 }).Spikes);
        Assert.NotEqual(first.Spikes, Run(inputs with { Trial = 1 }).Spikes);
        var some = Run(inputs with { Poisson = [.. inputs.Poisson.Skip(50).Reverse()] }).Spikes;
        Assert.Equal(first.Spikes.Where(s => s.Neuron >= 50), some);

        (List<Spike> Spikes, SpikeSummary Summary) Run(SpikeInputs all) => SpikeRun.Record(columns, p, all, new SpikeOptions());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var columns = SynapseArrays.From(Samples.Edges(2), NetworkRecipe.SignedContacts);
        Refused("differ", new LifParameters { MembraneTauMs = 5 });
        Refused("delay", new LifParameters { DelayMs = 0 });
        Refused("step", new LifParameters { StepMs = 0 });
        Refused("threshold", new LifParameters { ThresholdMv = double.NaN });
        Refused("neuron number 2", inputs: new SpikeInputs { Silenced = [2] });
        Refused("two Poisson inputs", inputs: new SpikeInputs { Poisson = [new(1, 1, 1, 0), new(1, 2, 1, 0)] });
        Refused("rate", inputs: new SpikeInputs { Poisson = [new(1, -1, 1, 0)] });
        Refused("threads", options: new SpikeOptions { Threads = 0 });
        Refused("0 s", options: new SpikeOptions { Seconds = 0 });
        Assert.Contains("counts contacts", Assert.Throws<InvalidDataException>(
            () => SynapseArrays.From(Samples.Edges(2), NetworkRecipe.SummedSizes)).Message);

        void Refused(string words, LifParameters? p = null, SpikeInputs? inputs = null, SpikeOptions? options = null) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(
                () => SpikeRun.Run(columns, p ?? new(), inputs ?? new(), options ?? new())).Message);
    }

    [Fact]
    public void Trials_are_runs_with_their_own_numbers_whatever_runs_beside_them()
    {
        var some = RandomSpiking.Of(2);
        var options = new SpikeOptions { Seconds = 0.05 };
        foreach (var threads in (int[])[1, 2, 9])
        {
            var trials = SpikeTrials.Run(some.Columns, some.Parameters, some.Inputs with { Trial = 3 }, options with { Threads = threads }, 4);
            Assert.Equal([3, 4, 5, 6], trials.Select(t => t.Trial));
            foreach (var trial in trials)
                Assert.Equal(SpikeRun.Record(some.Columns, some.Parameters, some.Inputs with { Trial = trial.Trial }, options).Spikes, trial.Spikes);
        }
    }

    [Fact]
    public void A_column_that_leads_out_of_the_network_stops_the_run()
    {
        var inputs = new SpikeInputs { Currents = [new(0, 20)] };
        foreach (var sweepAbove in (double[])[0, double.PositiveInfinity])
            Assert.Contains("target 7", Assert.Throws<InvalidDataException>(
                () => SpikeRun.Run(new StrayColumns(), new(), inputs, new SpikeOptions { SweepAbove = sweepAbove })).Message);
    }

    [Fact]
    public void A_run_can_be_cancelled() => Assert.Throws<OperationCanceledException>(() => SpikeRun.Run(
        SynapseArrays.From(Samples.Edges(1), NetworkRecipe.SignedContacts), new(), new(), new(), null, new CancellationToken(true)));

    private sealed class StrayColumns : SynapseColumns
    {
        public override int Neurons => 2;

        public override long Edges => 1;

        public override SynapseColumn Of(int neuron) => new([7], [1]);
    }
}
