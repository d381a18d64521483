namespace Connecto.BrainNetworks;

/// <summary>One trial of several.</summary>
/// <param name="Trial">Its number, from the inputs' own on.</param>
/// <param name="Spikes">Its spikes, ascending.</param>
/// <param name="Summary">What it did.</param>
public sealed record SpikeTrial(int Trial, IReadOnlyList<Spike> Spikes, SpikeSummary Summary);

/// <summary>The same network and inputs several times, with other random jumps.</summary>
public static class SpikeTrials
{
    /// <summary>Runs trials beside each other.</summary>
    /// <param name="columns">The network's weights.</param>
    /// <param name="parameters">Its neurons.</param>
    /// <param name="inputs">What is done to them; <see cref="SpikeInputs.Trial"/> is the first trial's number.</param>
    /// <param name="options">Time, and the threads of all trials together.</param>
    /// <param name="trials">How many; at least 1.</param>
    /// <param name="cancellation">Checked at every window.</param>
    /// <returns>The trials, in order; a trial's spikes do not depend on how many there are.</returns>
    /// <exception cref="InvalidDataException">As for <see cref="SpikeRun.Run"/>.</exception>
    public static IReadOnlyList<SpikeTrial> Run(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, SpikeOptions options, int trials,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        var done = new SpikeTrial[trials];
        var each = options with { Threads = Math.Max(1, options.Threads / trials) };
        var beside = Math.Clamp(options.Threads, 1, trials);
        var next = -1;
        using var pool = new Sparse.WorkerPool(beside);
        pool.Run(_ =>
        {
            for (int t; (t = Interlocked.Increment(ref next)) < trials;)
            {
                var number = inputs.Trial + t;
                var (spikes, summary) = SpikeRun.Record(columns, parameters, inputs with { Trial = number }, each, cancellation);
                done[t] = new SpikeTrial(number, spikes, summary);
            }
        });
        return done;
    }
}
