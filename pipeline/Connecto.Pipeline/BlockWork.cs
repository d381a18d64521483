using System.Runtime.ExceptionServices;

namespace Connecto.Pipeline;

/// <summary>Runs numbered pieces of work on a few threads, lowest number first; a failure comes out as it was thrown.</summary>
internal static class BlockWork
{
    public static void Run(int count, int workers, CancellationToken cancellation, Action<int> work)
    {
        var next = -1;
        ExceptionDispatchInfo? failure = null;
        void Work()
        {
            int i;
            while (Volatile.Read(ref failure) is null && !cancellation.IsCancellationRequested
                && (i = Interlocked.Increment(ref next)) < count)
                try
                {
                    work(i);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
        }

        var others = Enumerable.Range(1, Math.Min(workers, count) is var n and > 1 ? n - 1 : 0).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Work();
        Task.WaitAll(others, CancellationToken.None);
        failure?.Throw();
        cancellation.ThrowIfCancellationRequested();
    }
}
