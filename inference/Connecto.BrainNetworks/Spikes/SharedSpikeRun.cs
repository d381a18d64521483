using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>A run of spikes on several processes: each advances its range of neurons through a window of one delay, which no spike of
/// the window can reach, then all exchange their spikes (Morrison et al. 2005).</summary>
public static class SharedSpikeRun
{
    /// <summary>Runs a network together with the other processes; every one gets all spikes.</summary>
    /// <param name="columns">Its weights; every process needs them, mapped for preference, and reads what its range needs.</param>
    /// <param name="parameters">Its neurons.</param>
    /// <param name="inputs">What is done to them; the same in every process.</param>
    /// <param name="options">Time, and threads of this process.</param>
    /// <param name="exchange">The processes.</param>
    /// <param name="onSpikes">Called after every window that had spikes, with those of all, ascending.</param>
    /// <param name="cancellation">Checked at every window; the other processes wait for one that stopped.</param>
    /// <exception cref="InvalidDataException">Parameters, inputs or options are out of range.</exception>
    /// <returns>What <see cref="SpikeRun.Run"/> returns, of the whole network.</returns>
    /// <remarks>The spikes are those of one process, to the bit, with any number of them and of threads.</remarks>
    public static SpikeSummary Run(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, SpikeOptions options, ISpikeExchange exchange,
        Action<ReadOnlySpan<Spike>>? onSpikes = null, CancellationToken cancellation = default)
    {
        parameters.Check();
        var steps = SpikeRun.Steps(parameters, options);
        var (begin, end) = WorkerPool.Share(columns.Neurons, 1, exchange.Rank, exchange.Size);
        using var engine = new SpikeEngine(columns, parameters, inputs, begin, end, options.Threads);
        var counts = new int[columns.Neurons];
        var (arriving, total) = (Array.Empty<Spike>(), 0L);
        while (engine.Step < steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var fired = engine.Advance(arriving, Math.Min(engine.Window, steps - engine.Step));
            arriving = Merge(exchange.Gather(MemoryMarshal.AsBytes(fired)));
            if (arriving.Length == 0) continue;
            foreach (var spike in arriving) counts[spike.Neuron]++;
            total += arriving.Length;
            onSpikes?.Invoke(arriving);
        }
        var (events, _) = exchange.Gather(BitConverter.GetBytes(engine.Events));
        return new SpikeSummary
        {
            Steps = steps,
            Spikes = total,
            ActiveNeurons = counts.Count(c => c > 0),
            Events = MemoryMarshal.Cast<byte, long>(events).ToArray().Sum(),
            Counts = counts,
        };
    }

    // Ranges ascend with the ranks, so within a step the spikes of one follow those of the other.
    private static Spike[] Merge((byte[] All, int[] Starts) gathered)
    {
        var all = MemoryMarshal.Cast<byte, Spike>(gathered.All);
        var merged = new Spike[all.Length];
        var at = Array.ConvertAll(gathered.Starts, place => place / Marshal.SizeOf<Spike>());
        var ends = at[1..];
        for (var next = 0; next < merged.Length;)
        {
            var first = -1;
            for (var rank = 0; rank < ends.Length; rank++)
                if (at[rank] < ends[rank] && (first < 0 || all[at[rank]].Step < all[at[first]].Step)) first = rank;
            var step = all[at[first]].Step;
            while (at[first] < ends[first] && all[at[first]].Step == step) merged[next++] = all[at[first]++];
        }
        return merged;
    }
}
