namespace Connecto.BrainNetworks.Tests;

/// <summary>A random network, random neurons and random inputs, lively more often than not.</summary>
internal sealed record RandomSpiking(SynapseArrays Columns, LifParameters Parameters, SpikeInputs Inputs, int Steps)
{
    public static RandomSpiking Of(int seed)
    {
        var random = new Random(seed);
        var n = random.Next(1, 60);
        var edges = Enumerable.Range(0, random.Next(n * 12)).Select(_ => (Pre: random.Next(n), Post: random.Next(n), Contacts: random.Next(1, 40)))
            .DistinctBy(e => (e.Pre, e.Post)).ToArray();
        var recipe = NetworkRecipe.SignedContacts with
        {
            Sign = SignRule.ExcitatoryFraction,
            ExcitatoryFraction = random.NextDouble(),
            Seed = seed,
        };
        var p = new LifParameters
        {
            SynapseTauMs = Pick(5, 5, 1.5, 12, 35),
            MembraneTauMs = Pick(20, 20, 7, 10, 50),
            RefractoryMs = Pick(2.2, 2.2, 0, 0.1, 0.2, 5),
            DelayMs = Pick(1.8, 1.8, 0.1, 0.2, 3.1),
            ResetMv = Pick(-52, -52, -60, -48, -44),
            MvPerContact = Pick(0.275, 0.275, 1, 0.05),
            StepMs = Pick(0.1, 0.1, 0.05),
        };
        var inputs = new SpikeInputs
        {
            Poisson = [.. Some(4).Select(i => new PoissonInput(i, random.Next(0, 400), Pick(PoissonInput.DefaultJumpMv, 3, -4), (ulong)i))],
            Currents = [.. Some(5).Select(i => new CurrentInput(i, Pick(7.3, 9, 30, 6, 7.0001, -5)))],
            Silenced = [.. Some(6)],
            Silencing = random.Next(2) == 0 ? Silencing.Outputs : Silencing.Firing,
            StimulatedRefractoryMs = Pick(0, 0, 2.2, 0.3),
            Seed = (ulong)seed,
            Trial = random.Next(3),
        };
        return new(SynapseArrays.From(Samples.Edges(n, edges), recipe), p, inputs, random.Next(1, 1500));

        double Pick(params ReadOnlySpan<double> values) => values[random.Next(values.Length)];
        int[] Some(int oneOf) => [.. Enumerable.Range(0, n).Where(_ => random.Next(oneOf) == 0)];
    }

    public List<Spike> Run(int threads, double sweepAbove = SpikeOptions.DefaultSweepAbove) => SpikeRun.Record(
        Columns, Parameters, Inputs, new SpikeOptions
        {
            Seconds = Steps * Parameters.StepMs / 1000,
            Threads = threads,
            SweepAbove = sweepAbove,
        }).Spikes;
}
