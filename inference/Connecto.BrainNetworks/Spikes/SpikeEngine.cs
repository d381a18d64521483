using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>Advances a range of a spiking network's neurons, a window of one delay at a time.</summary>
/// <remarks>
/// Of the other neurons it needs to know only which of them spiked in the window before: whoever shares a network out gives each
/// process a range and brings their spikes together once a window. The spikes do not depend on the ranges or the threads, to the bit.
/// Memory: 41 bytes a neuron of the range, beside the columns.
/// </remarks>
public sealed class SpikeEngine : IDisposable
{
    // Effects of spikes in a window, some 50 microseconds of work, below which waking other threads takes longer than it saves.
    private const int ShareAbove = 8192;

    private readonly SpikePartition[] _partitions;
    private readonly double _eventsPerSpike;
    private readonly WorkerPool _pool;
    private readonly List<Spike> _fired = [];

    /// <summary>Sets a network up at rest.</summary>
    /// <param name="columns">Weights; only columns of neurons that spike are read.</param>
    /// <param name="parameters">The neurons, all alike.</param>
    /// <param name="inputs">What is done to them; also to those outside the range, of which only the silencing matters.</param>
    /// <param name="begin">First neuron of the range.</param>
    /// <param name="end">One after the last.</param>
    /// <param name="threads">Threads; at least 1.</param>
    /// <param name="sweepAbove">See <see cref="SpikeOptions.SweepAbove"/>.</param>
    /// <exception cref="InvalidDataException">Parameters or inputs are out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range or the threads make no sense.</exception>
    public SpikeEngine(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, int begin, int end, int threads,
        double sweepAbove = SpikeOptions.DefaultSweepAbove)
    {
        parameters.Check();
        inputs.Check(columns.Neurons);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, columns.Neurons);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Window = parameters.DelaySteps;
        _eventsPerSpike = columns.Edges * (double)(end - begin) / Math.Max(1, (long)columns.Neurons * columns.Neurons);
        var parts = Math.Clamp(end - begin, 1, threads);
        _partitions = [.. Enumerable.Range(0, parts).Select(part =>
        {
            var (from, to) = WorkerPool.Share(end - begin, 1, part, parts);
            return new SpikePartition(columns, parameters, inputs, begin + from, begin + to, sweepAbove);
        })];
        _pool = new WorkerPool(parts);
    }

    /// <summary>Steps of a window: the delay.</summary>
    public int Window { get; }

    /// <summary>The step that the next window begins with.</summary>
    public int Step { get; private set; }

    /// <summary>Effects of spikes on neurons of the range so far: entries of columns that were carried.</summary>
    public long Events => _partitions.Sum(p => p.Events);

    /// <summary>Runs a window.</summary>
    /// <param name="arriving">All spikes of the window before, of all ranges, ascending; none for the first window.</param>
    /// <param name="steps">Its length: <see cref="Window"/>, or less for the last window of a run.</param>
    /// <returns>The spikes of this range in this window, ascending; valid until the next window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is none of these.</exception>
    /// <exception cref="InvalidOperationException">A window was shorter than the delay already.</exception>
    public ReadOnlySpan<Spike> Advance(ReadOnlyMemory<Spike> arriving, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, Window);
        if (Step % Window != 0) throw new InvalidOperationException("The last window was shorter than the delay; nothing can follow it.");
        if (arriving.Length * _eventsPerSpike >= ShareAbove) _pool.Run(part => _partitions[part].Run(Step, steps, arriving.Span));
        else
            foreach (var partition in _partitions) partition.Run(Step, steps, arriving.Span);
        Step += steps;
        Merge(Step - steps);
        return CollectionsMarshal.AsSpan(_fired);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _pool.Dispose();

    // Ranges ascend, so within a step the spikes of one follow those of the other.
    private void Merge(int first)
    {
        _fired.Clear();
        if (_partitions.Length == 1)
        {
            _fired.AddRange(_partitions[0].Fired);
            return;
        }
        Span<int> at = stackalloc int[_partitions.Length];
        at.Clear();
        for (var step = first; step < Step; step++)
            for (var p = 0; p < _partitions.Length; p++)
                for (var fired = _partitions[p].Fired; at[p] < fired.Count && fired[at[p]].Step == step; at[p]++) _fired.Add(fired[at[p]]);
    }
}
