using System.Diagnostics;

namespace Connecto.Benchmarks;

/// <summary>Times several ways to do one thing, in turn, so that a machine that slows down slows all of them.</summary>
/// <remarks>
/// Every round gives each contestant a turn of some milliseconds: one run that is not counted, then as many as fit,
/// each timed alone. The figure is the median of a contestant's runs of all rounds. Between turns the threads of the
/// last contestant get time to stop spinning: OpenMP's spin for about a millisecond after their last run and would
/// take a processor from the next.
/// </remarks>
internal static class InterleavedTiming
{
    private const double TurnSeconds = 0.01;
    private const int MostRunsPerTurn = 1000;
    private const int PauseMilliseconds = 4;

    /// <summary>Seconds of one run of each contestant: the median, and the least.</summary>
    public static (double Median, double Least)[] Measure(
        IReadOnlyList<Action> contestants, int rounds, int threads, CancellationToken cancellation)
    {
        var samples = contestants.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < contestants.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (threads > 1) Thread.Sleep(PauseMilliseconds);
                Turn(contestants[i], samples[i]);
            }
        foreach (var runs in samples) runs.Sort();
        return [.. samples.Select(runs => (runs[runs.Count / 2], runs[0]))];
    }

    private static void Turn(Action run, List<double> samples)
    {
        run();
        var begin = Stopwatch.GetTimestamp();
        for (var n = 0; n < MostRunsPerTurn; n++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            var end = Stopwatch.GetTimestamp();
            samples.Add(Stopwatch.GetElapsedTime(start, end).TotalSeconds);
            if (Stopwatch.GetElapsedTime(begin, end).TotalSeconds >= TurnSeconds) break;
        }
    }
}
