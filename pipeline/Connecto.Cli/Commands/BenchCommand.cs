using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Connecto.Benchmarks;
using Connecto.Segmentation.Model;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench`: the engine's and the pipeline's speed, with bounds and peers measured in the same run.</summary>
internal static class BenchCommand
{
    // A row has all its fields, a missing peer as null.
    private static readonly JsonSerializerOptions Rows = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create() =>
        new("bench", "Measures the engine, its bound and its peers in one run.\n\nExample:\n  connecto bench kernels --threads 1 --json kernels.json")
        {
            CreateKernels(), BenchNetworkCommand.Create(), BenchPipelineCommand.Create(Json()), BenchTrainingCommand.Create(Threads(), Json()),
            BenchGraphCommand.Create(Json()), BenchConnectomeCommand.Create(Json()), BenchColumnsCommand.Create(Json()),
            BenchSimulateCommand.Create(Json()),
        };

    private static Command CreateKernels()
    {
        var shapes = new Option<string[]>("--shape")
        {
            Description = "A layer, KIND-MxKxN with KIND conv3x3, conv1x1, product or decode; may be repeated. Default: 11 layers.",
        };
        var sparsities = new Option<string?>("--sparsity") { Description = "Percents of zero weights. Default: 50,70,80,90,95,98." };
        var precisions = new Option<string?>("--precision") { Description = "fp32, int8-block4, int8, bf16, int4-group64, int3-group64 (the last three for decode layers). Default: the first three." };
        var rounds = new Option<int?>("--rounds") { Description = "Turns of every kernel. Default: 7." };
        var compiler = new Option<string?>("--compiler") { Description = "C++ compiler that builds the peers. Default: $CXX, or c++." };
        var (threads, json) = (Threads(), Json());
        var command = new Command("kernels",
            "Checks every kernel against the definition, then times it in turn with oneDNN and libxsmm (Debian libdnnl-dev and " +
            "libxsmm-dev; they are built into the user's cache at the first run, and left out where they are not installed)." +
            "\n\nExample:\n  connecto bench kernels --shape conv3x3-64x576x4096 --sparsity 80,90 --precision fp32 --json kernels.json")
        {
            shapes, sparsities, precisions, threads, rounds, compiler, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var defaults = new KernelBenchmarkOptions();
            var options = defaults with
            {
                Threads = AtLeastOne("--threads", parse.GetValue(threads) ?? 1),
                Rounds = AtLeastOne("--rounds", parse.GetValue(rounds) ?? defaults.Rounds),
                Shapes = parse.GetValue(shapes) is { Length: > 0 } names ? [.. names.Select(KernelShape.Parse)] : defaults.Shapes,
                Sparsities = parse.GetValue(sparsities) is { } list ? [.. list.Split(',').Select(ParseSparsity)] : defaults.Sparsities,
                Precisions = parse.GetValue(precisions) is { } some ? [.. some.Split(',').Select(KernelPrecisions.Parse)] : defaults.Precisions,
                Compiler = parse.GetValue(compiler) ?? defaults.Compiler,
            };
            var file = Writable(parse.GetValue(json));
            var benchmark = new KernelBenchmark(options);
            KernelTableText.Open(benchmark.Machine);
            var report = benchmark.Run(KernelTableText.Add, cancellation);
            Write(file, report);
            return Task.FromResult(0);
        });
        return command;
    }

    internal static Option<int?> Threads() => new("--threads") { Description = "Threads, of kernels and peers alike. Default: 1." };

    internal static Option<string?> Json() => new("--json") { Description = "Write all figures to this file as well." };

    internal static int AtLeastOne(string option, int value) =>
        value >= 1 ? value : throw new InvalidDataException($"{option} must be 1 or more, but is {value}; nothing was measured.");

    internal static double ParseSparsity(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100 ? percent
            : throw new InvalidDataException($"--sparsity '{text}' is no percentage from 0 to 100, as in 80,90; nothing was measured.");

    // Asked before minutes of measuring, not after.
    internal static string? Writable(string? file)
    {
        if (file is null) return null;
        var path = Path.GetFullPath(file);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new InvalidDataException($"--json '{path}' is a folder or lies in one that does not exist; nothing was measured.");
        return path;
    }

    internal static void Write(string? file, object report)
    {
        if (file is null) return;
        var temporary = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(report, report.GetType(), Rows));
        File.Move(temporary, file, overwrite: true);
    }

    internal static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
