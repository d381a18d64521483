using System.Globalization;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>What `connecto run` says when it has finished: the stages with their time and rate, and where to look.</summary>
internal static class RunSummary
{
    public static void Print(RunDirectory run, RunManifest manifest)
    {
        var rows = new List<string[]> { new[] { "stage", "seconds", "Mvoxel/s", "peak MiB", "found" } };
        foreach (var (name, record) in manifest.Stages)
            rows.Add([name, Number(record.Seconds, "0.00"), Number(record.MvoxelsPerSecond, "0.00"),
                Number(record.PeakMemoryBytes >> 20, "0"), Facts(record)]);
        var seconds = manifest.Stages.Values.Sum(r => r.Seconds);
        var voxels = manifest.Stages.Values.Max(r => r.Voxels);
        rows.Add(["total", Number(seconds, "0.00"), Number(voxels / 1e6 / Math.Max(1e-9, seconds), "0.00"), "", ""]);
        Output.WriteTable(rows);
        Console.Out.WriteLine($"\nreport: {run.Report}");
    }

    public static string Facts(StageRecord record) =>
        record.Results is null ? "" : string.Join(", ", record.Results.Where(f => f.Value is System.Text.Json.Nodes.JsonValue).Take(4).Select(f => $"{f.Key} {f.Value}"));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
