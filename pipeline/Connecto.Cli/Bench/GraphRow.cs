namespace Connecto.Cli.Bench;

/// <summary>One question, timed.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Graph">Of what.</param>
/// <param name="Threads">Threads that it had.</param>
/// <param name="Seconds">What it took by the clock.</param>
/// <param name="CpuSeconds">What it took of all cores together, the mean where it was asked several times; on a machine that has other work
/// to do, the clock shows that too.</param>
/// <param name="Goal">What it may take; null without a goal.</param>
/// <param name="Reached">Whether it took no more.</param>
/// <param name="Remark">What else is to say.</param>
internal sealed record GraphRow(
    string Question, string Graph, int Threads, double Seconds, double? CpuSeconds, double? Goal, bool? Reached, string Remark);

/// <summary>The triad census beside a peer's on the same graph, one thread each.</summary>
/// <param name="Peer">Its name and version.</param>
/// <param name="Graph">The graph.</param>
/// <param name="Seconds">Our time.</param>
/// <param name="PeerSeconds">Its time for the census alone; null where it is not installed.</param>
/// <param name="Speedup">Its time / ours.</param>
/// <param name="SameCounts">Whether all 16 counts agree.</param>
/// <param name="Missing">Why there is no peer.</param>
internal sealed record GraphPeerResult(
    string Peer, string Graph, double Seconds, double? PeerSeconds, double? Speedup, bool? SameCounts, string? Missing)
{
    /// <summary>The peer's time on its core / ours, whatever else the machine had to do meanwhile.</summary>
    public double? CpuSpeedup { get; init; }

    /// <summary>What that is at least, where the peer was ended by the limit.</summary>
    public double? CpuSpeedupAtLeast { get; init; }
}

/// <summary>All that `connecto bench graph` measured.</summary>
/// <param name="Rows">The questions.</param>
/// <param name="Peer">The comparison; null where none was asked for.</param>
/// <param name="Neurons">Of the graph.</param>
/// <param name="Edges">Of the graph.</param>
/// <param name="Contacts">Of the graph.</param>
/// <param name="Seed">That it was made with.</param>
/// <param name="Threads">The most threads.</param>
internal sealed record GraphReport(
    IReadOnlyList<GraphRow> Rows, GraphPeerResult? Peer, int Neurons, int Edges, long Contacts, ulong Seed, int Threads);
