using System.Runtime.ExceptionServices;
using Connecto.Sparse.Threads;

namespace Connecto.Sparse;

/// <summary>A fixed team of threads that all run one body at a time, each knowing its own number.</summary>
/// <remarks>
/// The partition of the work is the body's own and static, so that results do not depend on timing. The caller is
/// thread 0. A waiting thread spins for a few microseconds, which is the gap between two layers of a network, then
/// sleeps. One caller at a time; <see cref="Run"/> allocates nothing.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 40;

    private readonly Thread[] workers;
    private readonly Exception?[] failures;
    private readonly object gate = new();
    private Action<int>? body;
    private volatile int callerProcessor;
    private volatile int generation;
    private volatile int pending;
    private volatile bool stopping;

    /// <summary>Starts the team; with one thread nothing is started and the caller does all.</summary>
    /// <param name="threads">Size of the team, the caller included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        failures = new Exception?[threads];
        workers = new Thread[threads - 1];
        for (var i = 0; i < workers.Length; i++)
        {
            var number = i + 1;
            workers[i] = new Thread(() => Work(number), 4 << 20) { IsBackground = true, Name = $"Connecto worker {number}" };
            workers[i].Start();
        }
    }

    /// <summary>Size of the team, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Runs the body once on every thread, with the numbers 0 to <see cref="Threads"/> - 1, and waits for
    /// all.</summary>
    /// <remarks>An exception of a body is thrown again here once all have ended; of several, the lowest
    /// thread's.</remarks>
    public void Run(Action<int> body)
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        if (workers.Length == 0)
        {
            body(0);
            return;
        }
        this.body = body;
        pending = workers.Length;
        callerProcessor = ThreadPlacement.Processor;
        lock (gate)
        {
            generation++;
            Monitor.PulseAll(gate);
        }
        Execute(body, 0);
        Await(static pool => pool.pending == 0);
        Rethrow();
    }

    /// <summary>The part of <paramref name="count"/> items that belongs to a thread: contiguous, in multiples of
    /// <paramref name="grain"/> but for the last.</summary>
    public static (int Begin, int End) Share(int count, int grain, int thread, int threads)
    {
        var grains = (count + (long)grain - 1) / grain;
        var begin = grains * thread / threads * grain;
        var end = grains * (thread + 1) / threads * grain;
        return ((int)Math.Min(begin, count), (int)Math.Min(end, count));
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (stopping) return;
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }
        foreach (var worker in workers) worker.Join();
    }

    private void Work(int number)
    {
        var seen = 0;
        while (true)
        {
            var spin = 0;
            while (generation == seen && !stopping && spin++ < SpinsBeforeSleep) Thread.SpinWait(20);
            if (generation == seen && !stopping)
                lock (gate)
                    while (generation == seen && !stopping) Monitor.Wait(gate);
            if (stopping) return;
            seen = generation;
            if (callerProcessor >= 0 && ThreadPlacement.Processor == callerProcessor) ThreadPlacement.Leave(callerProcessor);
            Execute(body!, number);
            if (Interlocked.Decrement(ref pending) == 0)
                lock (gate) Monitor.PulseAll(gate);
        }
    }

    private void Execute(Action<int> work, int number)
    {
        try
        {
            work(number);
        }
        catch (Exception e)
        {
            failures[number] = e;
        }
    }

    private void Await(Func<WorkerPool, bool> done)
    {
        var spin = 0;
        while (!done(this) && spin++ < SpinsBeforeSleep) Thread.SpinWait(20);
        if (done(this)) return;
        lock (gate)
            while (!done(this)) Monitor.Wait(gate);
    }

    private void Rethrow()
    {
        ExceptionDispatchInfo? first = null;
        for (var i = failures.Length - 1; i >= 0; i--)
        {
            if (failures[i] is { } e) first = ExceptionDispatchInfo.Capture(e);
            failures[i] = null;
        }
        first?.Throw();
    }
}
