namespace Connecto.BrainNetworks;

/// <summary>How long a run of spikes is and who works on it.</summary>
public sealed record SpikeOptions
{
    /// <summary>Biological time, s; rounded to whole steps, at least one.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>Threads; the spikes do not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>See <see cref="SweepAbove"/>; measured on 138,639 neurons and 15 M edges.</summary>
    public const double DefaultSweepAbove = 0.3;

    /// <summary>In a step with more effects of spikes than so many a neuron, all neurons are gone through in order instead of each spike
    /// to its own targets. The spikes do not depend on it.</summary>
    public double SweepAbove { get; init; } = DefaultSweepAbove;
}

/// <summary>What a run of spikes did.</summary>
public sealed record SpikeSummary
{
    /// <summary>Steps run.</summary>
    public required int Steps { get; init; }

    /// <summary>All spikes.</summary>
    public required long Spikes { get; init; }

    /// <summary>Neurons that spiked at least once.</summary>
    public required int ActiveNeurons { get; init; }

    /// <summary>Effects of spikes on their targets: entries of columns that were carried.</summary>
    public required long Events { get; init; }

    /// <summary>Spikes of every neuron.</summary>
    public required IReadOnlyList<int> Counts { get; init; }
}

/// <summary>Runs a network of spiking neurons; see <see cref="LifParameters"/> for the model.</summary>
public static class SpikeRun
{
    /// <summary>Runs a network.</summary>
    /// <param name="columns">Its weights.</param>
    /// <param name="parameters">Its neurons.</param>
    /// <param name="inputs">What is done to them.</param>
    /// <param name="options">Time and threads.</param>
    /// <param name="onSpikes">Called after every window of one delay that had spikes, with them, ascending; the span is reused.</param>
    /// <param name="cancellation">Checked at every window.</param>
    /// <exception cref="InvalidDataException">Parameters, inputs or options are out of range.</exception>
    /// <remarks>O(contacts of neurons that spike, with those they reach); beside it some nanoseconds a step. Bit-identical with any threads.</remarks>
    public static SpikeSummary Run(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, SpikeOptions options,
        Action<ReadOnlySpan<Spike>>? onSpikes = null, CancellationToken cancellation = default)
    {
        parameters.Check();
        var steps = Steps(parameters, options);
        using var engine = new SpikeEngine(columns, parameters, inputs, 0, columns.Neurons, options.Threads, options.SweepAbove);
        var counts = new int[columns.Neurons];
        var (arriving, total) = (new Spike[64], 0L);
        for (var count = 0; engine.Step < steps;)
        {
            cancellation.ThrowIfCancellationRequested();
            var fired = engine.Advance(arriving.AsMemory(0, count), Math.Min(engine.Window, steps - engine.Step));
            count = fired.Length;
            if (count == 0) continue;
            if (count > arriving.Length) arriving = new Spike[2 * count];
            fired.CopyTo(arriving);
            foreach (var spike in arriving.AsSpan(0, count)) counts[spike.Neuron]++;
            total += count;
            onSpikes?.Invoke(arriving.AsSpan(0, count));
        }
        return new SpikeSummary
        {
            Steps = steps,
            Spikes = total,
            ActiveNeurons = counts.Count(c => c > 0),
            Events = engine.Events,
            Counts = counts,
        };
    }

    /// <summary>Runs a network and keeps all spikes, ascending by step and neuron.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Run"/>.</exception>
    public static (List<Spike> Spikes, SpikeSummary Summary) Record(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, SpikeOptions options, CancellationToken cancellation = default)
    {
        var spikes = new List<Spike>();
        var summary = Run(columns, parameters, inputs, options, some => spikes.AddRange(some), cancellation);
        return (spikes, summary);
    }

    internal static int Steps(LifParameters parameters, SpikeOptions options)
    {
        var steps = Math.Round(options.Seconds * 1000 / parameters.StepMs);
        if (!(steps is >= 1 and <= 1_000_000_000))
            throw new InvalidDataException(
                $"{options.Seconds} s are not between 1 and 1,000,000,000 steps of {parameters.StepMs} ms; nothing was run.");
        if (options.Threads < 1) throw new InvalidDataException($"{options.Threads} threads cannot run anything; at least 1 was expected, and nothing was run.");
        return (int)steps;
    }
}
