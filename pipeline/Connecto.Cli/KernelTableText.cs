using System.Globalization;
using Connecto.Benchmarks;

namespace Connecto.Cli;

/// <summary>The kernel benchmark on the terminal: lines of fixed columns, so that each shows as soon as it is known.</summary>
internal static class KernelTableText
{
    private static readonly int[] Widths = [24, 11, 6, 22, 9, 8, 12, 6, 21, 9, 7, 6];

    /// <summary>Prints the machine's peaks, what is missing, and the heading.</summary>
    public static void Open(MachinePeaks machine)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{machine.Threads} thread(s): {machine.Fp32Gflops:0} GFLOP/s fp32, {machine.Int8Gflops:0} Gop/s int8; reads {machine.CacheGigabytesPerSecond:0} GB/s of 1 MiB, {machine.MemoryGigabytesPerSecond:0} GB/s of 256 MiB."));
        if (machine.Peers.Count > 0) Console.Out.WriteLine($"Peers: {string.Join(", ", machine.Peers)}.");
        foreach (var sentence in machine.Missing) Console.Out.WriteLine(sentence);
        Console.Out.WriteLine();
        Line(["layer", "precision", "zero %", "kernel", "us", "GFLOP/s", "bound", "of it", "fastest peer", "us", "speedup", "spread"]);
    }

    /// <summary>Prints the rows of one layer.</summary>
    public static void Add(IReadOnlyList<KernelRow> rows)
    {
        foreach (var row in rows)
            Line([
                row.Shape, row.Precision, Text(row.Sparsity, "0.##"), row.Kernel, Text(row.Us, "0.0"), Text(row.Gflops, "0.0"), row.Bound.By,
                Text(100 * row.Bound.Reached, "0") + " %", row.Peer ?? "-", Text(row.PeerUs, "0.0"), Text(row.Speedup, "0.00") + (row.Speedup is null ? "" : "x"),
                Text(row.Spread, "0.00"),
            ]);
    }

    private static void Line(string[] cells) =>
        Console.Out.WriteLine(string.Join("  ", cells.Select((text, c) => c is 0 or 1 or 3 or 6 or 8 ? text.PadRight(Widths[c]) : text.PadLeft(Widths[c]))).TrimEnd());

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
