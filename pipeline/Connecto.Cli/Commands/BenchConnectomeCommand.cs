using System.CommandLine;
using System.Globalization;
using Connecto.Cli.Bench;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench connectome`: building a connectome of a synapse table in bounded memory, and loading it.</summary>
internal static class BenchConnectomeCommand
{
    public static Command Create(Option<string?> json)
    {
        var rows = new Option<double>("--synapses") { Description = "Rows of the synthetic table, in millions.", DefaultValueFactory = _ => 20 };
        var exactly = new Option<long?>("--rows") { Description = "Rows of the synthetic table, instead of --synapses." };
        var neurons = new Option<int>("--neurons") { Description = "Its neurons.", DefaultValueFactory = _ => 139_000 };
        var threads = new Option<int>("--threads") { Description = "Threads for sorting.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var memory = new Option<int>("--memory-mib") { Description = "MiB for sorting.", DefaultValueFactory = _ => 512 };
        var output = new Option<string?>("--out") { Description = "Folder for the table and the connectome, absent or empty; they are kept. Default: a temporary one, deleted." };
        var table = new Option<string?>("--table") { Description = "Binary rows of synapses, as an earlier --out kept them, to build of instead of making a table." };
        var command = new Command("connectome",
            "Builds a stored connectome of a synthetic synapse table and loads it: seconds, synapses a second and peak memory of every " +
            "pass, beside reading the table alone.\n\nExample:\n  connecto bench connectome --synapses 20 --threads 2 --json connectome.json")
        {
            rows, exactly, neurons, table, threads, memory, output, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var file = BenchCommand.Writable(parse.GetValue(json));
            var count = parse.GetValue(exactly) ?? (long)Math.Round(1e6 * parse.GetValue(rows));
            if (count is < 1 or > 2_000_000_000)
                throw new InvalidDataException("--rows, or --synapses in millions, must be more than 0 and at most 2,000 million; nothing was measured.");
            if (parse.GetValue(neurons) < 2 || parse.GetValue(threads) < 1 || parse.GetValue(memory) < 1)
                throw new InvalidDataException("--neurons must be 2 or more, --threads and --memory-mib 1 or more; nothing was measured.");
            var kept = parse.GetValue(output);
            if (kept is not null && (File.Exists(kept) || (Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())))
                throw new InvalidDataException($"--out '{kept}' is not an empty folder; choose another. Nothing was measured.");
            var work = kept is null ? Directory.CreateTempSubdirectory("connecto-bench-") : Directory.CreateDirectory(kept);
            try
            {
                Line("step", "seconds", "cpu seconds", "M synapses/s", "peak MiB");
                var options = new ConnectomeBenchOptions
                {
                    Work = work.FullName,
                    Rows = count,
                    Neurons = parse.GetValue(neurons),
                    Table = parse.GetValue(table),
                    Threads = parse.GetValue(threads),
                    MemoryBytes = (long)parse.GetValue(memory) << 20,
                };
                var report = ConnectomeBench.Run(
                    options, row => Line(row.Step, Text(row.Seconds, "0.000"), row.CpuSeconds is { } cpu ? Text(cpu, "0.000") : "", Text(row.MrowsPerSecond, "0.00"), Text(row.PeakMemoryBytes / 1048576.0, "0")), cancellation);
                Console.Out.WriteLine();
                Console.Out.WriteLine(
                    $"{Text(report.Rows, "N0")} synapses of {Text(report.Neurons, "N0")} neurons became {Text(report.Edges, "N0")} edges; the table has " +
                    $"{Text(report.TableBytes / 1e6, "N0")} MB, the connectome {Text(report.StoredBytes / 1e6, "N0")} MB. Sorting had {parse.GetValue(memory)} MiB and {report.Threads} thread(s).");
                BenchCommand.Write(file, report);
            }
            finally
            {
                if (kept is null) work.Delete(recursive: true);
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Line(string step, params ReadOnlySpan<string> cells)
    {
        Console.Out.Write(step.PadRight(22));
        foreach (var cell in cells) Console.Out.Write(cell.PadLeft(14));
        Console.Out.WriteLine();
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
