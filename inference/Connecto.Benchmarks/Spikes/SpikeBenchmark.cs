using System.Diagnostics;
using Connecto.BrainNetworks;

namespace Connecto.Benchmarks;

/// <summary>A network and what is done to it.</summary>
/// <param name="Graph">What the row is called.</param>
/// <param name="Columns">Weights.</param>
/// <param name="BytesPerEdge">That the columns take.</param>
/// <param name="Inputs">What is done to the neurons.</param>
/// <param name="Seconds">Biological time.</param>
public sealed record SpikeCase(string Graph, SynapseColumns Columns, double BytesPerEdge, SpikeInputs Inputs, double Seconds);

/// <summary>What came out; serialises to JSON as it is.</summary>
/// <param name="Graph">The graph and what is done to it.</param>
/// <param name="Neurons">Its neurons.</param>
/// <param name="Edges">Its edges.</param>
/// <param name="BytesPerEdge">Memory of the weights.</param>
/// <param name="BiologicalSeconds">Time that was simulated.</param>
/// <param name="Spikes">Spikes.</param>
/// <param name="ActiveNeurons">Neurons that spiked.</param>
/// <param name="Events">Effects of spikes on targets.</param>
/// <param name="Threads">Our threads; the peer has one.</param>
/// <param name="Seconds">Of a run, set-up included; the median.</param>
/// <param name="CpuSeconds">Processor time of a run, all threads together; the median.</param>
/// <param name="NanosecondsPerEvent">That over the events.</param>
/// <param name="Peer">Brian2's version; null where it is not installed.</param>
/// <param name="PeerSeconds">Of its loop over the steps alone, processor time of its one thread; the median.</param>
/// <param name="Speedup">Its time over ours, the median over the rounds.</param>
/// <param name="PeerSpikes">Its spikes, given the same jumps.</param>
/// <param name="SameCounts">The share of neurons active in either that have the same number of spikes in both.</param>
/// <param name="SameSpikes">The share of spikes of either that both have, at the same step.</param>
public sealed record SpikeRow(
    string Graph, int Neurons, long Edges, double BytesPerEdge, double BiologicalSeconds, long Spikes, int ActiveNeurons, long Events, int Threads,
    double Seconds, double CpuSeconds, double NanosecondsPerEvent, string? Peer, double? PeerSeconds, double? Speedup, long? PeerSpikes, double? SameCounts,
    double? SameSpikes);

/// <summary>How it is measured.</summary>
public sealed record SpikeBenchmarkOptions
{
    /// <summary>Our threads; a row each.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>Turns of each.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Python's commands to try; none for no peer.</summary>
    public IReadOnlyList<string> Python { get; init; } = ["python3", "/usr/bin/python3"];
}

/// <summary>Times runs of spiking networks against Brian2's C++ standalone: same graph, same equations, same jumps, in turn.</summary>
public static class SpikeBenchmark
{
    // A run of ours takes some milliseconds: a turn is as many as fit.
    private const double TurnSeconds = 0.3;

    /// <summary>Measures a network, a row for each number of threads.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How.</param>
    /// <param name="missing">Is told, in a sentence, why Brian2 is left out.</param>
    /// <param name="cancellation">Stops between turns.</param>
    public static IReadOnlyList<SpikeRow> Run(
        SpikeCase network, SpikeBenchmarkOptions options, Action<string> missing, CancellationToken cancellation = default)
    {
        var p = new LifParameters();
        var (spikes, summary) = SpikeRun.Record(network.Columns, p, network.Inputs, new SpikeOptions { Seconds = network.Seconds }, cancellation);
        using var peer = options.Python.Count == 0 ? null
            : BrianPeer.Build(options.Python, network.Columns, p, network.Inputs, network.Seconds, missing);
        var own = options.Threads.Select(_ => new List<double>()).ToArray();
        var work = options.Threads.Select(_ => new List<double>()).ToArray();
        var (others, theirs) = (new List<double>(), new List<Spike>());
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var t = 0; t < own.Length; t++)
            {
                var (wall, cpu) = Turn(network, p, options.Threads[t], cancellation);
                own[t].Add(wall);
                work[t].Add(cpu);
            }
            cancellation.ThrowIfCancellationRequested();
            if (peer is null) continue;
            (var seconds, theirs) = peer.Run();
            others.Add(seconds);
        }
        var agreement = peer is null ? default : Compare(spikes, theirs);
        return
        [
            .. options.Threads.Select((threads, t) => new SpikeRow(
                network.Graph, network.Columns.Neurons, network.Columns.Edges, network.BytesPerEdge, network.Seconds, summary.Spikes,
                summary.ActiveNeurons, summary.Events, threads, Median(own[t]), Median(work[t]), 1e9 * Median(work[t]) / Math.Max(1, summary.Events),
                peer?.Description, peer is null ? null : Median(others),
                peer is null ? null : Median([.. others.Zip(own[t], (other, mine) => other / mine)]), peer is null ? null : theirs.Count,
                peer is null ? null : agreement.Counts, peer is null ? null : agreement.Spikes)),
        ];
    }

    /// <summary>The share of active neurons with equal counts, and of spikes at equal steps; 1 where neither spikes.</summary>
    public static (double Counts, double Spikes) Compare(IReadOnlyList<Spike> one, IReadOnlyList<Spike> other)
    {
        if (one.Count + other.Count == 0) return (1, 1);
        var counts = new Dictionary<int, (int One, int Other)>();
        foreach (var spike in one) counts[spike.Neuron] = (counts.GetValueOrDefault(spike.Neuron).One + 1, 0);
        foreach (var spike in other)
            counts[spike.Neuron] = (counts.GetValueOrDefault(spike.Neuron).One, counts.GetValueOrDefault(spike.Neuron).Other + 1);
        var both = one.ToHashSet();
        var union = both.Count;
        both.IntersectWith(other);
        union += other.Count - both.Count;
        return (counts.Values.Count(c => c.One == c.Other) / (double)counts.Count, both.Count / (double)union);
    }

    private static (double Wall, double Cpu) Turn(SpikeCase network, LifParameters p, int threads, CancellationToken cancellation)
    {
        var (walls, cpus, begin) = (new List<double>(), new List<double>(), Stopwatch.GetTimestamp());
        do
        {
            var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            SpikeRun.Run(network.Columns, p, network.Inputs, new SpikeOptions { Seconds = network.Seconds, Threads = threads }, null, cancellation);
            walls.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            cpus.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < TurnSeconds);
        return (Median(walls), Median(cpus));
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
