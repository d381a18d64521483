namespace Connecto.Cli.Bench;

/// <summary>The most memory that the process held since it was last asked to forget.</summary>
internal static class PeakMemory
{
    // Writing 5 resets the peak of the resident set (proc_pid_clear_refs(5)).
    private const string Reset = "/proc/self/clear_refs";

    /// <summary>Gives back what nobody holds and forgets the peak; where the system cannot, the peak is the process's.</summary>
    public static void Forget()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!File.Exists(Reset)) return;
        try
        {
            File.WriteAllText(Reset, "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it; the peak then counts from the process's start.
        }
    }
}
