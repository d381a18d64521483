using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Benchmarks.Tests;

public sealed class SpikeBenchmarkTests
{
    [BrianFact]
    public void Brian2_makes_the_same_spikes_of_the_same_network_and_jumps()
    {
        // Weak and inhibiting jumps too, under a pause; currents; silenced neurons: one build, for it takes the compiler half a minute.
        var (columns, random) = (Network(120, 2500), new Random(3));
        var inputs = new SpikeInputs
        {
            Poisson = [.. Enumerable.Range(0, 30).Select(i => new PoissonInput(4 * i, 50 + 5 * i, (i % 3) switch { 0 => 68.75, 1 => 4, _ => -3 }, (ulong)i))],
            Currents = [.. Enumerable.Range(0, 20).Select(i => new CurrentInput(5 * i + 1, 5 + random.NextDouble() * 10))],
            Silenced = [8, 21, 50],
            StimulatedRefractoryMs = 1,
        };
        var (spikes, _) = SpikeRun.Record(columns, new LifParameters(), inputs, new SpikeOptions { Seconds = 0.5, Threads = 2 });
        using var peer = BrianPeer.Build(["/usr/bin/python3"], columns, new LifParameters(), inputs, 0.5, Assert.Fail);
        var (seconds, theirs) = peer!.Run();
        Assert.InRange(spikes.Count, 1000, int.MaxValue);
        Assert.Equal(theirs, spikes);
        Assert.True(seconds > 0);
    }

    [Fact]
    public void Without_the_peer_rows_say_why_and_keep_their_own_figures()
    {
        var columns = Network(50, 300);
        var said = new List<string>();
        var network = new SpikeCase("small", columns, 6, new SpikeInputs { Poisson = [new(0, 150, PoissonInput.DefaultJumpMv, 0)] }, 0.02);
        var rows = SpikeBenchmark.Run(network, new SpikeBenchmarkOptions { Rounds = 1, Python = ["no-such-python"] }, said.Add);
        Assert.Equal([1, 2], rows.Select(r => r.Threads));
        Assert.All(rows, r => Assert.Equal((50, (long?)null, (double?)null), (r.Neurons, r.PeerSpikes, r.Speedup)));
        Assert.Contains("Brian2", Assert.Single(said));
    }

    [Fact]
    public void Agreement_counts_neurons_and_spikes()
    {
        Assert.Equal((1, 1), SpikeBenchmark.Compare([], []));
        Assert.Equal((1, 1 / 3.0), SpikeBenchmark.Compare([new(1, 0), new(5, 0)], [new(1, 0), new(6, 0)]));
        Assert.Equal((0.5, 0.5), SpikeBenchmark.Compare([new(1, 0)], [new(1, 0), new(2, 1)]));
    }

    private static SynapseArrays Network(int neurons, int edges)
    {
        using var connectome = SyntheticConnectome.Generate(new SyntheticOptions
        {
            Neurons = neurons,
            Edges = Math.Min(edges, neurons * (neurons - 1) / 10),
            MeanContacts = 8,
            InhibitoryShare = 0.3,
        });
        return SynapseArrays.From(connectome, NetworkRecipe.SignedContacts);
    }
}
