using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Connecto.Sparse.Planes;

/// <summary>Some rows of one step.</summary>
internal readonly record struct BandPortion(int Step, int Begin, int End);

/// <summary>Runs steps portion by portion on a team of threads that meet after every portion.</summary>
/// <remarks>
/// The team is woken once a run, and waits between portions on one counter: about 0.2 us when all threads have a core,
/// against some 5 us for waking them anew. A waiting thread spins for a while, then gives its core away. One caller at a
/// time; a run allocates nothing.
/// </remarks>
internal sealed class StepRunner
{
    private const int SpinsBeforeYield = 2000;

    private readonly WorkerPool pool;
    private readonly Action<int> work;
    private BandStep[] steps = [];
    private BandPortion[] portions = [];
    private volatile Exception? failure;
    private int arrived;
    private volatile int round;
    private long[]? ticks;

    public StepRunner(WorkerPool pool) => (this.pool, work) = (pool, Work);

    /// <summary>Runs all portions in order.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="portions">The portions.</param>
    /// <param name="ticks">Where each step's time is added, by step; null to measure nothing.</param>
    public void Run(BandStep[] steps, BandPortion[] portions, long[]? ticks = null)
    {
        (this.steps, this.portions, this.ticks) = (steps, portions, ticks);
        (failure, arrived) = (null, 0);
        pool.Run(work);
        if (failure is { } e) ExceptionDispatchInfo.Throw(e);
    }

    private void Work(int thread)
    {
        var threads = pool.Threads;
        var begin = ticks is null ? 0 : Stopwatch.GetTimestamp();
        foreach (var portion in portions)
        {
            try
            {
                // After a failure nothing more is done, but all still meet.
                if (failure is null) steps[portion.Step].Run(portion.Begin, portion.End, thread, threads);
            }
            catch (Exception e)
            {
                failure = e;
            }
            if (threads > 1) Meet(threads);
            if (ticks is null || thread > 0) continue;
            var end = Stopwatch.GetTimestamp();
            ticks[portion.Step] += end - begin;
            begin = end;
        }
    }

    private void Meet(int threads)
    {
        var before = round;
        if (Interlocked.Increment(ref arrived) == threads)
        {
            arrived = 0;
            round = before + 1;
            return;
        }
        for (var spins = 0; round == before; spins++)
            if (spins < SpinsBeforeYield) Thread.SpinWait(1);
            else Thread.Sleep(0);
    }
}
