using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Sorts more rows than memory holds (Knuth, TAOCP 3, 5.4): runs that fit are radix-sorted, on all threads, and
/// written; then all runs are merged at once by a tree of losers, while another thread takes the merged rows. Equal keys keep
/// the order of the rows, at any number of runs and threads. Rows that all fit never touch the disk: they are a run a thread.</summary>
internal sealed class ExternalSort(string folder, string name, long memoryBytes, int threads) : IDisposable
{
    private const int Handed = 1 << 14;

    // Fewer rows than this are not worth a second thread.
    private const int LeastRun = 1 << 13;

    private readonly List<(string Path, long Rows)> _runs = [];
    private (SortRow[] Rows, int Count)[] _kept = [];

    /// <summary>Fills a run from rows of the source; returns how many there are to sort.</summary>
    public delegate int Filler(int first, Span<SortRow> target);

    /// <summary>Sorts rows 0 to count - 1 of the source into runs.</summary>
    public void MakeRuns(int count, ulong maxKey, Filler fill)
    {
        var width = 2L * Unsafe.SizeOf<SortRow>();
        if (count * width <= memoryBytes)
        {
            KeepRuns(count, maxKey, fill);
            return;
        }
        var length = (int)Math.Clamp(memoryBytes / width / threads, Math.Min(1 << 10, count), count);
        var runs = (count + length - 1) / length;
        var made = new (string, long)[runs];
        Failures.InOrder(threads, runs, () =>
        {
            SortRow[] rows = new SortRow[length], scratch = new SortRow[length];
            return run =>
            {
                var first = run * length;
                var n = fill(first, rows.AsSpan(0, Math.Min(length, count - first)));
                var sorted = RadixSort.Sort(rows.AsSpan(0, n), scratch.AsSpan(0, n), maxKey) ? scratch : rows;
                var path = Path.Combine(folder, FormattableString.Invariant($"{name}.{run}.run"));
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
                for (var at = 0; at < n; at += 1 << 16)
                    file.Write(MemoryMarshal.AsBytes(sorted.AsSpan(at, Math.Min(1 << 16, n - at))));
                made[run] = (path, n);
            };
        });
        _runs.AddRange(made);
    }

    /// <summary>Hands out all rows in order.</summary>
    public void Merge(Action<ReadOnlySpan<SortRow>> take)
    {
        if (_runs.Count == 0 && _kept.Length < 2)
        {
            foreach (var (rows, count) in _kept) take(rows.AsSpan(0, count));
            return;
        }
        var buffer = (int)Math.Clamp(memoryBytes / Unsafe.SizeOf<SortRow>() / Math.Max(1, _runs.Count) / 2, 256, 1 << 16);
        using var full = new BlockingCollection<(SortRow[] Rows, int Count)>(3);
        using var empty = new BlockingCollection<SortRow[]>();
        for (var i = 0; i < 4; i++) empty.Add(new SortRow[Handed]);
        var stop = new CancellationTokenSource();
        var merging = Failures.Start(() =>
        {
            try
            {
                using var tree = new LoserTree(
                    [.. _kept.Select(r => new RunReader(r.Rows, r.Count)), .. _runs.Select(r => new RunReader(r.Path, r.Rows, buffer))]);
                for (int n; ;)
                {
                    var rows = empty.Take(stop.Token);
                    if ((n = tree.Take(rows)) == 0) break;
                    full.Add((rows, n), stop.Token);
                }
            }
            finally
            {
                full.CompleteAdding();
            }
        });
        try
        {
            foreach (var (rows, count) in full.GetConsumingEnumerable())
            {
                take(rows.AsSpan(0, count));
                empty.Add(rows);
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            Failures.Wait(merging);
            stop.Dispose();
        }
    }

    /// <summary>Sorts rows that all fit: a run a thread, in memory.</summary>
    private void KeepRuns(int count, ulong maxKey, Filler fill)
    {
        var runs = Math.Clamp(count / LeastRun, 1, threads);
        _kept = new (SortRow[], int)[runs];
        Failures.InOrder(runs, runs, () => run =>
        {
            var (first, end) = ((int)((long)count * run / runs), (int)((long)count * (run + 1) / runs));
            SortRow[] rows = new SortRow[end - first], scratch = new SortRow[end - first];
            var n = fill(first, rows);
            _kept[run] = (RadixSort.Sort(rows.AsSpan(0, n), scratch.AsSpan(0, n), maxKey) ? scratch : rows, n);
        });
    }

    public void Dispose()
    {
        foreach (var (path, _) in _runs) File.Delete(path);
    }
}

/// <summary>Threads whose failures are told.</summary>
internal static class Failures
{
    /// <summary>Does numbered work, the lowest numbers first, and throws what the lowest number threw: the same failure at any number of
    /// threads.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="count">Numbers 0 to count - 1.</param>
    /// <param name="begin">Called once a thread; what it returns does a number's work.</param>
    public static void InOrder(int threads, int count, Func<Action<int>> begin)
    {
        var failures = new ExceptionDispatchInfo?[count];
        var (next, failed) = (-1, false);
        var tasks = new Task[Math.Min(threads, count)];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = Start(() =>
            {
                var work = begin();
                for (int number; !Volatile.Read(ref failed) && (number = Interlocked.Increment(ref next)) < count;)
                    try
                    {
                        work(number);
                    }
                    catch (Exception e)
                    {
                        failures[number] = ExceptionDispatchInfo.Capture(e);
                        Volatile.Write(ref failed, true);
                    }
            });
        Task.WaitAll(tasks);
        Array.Find(failures, f => f is not null)?.Throw();
    }

    /// <summary>Work on a thread of its own, at once: the pool starts with as many threads as there are processors, and waits half a
    /// second before each further one.</summary>
    public static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits; a cancellation, which has its reason elsewhere, is none.</summary>
    public static void Wait(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The other side failed first, and its failure is on the way.
        }
    }
}
