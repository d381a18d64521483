using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Connecto.BrainNetworks;
using Connecto.Pipeline;

namespace Connecto.Cli.Bench;

/// <summary>A network run from memory and from a mapped file under a limit of memory.</summary>
/// <param name="Neurons">Neurons.</param>
/// <param name="Edges">Edges.</param>
/// <param name="FileBytes">Length of the file of columns.</param>
/// <param name="Drive">What was done to it, and for how long.</param>
/// <param name="Processes">Processes that shared the second run out, over MPI; what is said of it is of the first of them.</param>
/// <param name="LimitBytes">Memory allowed to the second run, page cache included; null where the system let nobody set a limit.</param>
/// <param name="LimitBy">What held it to that: "cgroup v1", "cgroup v2" or "nothing".</param>
/// <param name="PeakBytesUnderLimit">The most that its group held, page cache included.</param>
/// <param name="SameSpikes">Whether both runs had the same spikes, every one.</param>
/// <param name="ReadBytesPerSecond">Bytes read from storage a biological second.</param>
/// <param name="Memory">The run with all columns in memory.</param>
/// <param name="Mapped">The run from the file.</param>
internal sealed record ColumnBenchReport(
    int Neurons, long Edges, long FileBytes, ColumnDrive Drive, int Processes, long? LimitBytes, string LimitBy, long? PeakBytesUnderLimit, bool SameSpikes,
    double? ReadBytesPerSecond, ColumnRun Memory, ColumnRun Mapped);

/// <summary>Measures runs from a mapped file: the second run is a process of its own, in a control group.</summary>
internal static class ColumnBench
{
    public static ColumnBenchReport Run(
        string folder, int neurons, int targets, ColumnDrive drive, int processes, long limit, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, "synapses.columns");
        SynapseColumnFile.Write(path, new SyntheticColumns(neurons, targets, 1));
        ColumnRun memory;
        long edges;
        using (var mapped = new MappedSynapses(path))
        {
            edges = mapped.Edges;
            memory = ColumnRun.Of(SynapseArrays.Copy(mapped), mapped.BytesOf, drive, null, cancellation);
        }
        MemoryLimit.DropFromCache(path);
        using var group = MemoryLimit.TryCreate(limit);
        var second = RunApart(path, drive, processes, group, cancellation);
        return new ColumnBenchReport(
            neurons, edges, new FileInfo(path).Length, drive, processes, group is null ? null : limit, group is null ? "nothing" : $"cgroup v{group.Version}", group?.Peak,
            memory.Digest == second.Digest && memory.Spikes == second.Spikes, second.ReadBytes / drive.Seconds, memory, second);
    }

    /// <summary>A run from a file in this process, alone or with those that mpirun started; null in all of them but the first.</summary>
    public static ColumnRun? RunMapped(string path, ColumnDrive drive, ISpikeExchange? exchange, CancellationToken cancellation)
    {
        using var mapped = new MappedSynapses(path);
        var run = ColumnRun.Of(mapped, mapped.BytesOf, drive, exchange, cancellation);
        return exchange is null or { Rank: 0 } ? run : null;
    }

    private static ColumnRun RunApart(string path, ColumnDrive drive, int processes, MemoryLimit? group, CancellationToken cancellation)
    {
        // In a file: mpirun lays a terminal under its processes, and a terminal's codes would lie among what they print.
        var result = path + ".json";
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "connecto.exe" : "connecto");
        string[] command =
        [
            "bench", "columns", "--file", path, "--seconds", drive.Seconds.ToString(CultureInfo.InvariantCulture), "--threads", $"{drive.Threads}",
            "--driven", $"{drive.Driven}", "--rate-hz", drive.RateHz.ToString(CultureInfo.InvariantCulture), "--json", result,
        ];
        string[] whole = processes == 1 ? [program, .. command]
            : ["mpirun", "-np", $"{processes}", "--oversubscribe", "--allow-run-as-root", program, .. command, "--mpi"];
        var start = group is null
            ? new ProcessStartInfo(whole[0], whole[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", "echo $$ > \"$0\" && exec \"$@\"", group.Entrance, .. whole]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var stop = cancellation.Register(process.Kill);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new IOException($"The run from the file ended with {process.ExitCode}: {error.Result.Trim()} No report was written.");
        return JsonSerializer.Deserialize<ColumnRun>(File.ReadAllText(result), RunManifest.Json)!;
    }
}
