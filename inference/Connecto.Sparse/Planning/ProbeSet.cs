using System.Diagnostics;

namespace Connecto.Sparse.Planning;

/// <summary>A piece of work whose least time tells a rate.</summary>
/// <param name="Amount">What one turn does.</param>
/// <param name="Turn">One turn, some microseconds.</param>
internal sealed record Probe(double Amount, Action Turn)
{
    /// <summary>The least time of a turn so far, ticks of the stopwatch.</summary>
    public long Least { get; set; } = long.MaxValue;

    /// <summary>What is done a nanosecond, 0 before the first turn.</summary>
    public double PerNs => Least == long.MaxValue ? 0 : Amount / (Math.Max(Least, 1) * 1e9 / Stopwatch.Frequency);
}

/// <summary>Probes that take turns.</summary>
/// <remarks>
/// Whatever else runs on the machine, on the other thread of the core above all, slows everything down by up to two for
/// some milliseconds. So no probe gets all its turns at once: all take one turn each, round after round, and the best one
/// of each counts. Before a turn is timed the same is done for a while: to warm the caches, and the widest vectors, which
/// a core switches off when they are not used: it then runs them at a third of their rate for some 20 us, and
/// multiply-adds at half of theirs for some 100.
/// </remarks>
internal sealed class ProbeSet
{
    private readonly List<Probe> probes = [];

    /// <summary>Adds a probe.</summary>
    public Probe Add(double amount, Action turn)
    {
        probes.Add(new Probe(amount, turn));
        return probes[^1];
    }

    /// <summary>Runs rounds for about so long, and at least three.</summary>
    public void Run(double milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < 3 || Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds; round++)
            foreach (var probe in probes)
            {
                var warm = Stopwatch.GetTimestamp();
                do probe.Turn();
                while (Stopwatch.GetElapsedTime(warm).TotalMicroseconds < 200);
                var begin = Stopwatch.GetTimestamp();
                probe.Turn();
                probe.Least = Math.Min(probe.Least, Stopwatch.GetTimestamp() - begin);
            }
    }
}
