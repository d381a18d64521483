using System.CommandLine;
using System.Globalization;
using Connecto.Benchmarks;
using Connecto.Cli.Bench;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench simulate`: spiking networks, beside Brian2's C++ standalone with the same graph, equations and jumps.</summary>
internal static class BenchSimulateCommand
{
    private static readonly int[] Widths = [34, 9, 11, 7, 9, 8, 11, 7, 8, 8, 8, 8, 9];

    public static Command Create(Option<string?> json)
    {
        var cases = new Option<string?>("--graph") { Description = $"Some of {string.Join(",", SpikeCases.All)}. Default: all whose data is there." };
        var neurons = new Option<int>("--neurons") { Description = "Neurons of the synthetic brain.", DefaultValueFactory = _ => 138_639 };
        var edges = new Option<int>("--edges") { Description = "Its edges.", DefaultValueFactory = _ => 15_000_000 };
        var seconds = new Option<double>("--seconds") { Description = "Biological time, s.", DefaultValueFactory = _ => 1 };
        var data = new Option<string?>("--data") { Description = "Folder of the public data sets. Default: $CONNECTO_DATA." };
        var threads = new Option<string>("--threads") { Description = "Our threads, a row each.", DefaultValueFactory = _ => "1,2" };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each.", DefaultValueFactory = _ => 3 };
        var python = new Option<string?>("--python") { Description = "Python that has Brian2, or none. Default: python3, then /usr/bin/python3." };
        var command = new Command("simulate",
            "Runs spiking networks, in turn with Brian2's C++ standalone (Debian python3-brian and g++) on the same graph, equations and random jumps, " +
            "and compares the spikes. The peer's time is that of its loop alone.\n\nExample:\n  connecto bench simulate --graph brain --threads 1 --json simulate.json")
        {
            cases, neurons, edges, seconds, data, threads, rounds, python, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var file = BenchCommand.Writable(parse.GetValue(json));
            var chosen = parse.GetValue(cases)?.Split(',') ?? [.. SpikeCases.All];
            foreach (var name in chosen)
                if (!SpikeCases.All.Contains(name))
                    throw new InvalidDataException($"--graph '{name}' is none of {string.Join(", ", SpikeCases.All)}; nothing was measured.");
            var options = new SpikeBenchmarkOptions
            {
                Threads = [.. parse.GetRequiredValue(threads).Split(',').Select(Count)],
                Rounds = BenchCommand.AtLeastOne("--rounds", parse.GetValue(rounds)),
                Python = parse.GetValue(python) switch
                {
                    null => new SpikeBenchmarkOptions().Python,
                    "none" => [],
                    var named => [named],
                },
            };
            if (!(parse.GetValue(seconds) is >= 0.001 and <= 1000)) throw new InvalidDataException("--seconds must be from 0.001 to 1000; nothing was measured.");
            var (n, e) = (parse.GetValue(neurons), parse.GetValue(edges));
            if (n < 10 || e < 0 || e > 0.1 * n * (n - 1.0))
                throw new InvalidDataException("--neurons must be 10 or more and --edges at most a tenth of all ordered pairs; nothing was measured.");
            var brain = new Lazy<BrainNetworks.SynapseArrays>(() => SpikeCases.Brain(n, e, 1));
            var rows = new List<SpikeRow>();
            Line("graph", "neurons", "edges", "bytes/e", "spikes", "active", "events", "threads", "ms", "cpu ms", "peer ms", "speedup", "same");
            var silent = new HashSet<string>();
            foreach (var name in chosen)
            {
                if (SpikeCases.Of(name, brain, parse.GetValue(data) ?? Environment.GetEnvironmentVariable("CONNECTO_DATA"), parse.GetValue(seconds)) is not { } some)
                {
                    Console.Error.WriteLine($"'{name}' is left out: --data and $CONNECTO_DATA name no folder with its files.");
                    continue;
                }
                foreach (var row in SpikeBenchmark.Run(some, options, Say, cancellation))
                {
                    rows.Add(row);
                    Line(
                        row.Graph, Text(row.Neurons, "N0"), Text(row.Edges, "N0"), Text(row.BytesPerEdge, "0.0"), Text(row.Spikes, "N0"),
                        Text(row.ActiveNeurons, "N0"), Text(row.Events, "N0"), Text(row.Threads, "0"), Text(1e3 * row.Seconds, "0.0"), Text(1e3 * row.CpuSeconds, "0.0"), Text(1e3 * row.PeerSeconds, "0"),
                        Text(row.Speedup, "0.0"), Text(100 * row.SameSpikes, "0.00") + (row.SameSpikes is null ? "" : " %"));
                }
            }
            BenchCommand.Write(file, rows);
            return Task.FromResult(0);

            void Say(string sentence)
            {
                if (silent.Add(sentence)) Console.Error.WriteLine(sentence);
            }
        });
        return command;
    }

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1024 ? count
            : throw new InvalidDataException($"--threads '{text}' is no number from 1 to 1024; nothing was measured.");

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static void Line(params string[] cells) =>
        Console.Out.WriteLine(string.Join(" ", cells.Select((text, i) => i == 0 ? text.PadRight(Widths[i]) : text.PadLeft(Widths[i]))).TrimEnd());
}
