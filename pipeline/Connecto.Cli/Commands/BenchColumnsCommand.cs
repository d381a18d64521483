using System.CommandLine;
using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Cli.Bench;
using Connecto.Cli.Questions;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench columns`: spikes of a network in a mapped file, under a limit of memory.</summary>
internal static class BenchColumnsCommand
{
    public static Command Create(Option<string?> json)
    {
        var neurons = new Option<int?>("--neurons") { Description = "Neurons. Default: 1,000,000." };
        var targets = new Option<int?>("--targets") { Description = "Targets of every neuron. Default: 100, which makes 100 M edges." };
        var seconds = new Option<double>("--seconds") { Description = "Biological time, s.", DefaultValueFactory = _ => 1 };
        var driven = new Option<int?>("--driven") { Description = "Neurons that are driven. Default: 200." };
        var rate = new Option<double>("--rate-hz") { Description = "How often each is.", DefaultValueFactory = _ => 150 };
        var limit = new Option<int?>("--limit-mib") { Description = "Memory allowed to the run from the file, page cache included, MiB. Default: 512." };
        var work = new Option<string?>("--work") { Description = "Folder for the file of columns, which is removed afterwards. Default: a temporary one." };
        var file = new Option<string?>("--file") { Description = "Run from this file of columns alone, in this process, and print what it did as JSON." };
        var mpi = new Option<bool>("--mpi") { Description = "With --file: share the neurons out among the processes that mpirun started; the first prints." };
        var processes = new Option<int?>("--processes") { Description = "Processes of the run from the file, started by OpenMPI's mpirun where more than 1. Default: 1." };
        var threads = Choice.Threads();
        var command = new Command("columns",
            "Runs a spiking network with its columns in memory, and again from a mapped file in a process that may hold less than the file (a Linux control " +
            "group), or by several processes over MPI; compares all spikes, and reports what was read from storage.\n\nExample:\n" +
            "  connecto bench columns --limit-mib 512 --json columns.json\n  mpirun -np 2 connecto bench columns --file synapses.columns --mpi")
        {
            neurons, targets, seconds, driven, rate, limit, work, file, mpi, processes, threads, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var report = BenchCommand.Writable(parse.GetValue(json));
            var time = parse.GetValue(seconds);
            if (!(time is >= 0.001 and <= 1000)) throw new InvalidDataException("--seconds must be from 0.001 to 1000; nothing was measured.");
            if (!(parse.GetValue(rate) is >= 0 and <= 1e6)) throw new InvalidDataException("--rate-hz must be from 0 to 1,000,000; nothing was measured.");
            var drive = new ColumnDrive(time, Choice.AtLeast(parse, driven, 0, 200), parse.GetValue(rate), Choice.Threads(parse, threads));
            if (parse.GetValue(file) is { } path)
            {
                using var world = parse.GetValue(mpi) ? new MpiExchange() : null;
                if (ColumnBench.RunMapped(path, drive, world, cancellation) is { } run)
                {
                    if (report is null) Output.WriteJson(run);
                    else BenchCommand.Write(report, run);
                }
                return Task.FromResult(0);
            }
            var (count, each) = (Choice.AtLeast(parse, neurons, 1000, 1_000_000), Choice.AtLeast(parse, targets, 1, 100));
            var bytes = (long)Choice.AtLeast(parse, limit, 96, 512) << 20;
            var folder = Directory.CreateDirectory(Path.Combine(parse.GetValue(work) ?? Path.GetTempPath(), $"connecto-columns-{Environment.ProcessId}")).FullName;
            try
            {
                var result = ColumnBench.Run(folder, count, each, drive, Choice.AtLeast(parse, processes, 1, 1), bytes, cancellation);
                Print(result);
                BenchCommand.Write(report, result);
                return Task.FromResult(result.SameSpikes ? 0 : 1);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static void Print(ColumnBenchReport r)
    {
        Output.WriteTable([
            ["run", "seconds", "spikes", "active neurons", "events", "peak MiB", "read MiB"],
            Row("columns in memory", r.Memory), Row(r.Processes == 1 ? "columns in the file" : $"the file, first of {r.Processes} processes", r.Mapped),
        ]);
        Console.Out.WriteLine(FormattableString.Invariant(
            $"{r.Neurons:N0} neurons, {r.Edges:N0} edges, a file of {Mib(r.FileBytes)} MiB, {r.Drive.Driven:N0} neurons driven at {r.Drive.RateHz} Hz for {r.Drive.Seconds} s; held to {(r.LimitBytes is { } limit ? $"{Mib(limit)} MiB by {r.LimitBy}, of which {Mib(r.PeakBytesUnderLimit ?? 0)} were used at most, page cache included" : "no limit: this system lets nobody set one")}."));
        Console.Out.WriteLine(FormattableString.Invariant(
            $"The spikes are {(r.SameSpikes ? "the same, every one" : "NOT the same")}. Read from storage a biological second: {Mib((long)(r.ReadBytesPerSecond ?? 0))} MiB; the columns of neurons that fired: {Mib(r.Mapped.ColumnBytes)} MiB."));
    }

    private static string[] Row(string name, ColumnRun run) =>
    [
        name, run.Seconds.ToString("0.000", CultureInfo.InvariantCulture), Text(run.Spikes), Text(run.ActiveNeurons), Text(run.Events), Mib(run.PeakMemoryBytes),
        run.ReadBytes is { } read ? Mib(read) : "",
    ];

    private static string Text(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Mib(long bytes) => (bytes / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);
}
