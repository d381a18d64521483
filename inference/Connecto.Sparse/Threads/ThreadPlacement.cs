using System.Runtime.InteropServices;

namespace Connecto.Sparse.Threads;

/// <summary>Keeps a worker off the processor of the thread that it works for.</summary>
/// <remarks>
/// A system that wakes a worker while another program holds the other processors often puts it beside its caller, where it
/// waits until the caller has done its own part, and leaves it there for many runs: two threads then take longer than one.
/// A worker that finds itself there moves away once; it is not bound to its new place. Linux only; elsewhere, and where the
/// system refuses, nothing happens.
/// </remarks>
internal static unsafe partial class ThreadPlacement
{
    private const int MaskBytes = 128, Bits = 8;

    /// <summary>The processor that runs this thread now; -1 where it is not known.</summary>
    public static int Processor => OperatingSystem.IsLinux() ? sched_getcpu() : -1;

    /// <summary>Moves this thread to another processor that it may use, where there is one.</summary>
    public static void Leave(int processor)
    {
        if (!OperatingSystem.IsLinux() || processor is < 0 or >= MaskBytes * Bits) return;
        Span<byte> allowed = stackalloc byte[MaskBytes], others = stackalloc byte[MaskBytes];
        allowed.Clear();
        fixed (byte* all = allowed, some = others)
        {
            if (sched_getaffinity(0, MaskBytes, all) < 0) return;
            allowed.CopyTo(others);
            others[processor / Bits] &= (byte)~(1 << processor % Bits);
            if (others.IndexOfAnyExcept((byte)0) < 0) return;
            // The thread moves at the first call; the second only gives it its freedom back.
            if (sched_setaffinity(0, MaskBytes, some) == 0) _ = sched_setaffinity(0, MaskBytes, all);
        }
    }

    [LibraryImport("libc")]
    private static partial int sched_getcpu();

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nuint size, byte* mask);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, byte* mask);
}
