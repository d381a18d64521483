using System.CommandLine;
using System.Globalization;
using Connecto.Benchmarks;
using Connecto.Segmentation.Model;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench training`: steps a second of the trainer, and of PyTorch in turn.</summary>
internal static class BenchTrainingCommand
{
    public static Command Create(Option<int?> threads, Option<string?> json)
    {
        var batch = new Option<int?>("--batch") { Description = "Patches a step. Default: 4." };
        var patch = new Option<int?>("--patch") { Description = "Edge of a patch, a multiple of 8. Default: 160." };
        var rounds = new Option<int?>("--rounds") { Description = "Turns of each. Default: 5." };
        var python = new Option<string?>("--python") { Description = "Python's command. Default: python3, then /usr/bin/python3." };
        var command = new Command("training",
            "Times steps of training the shipped architecture (7 sections, widths 16-32-64-96) and, in turn, PyTorch on the same " +
            "network, weights and batch (Debian python3-torch; left out where it is not installed).\n\nExample:\n" +
            "  connecto bench training --threads 2 --json training.json")
        {
            threads, batch, patch, rounds, python, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var defaults = new TrainingBenchmarkOptions();
            var options = defaults with
            {
                Threads = BenchCommand.AtLeastOne("--threads", parse.GetValue(threads) ?? defaults.Threads),
                Batch = BenchCommand.AtLeastOne("--batch", parse.GetValue(batch) ?? defaults.Batch),
                Patch = BenchCommand.AtLeastOne("--patch", parse.GetValue(patch) ?? defaults.Patch),
                Rounds = BenchCommand.AtLeastOne("--rounds", parse.GetValue(rounds) ?? defaults.Rounds),
                Python = parse.GetValue(python),
            };
            var file = BenchCommand.Writable(parse.GetValue(json));
            var model = EmArchitecture.Build(sections: 7, [16, 32, 64, 96], seed: 1);
            var row = TrainingBenchmark.Run(model, options, Console.Error.WriteLine, cancellation);
            List<string[]> rows =
            [
                ["trainer", "shape", "threads", "ms a step", "steps/s", "Mvoxel/s", "GFLOP/s", "of peak %"],
                Row("Connecto", row, row.SecondsPerStep),
            ];
            if (row.Peer is { } peer) rows.Add(Row(peer, row, row.PeerSecondsPerStep!.Value));
            Output.WriteTable(rows);
            if (row.Ratio is { } ratio)
                Console.Out.WriteLine($"{Text(ratio, "0.00")}x PyTorch's speed, the median over the rounds; the first losses differ by "
                    + $"{Text(row.LossDifference!.Value, "0.0e+0")} of themselves.");
            BenchCommand.Write(file, new { rows = new[] { row } });
            return Task.FromResult(0);
        });
        return command;
    }

    private static string[] Row(string name, TrainingRow row, double seconds)
    {
        var factor = row.SecondsPerStep / seconds;
        return
        [
            name, row.Shape, Text(row.Threads, "0"), Text(1e3 * seconds, "0.0"), Text(1 / seconds, "0.00"),
            Text(row.MegavoxelsPerSecond * factor, "0.00"), Text(row.GigaflopsPerSecond * factor, "0.0"),
            Text(100 * row.GigaflopsPerSecond * factor / row.Bound, "0"),
        ];
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
