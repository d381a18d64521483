namespace Connecto.Sparse.Tests;

/// <summary>What a piece of work allocates on its own thread.</summary>
internal static class Allocation
{
    /// <summary>Bytes, the least of a few turns: a collection that another test sets off counts as allocated what is left
    /// of this thread's share of the heap.</summary>
    public static long Of(Action work)
    {
        for (var i = 0; i < 3; i++) work();
        var least = long.MaxValue;
        for (var turn = 0; turn < 5 && least != 0; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
