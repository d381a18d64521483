namespace Connecto.Graph;

/// <summary>What a machine moves, as far as a budget needs it.</summary>
public sealed record MachineLimits
{
    /// <summary>Bytes of memory.</summary>
    public required double MemoryBytes { get; init; }

    /// <summary>Bytes a second out of memory.</summary>
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Bytes of a drive; the default is a common large NVMe drive's, 8 TB.</summary>
    public double DriveBytes { get; init; } = 8e12;

    /// <summary>Bytes a second from a drive; the default is what PCIe 4.0 x4 drives are sold with, 7 GB/s.</summary>
    public double DriveBytesPerSecond { get; init; } = 7e9;

    /// <summary>Bytes a second over a slot; the default is PCIe 5.0 x16, 63 GB/s one way.</summary>
    public double SlotBytesPerSecond { get; init; } = 63e9;
}

/// <summary>What one biological second of a graph moves and takes, in one way of running it.</summary>
/// <param name="Way">"dense sweep fp32", "sparse sweep fp32" (every weight in every step), or "spikes" (the columns of neurons that fire).</param>
/// <param name="Operations">Operations in a biological second.</param>
/// <param name="Bytes">Bytes moved in one.</param>
/// <param name="Holds">Bytes that must be held.</param>
/// <param name="SecondsAtMemory">Seconds that the bytes take at the memory's bandwidth; below 1 is faster than life.</param>
public sealed record RunBudget(string Way, double Operations, double Bytes, double Holds, double SecondsAtMemory)
{
    /// <summary>An entry of a column: the target, 4 bytes, and its contacts, 2.</summary>
    public const int BytesPerEntry = 6;

    /// <summary>A target's state: a cache line in and out.</summary>
    public const int BytesPerTarget = 128;

    /// <summary>The ways of running a graph.</summary>
    public static IReadOnlyList<RunBudget> Of(ConnectomeBudget graph, MachineLimits machine)
    {
        double cells = (double)graph.Neurons * graph.Neurons, steps = graph.Assumed.StepRateHz;
        double Total(string format) => graph.Formats.First(f => f.Format == format).TotalBytes;
        RunBudget Row(string way, double operations, double bytes, double holds) => new(way, operations, bytes, holds, bytes / machine.MemoryBytesPerSecond);
        return
        [
            Row("dense sweep fp32", cells * steps, 4 * cells * steps, 4 * cells),
            Row("sparse sweep fp32", graph.Edges * steps, Total("csr fp32") * steps, Total("csr fp32")),
            Row("sparse sweep int8", graph.Edges * steps, Total("csr int8") * steps, Total("csr int8")),
            Row("spikes", graph.OperationsPerSecondByEdge, graph.OperationsPerSecondByEdge * (BytesPerEntry + BytesPerTarget), Total("columns int16")),
        ];
    }
}

/// <summary>The arithmetic of a number of synapses, as N. Shavit's keynote (PPoPP 2024) does it for cortex: 10^14 synapses of
/// about 10 bytes are a petabyte.</summary>
/// <param name="Synapses">Synapses.</param>
/// <param name="Bytes">Bytes to hold them.</param>
/// <param name="EventsPerSecond">Synapses that a spike reaches in a biological second.</param>
/// <param name="BytesPerSecond">Bytes of synapses read in one, where only the columns of firing neurons are.</param>
/// <param name="SweepBytesPerSecond">Bytes read in one where every step reads every synapse.</param>
/// <param name="Machines">Memories of this machine's size that hold them.</param>
/// <param name="Drives">Drives that hold them.</param>
/// <param name="SlowerAtMemory">Seconds of one machine's memory bandwidth a biological second.</param>
/// <param name="SlowerAtSlot">The same over one slot.</param>
/// <param name="SlowerAtDrive">The same from one drive.</param>
/// <param name="Limit">The first limit met: "none", "memory", "drive" (its size), and "bandwidth" where reading takes longer than life.</param>
public sealed record ScaleBudget(
    double Synapses, double Bytes, double EventsPerSecond, double BytesPerSecond, double SweepBytesPerSecond, double Machines, double Drives,
    double SlowerAtMemory, double SlowerAtSlot, double SlowerAtDrive, string Limit)
{
    /// <summary>What the keynote reckons a synapse with.</summary>
    public const double BytesPerSynapse = 10;

    /// <summary>10^9 to 10^14 synapses.</summary>
    public static IReadOnlyList<ScaleBudget> Table(BudgetOptions assumed, MachineLimits machine) =>
        [.. Enumerable.Range(9, 6).Select(power => Of(Math.Pow(10, power), assumed, machine))];

    private static ScaleBudget Of(double synapses, BudgetOptions assumed, MachineLimits machine)
    {
        double bytes = synapses * BytesPerSynapse, events = synapses * assumed.MeanRateHz * assumed.ActiveFraction, moved = events * BytesPerSynapse;
        var size = bytes <= machine.MemoryBytes ? "" : bytes <= machine.DriveBytes ? "memory" : "drive";
        var source = bytes <= machine.MemoryBytes ? machine.MemoryBytesPerSecond : machine.DriveBytesPerSecond;
        var limit = string.Join(", ", ((string[])[size, moved > source ? "bandwidth" : ""]).Where(l => l.Length > 0));
        return new ScaleBudget(
            synapses, bytes, events, moved, bytes * assumed.StepRateHz, Math.Ceiling(bytes / machine.MemoryBytes), Math.Ceiling(bytes / machine.DriveBytes),
            moved / machine.MemoryBytesPerSecond, moved / machine.SlotBytesPerSecond, moved / machine.DriveBytesPerSecond, limit.Length == 0 ? "none" : limit);
    }
}
