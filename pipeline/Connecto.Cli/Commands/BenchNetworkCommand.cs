using System.CommandLine;
using Connecto.Benchmarks;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Sparse;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench network`: a model's speed in floats or in bytes, with its bound.</summary>
internal static class BenchNetworkCommand
{
    // Lines of bytes are a multiple of 128 pixels where the network halves them three times.
    private const int Height = 512, Width = 640, FloatEdge = 512;

    public static Command Create()
    {
        var modelName = new Argument<string?>("model")
        {
            Description = "A model's folder or a shipped one's name. Default: the shipped architecture with random weights.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var precision = new Option<string?>("--precision") { Description = "fp32 or int8. Default: fp32." };
        var zeros = new Option<string?>("--zeros")
        {
            Description = "With int8 and random weights: percent of the blocks of four weights that are 0. Default: 88.",
        };
        var (threads, json) = (BenchCommand.Threads(), BenchCommand.Json());
        var command = new Command("network",
            "Times a model on 512 x 512 pixels: a session, and a step of its training; with int8 on 512 x 640, on one thread and on " +
            "all that are given.\n\nExample:\n  connecto bench network --precision int8 --zeros 88 --threads 2 --json network.json")
        {
            modelName, precision, zeros, threads, json,
        };
        command.SetWork((parse, _) =>
        {
            var count = BenchCommand.AtLeastOne("--threads", parse.GetValue(threads) ?? 1);
            var file = BenchCommand.Writable(parse.GetValue(json));
            var share = BenchCommand.ParseSparsity(parse.GetValue(zeros) ?? "88") / 100;
            var folder = parse.GetValue(modelName) is { } name ? Models.Resolve(name, "MODEL") : null;
            switch (parse.GetValue(precision) ?? "fp32")
            {
                case "fp32":
                    Floats(folder, count, file);
                    break;
                case "int8":
                    Bytes(folder, share, count, file);
                    break;
                case var other:
                    throw new InvalidDataException($"--precision '{other}' is neither fp32 nor int8; nothing was measured.");
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static NetworkModel Default() => EmArchitecture.Build(sections: 3, [16, 32, 64, 96], seed: 1);

    private static void Floats(string? folder, int threads, string? file)
    {
        var model = folder is null ? Default() : EmModel.Load(folder).Network;
        BenchmarkRow[] rows =
        [
            NetworkBenchmark.Session("session", model, FloatEdge, FloatEdge, threads),
            NetworkBenchmark.Trainer("training step", model, 4, 128, 128, threads),
        ];
        Output.WriteTable([
            ["run", "shape", "kernel", "threads", "ms", "Mpixel/s", "GFLOP/s", "peak", "of peak %"],
            .. rows.Select(r => new[]
            {
                r.Name, r.Shape, r.Kernel, Text(r.Threads, "0"), Text(1e3 * r.Seconds, "0.0"), Text(r.MegavoxelsPerSecond, "0.00"),
                Text(r.GigaflopsPerSecond, "0.0"), Text(r.Bound, "0"), Text(100 * r.GigaflopsPerSecond / r.Bound, "0"),
            }),
        ]);
        BenchCommand.Write(file, new { rows });
    }

    private static void Bytes(string? folder, double zeros, int threads, string? file)
    {
        var (network, quantization) = folder is null ? Random(zeros) : Load(folder);
        ByteBenchmarkRow[] rows = [.. new[] { 1, threads }.Distinct().Select(t =>
            NetworkBenchmark.Bytes("int8", network, quantization, Height, Width, t))];
        Output.WriteTable([
            ["run", "shape", "threads", "ms", "Mpixel/s", "kMAC/pixel", "kept", "GMAC/s", "peak", "of peak %"],
            .. rows.Select(r => new[]
            {
                r.Name, r.Shape, Text(r.Threads, "0"), Text(r.Milliseconds, "0.0"), Text(r.MegavoxelsPerSecond, "0.00"),
                Text(r.DenseKiloMacs, "0.0"), Text(r.KeptKiloMacs, "0.0"), Text(r.GigaMacsPerSecond, "0.0"), Text(r.Bound, "0"),
                r.Bound > 0 ? Text(100 * r.GigaMacsPerSecond / r.Bound, "0") : "-",
            }),
        ]);
        BenchCommand.Write(file, new { rows });
    }

    private static (NetworkModel Network, NetworkQuantization Quantization) Random(double zeros)
    {
        var network = NetworkBenchmark.WithZeros(Default(), zeros);
        return (network, NetworkBenchmark.Quantize(network, new(4.0 / 255, 127.5)));
    }

    private static (NetworkModel Network, NetworkQuantization Quantization) Load(string folder)
    {
        var model = EmModel.Load(folder);
        PredictionPrecision.Int8.For(model);
        return (model.Network, model.Quantization!);
    }

    private static string Text(double value, string format) => BenchCommand.Text(value, format);
}
