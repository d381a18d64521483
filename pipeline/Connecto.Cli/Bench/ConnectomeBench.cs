using System.Diagnostics;
using Connecto.Graph;

namespace Connecto.Cli.Bench;

/// <summary>One part of the measurement.</summary>
/// <param name="Step">"write rows" (the table, not counted), "read rows" (its bound), "take", "sort", "merge", "flush" of the build,
/// "load", "load and check all", "build and load".</param>
/// <param name="Rows">Synapses.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="CpuSeconds">Time of processors, of all threads; on a machine that others use it tells more. That of a build's passes
/// stands with "build and load" alone.</param>
/// <param name="MrowsPerSecond">Synapses a second, in millions.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held; that of all passes of a build together.</param>
internal sealed record ConnectomeBenchRow(string Step, long Rows, double Seconds, double? CpuSeconds, double MrowsPerSecond, long PeakMemoryBytes);

/// <summary>A timed build.</summary>
/// <param name="Steps">The parts, in order.</param>
/// <param name="Rows">Synapses.</param>
/// <param name="Neurons">Neurons.</param>
/// <param name="Edges">Edges that came out.</param>
/// <param name="TableBytes">Length of the table.</param>
/// <param name="StoredBytes">Length of all columns.</param>
/// <param name="Threads">Threads.</param>
/// <param name="MemoryBytes">What sorting was allowed.</param>
internal sealed record ConnectomeBenchReport(
    IReadOnlyList<ConnectomeBenchRow> Steps, long Rows, int Neurons, int Edges, long TableBytes, long StoredBytes, int Threads, long MemoryBytes);

/// <summary>What is built, and with what.</summary>
internal sealed record ConnectomeBenchOptions
{
    /// <summary>An existing folder for the table and the connectome.</summary>
    public required string Work { get; init; }

    /// <summary>Rows of the synthetic table.</summary>
    public required long Rows { get; init; }

    /// <summary>Neurons of the synthetic table.</summary>
    public required int Neurons { get; init; }

    /// <summary>A table of binary rows to build of instead; null makes a synthetic one.</summary>
    public string? Table { get; init; }

    /// <summary>Threads for sorting.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes for sorting.</summary>
    public required long MemoryBytes { get; init; }
}

/// <summary>Times building and loading a stored connectome of a synthetic synapse table.</summary>
internal static class ConnectomeBench
{
    private static readonly string[] Passes = ["take", "order", "sort", "merge"];

    public static ConnectomeBenchReport Run(
        ConnectomeBenchOptions options, Action<ConnectomeBenchRow> measured, CancellationToken cancellation)
    {
        var (rows, threads, memory) = (options.Rows, options.Threads, options.MemoryBytes);
        var steps = new List<ConnectomeBenchRow>();
        var (table, folder) = (options.Table ?? Path.Combine(options.Work, "synapses.rows"), Path.Combine(options.Work, "connectome"));
        if (options.Table is null)
            Timed("write rows", () =>
            {
                using var source = new SyntheticSynapses(rows, options.Neurons, seed: 1);
                SynapseRowFile.Write(table, source);
                // The disk must not still be writing the table when the build begins.
                using var file = new FileStream(table, FileMode.Open, FileAccess.ReadWrite);
                file.Flush(flushToDisk: true);
            });
        cancellation.ThrowIfCancellationRequested();
        Timed("read rows", () =>
        {
            var batch = new SynapseBatch();
            using var source = SynapseRowFile.Open(table);
            for (rows = 0; source.Read(batch); rows += batch.Count) cancellation.ThrowIfCancellationRequested();
        });
        var passes = new List<(string Name, double Seconds)>();
        PeakMemory.Forget();
        var cpuBefore = Cpu();
        using (var source = SynapseRowFile.Open(table))
            StoredConnectomeBuilder.Build(folder, source, new ConnectomeBuildOptions
            {
                Threads = threads,
                MemoryBytes = memory,
                Passed = (name, seconds) => passes.Add((name, seconds)),
            });
        var peak = Peak();
        foreach (var (name, seconds) in passes) Add(name, seconds, null, peak);
        cpuBefore = Cpu() - cpuBefore;
        cancellation.ThrowIfCancellationRequested();
        var (edges, neurons) = (0, 0);
        var load = Timed("load", () =>
        {
            using var connectome = Connectome.Open(folder);
            (edges, neurons) = (connectome.EdgeCount, connectome.NeuronCount);
        });
        Timed("load and check all", () => Connectome.Open(folder, ConnectomeCheck.All).Dispose());
        Add("build and load", load.Seconds + passes.Where(p => Passes.Contains(p.Name)).Sum(p => p.Seconds), load.Cpu + cpuBefore, peak);
        Add("build, flush and load", load.Seconds + passes.Sum(p => p.Seconds), load.Cpu + cpuBefore, peak);
        return new ConnectomeBenchReport(
            steps, rows, neurons, edges, new FileInfo(table).Length, new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length), threads, memory);

        (double Seconds, double Cpu) Timed(string step, Action work)
        {
            PeakMemory.Forget();
            var (clock, before) = (Stopwatch.StartNew(), Cpu());
            work();
            var (seconds, cpu) = (clock.Elapsed.TotalSeconds, Cpu() - before);
            Add(step, seconds, cpu, Peak());
            return (seconds, cpu);
        }

        void Add(string step, double seconds, double? cpu, long memoryHeld)
        {
            var row = new ConnectomeBenchRow(step, rows, seconds, cpu, rows / 1e6 / Math.Max(1e-9, seconds), memoryHeld);
            steps.Add(row);
            measured(row);
        }
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
