using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Sorts more rows than memory holds (Knuth, TAOCP 3, 5.4): runs that fit are radix-sorted, on all threads, and
/// written; then all runs are merged at once by a tree of losers, while another thread takes the merged rows. Equal keys keep
/// the order of the rows, at any number of runs and threads. A single run never touches the disk.</summary>
internal sealed class ExternalSort(string folder, string name, long memoryBytes, int threads) : IDisposable
{
    private const int Handed = 1 << 14;

    private readonly List<(string Path, long Rows)> _runs = [];
    private SortRow[] _only = [];
    private int _onlyRows;

    /// <summary>Fills a run from rows of the source; returns how many there are to sort.</summary>
    public delegate int Filler(int first, Span<SortRow> target);

    /// <summary>Sorts rows 0 to count - 1 of the source into runs.</summary>
    public void MakeRuns(int count, ulong maxKey, Filler fill)
    {
        var width = 2L * Unsafe.SizeOf<SortRow>();
        var whole = count * width <= memoryBytes;
        var length = whole ? count : (int)Math.Clamp(memoryBytes / width / threads, Math.Min(1 << 10, count), count);
        var runs = length == 0 ? 0 : (count + length - 1) / length;
        if (whole)
        {
            (_only, var scratch) = (new SortRow[count], new SortRow[count]);
            _onlyRows = fill(0, _only);
            if (RadixSort.Sort(_only.AsSpan(0, _onlyRows), scratch.AsSpan(0, _onlyRows), maxKey)) _only = scratch;
            return;
        }
        var made = new (string, long)[runs];
        var next = -1;
        Failures.Run(threads, () =>
        {
            SortRow[] rows = new SortRow[length], scratch = new SortRow[length];
            for (int run; (run = Interlocked.Increment(ref next)) < runs;)
            {
                var first = run * length;
                var n = fill(first, rows.AsSpan(0, Math.Min(length, count - first)));
                var sorted = RadixSort.Sort(rows.AsSpan(0, n), scratch.AsSpan(0, n), maxKey) ? scratch : rows;
                var path = Path.Combine(folder, FormattableString.Invariant($"{name}.{run}.run"));
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
                for (var at = 0; at < n; at += 1 << 16)
                    file.Write(MemoryMarshal.AsBytes(sorted.AsSpan(at, Math.Min(1 << 16, n - at))));
                made[run] = (path, n);
            }
        });
        _runs.AddRange(made);
    }

    /// <summary>Hands out all rows in order.</summary>
    public void Merge(Action<ReadOnlySpan<SortRow>> take)
    {
        if (_runs.Count == 0)
        {
            take(_only.AsSpan(0, _onlyRows));
            return;
        }
        var buffer = (int)Math.Clamp(memoryBytes / Unsafe.SizeOf<SortRow>() / _runs.Count / 2, 256, 1 << 16);
        using var full = new BlockingCollection<(SortRow[] Rows, int Count)>(3);
        using var empty = new BlockingCollection<SortRow[]>();
        for (var i = 0; i < 4; i++) empty.Add(new SortRow[Handed]);
        var stop = new CancellationTokenSource();
        var merging = Task.Run(() =>
        {
            try
            {
                using var tree = new LoserTree([.. _runs.Select(r => new RunReader(r.Path, r.Rows, buffer))]);
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

    public void Dispose()
    {
        foreach (var (path, _) in _runs) File.Delete(path);
    }
}

/// <summary>Threads whose first failure is the failure of all.</summary>
internal static class Failures
{
    public static void Run(int threads, Action work)
    {
        var tasks = new Task[threads];
        for (var i = 0; i < threads; i++) tasks[i] = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAll(tasks.Select(t => t.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)).ToArray());
        foreach (var task in tasks) task.GetAwaiter().GetResult();
    }

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
