using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Cli.Questions;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto fit DIR`: the graph's pattern of weights, or a readout of it, learns a small task.</summary>
internal static class FitCommand
{
    public static Command Create()
    {
        var defaults = new FitOptions();
        var directory = new Argument<string>("dir") { Description = "A directory with network/layered: of a run, or of `connecto network`." };
        var target = new Option<string?>("--train") { Description = "pattern: the graph's weights, zeros held at zero, and a readout. readout: that alone. Default: pattern." };
        var classes = new Option<int?>("--classes") { Description = $"Random input patterns to tell apart. Default: {defaults.Classes}." };
        var noise = new Option<double?>("--noise") { Description = $"Noise on the inputs, which are 0 or 1. Default: {defaults.Noise}." };
        var steps = new Option<int?>("--steps") { Description = $"Steps of training. Default: {defaults.Steps}." };
        var batch = new Option<int?>("--batch") { Description = $"Samples a step. Default: {defaults.Batch}." };
        var seed = new Option<int?>("--seed") { Description = $"Seed of the task. Default: {defaults.Seed}." };
        var threads = Choice.Threads();
        var output = new Option<string?>("--out") { Description = "Folder for the fitted network, a model that `plan` and `export onnx` read." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("fit",
            "Fits the layered network of a graph to a small task, telling noisy patterns apart, with Adam; where the graph has no connection the " +
            "weight stays 0.\n\nExample:\n  connecto fit out --train pattern --classes 10")
        {
            directory, target, classes, noise, steps, batch, seed, threads, output, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var options = new FitOptions
            {
                Target = Choice.Of(parse, target, ("pattern", FitTarget.Pattern), ("readout", FitTarget.Readout)),
                Classes = Choice.AtLeast(parse, classes, 2, defaults.Classes),
                Noise = parse.GetValue(noise) ?? defaults.Noise,
                Steps = Choice.AtLeast(parse, steps, 0, defaults.Steps),
                Batch = Choice.AtLeast(parse, batch, 1, defaults.Batch),
                Seed = parse.GetValue(seed) ?? defaults.Seed,
                Threads = Choice.Threads(parse, threads),
            };
            var network = LayeredNetwork.Load(new RunDirectory(parse.GetRequiredValue(directory)));
            var clock = Stopwatch.StartNew();
            var fit = NetworkFit.Run(network, options, cancellation);
            var seconds = clock.Elapsed.TotalSeconds;
            if (parse.GetValue(output) is { } folder) fit.Model.Save(folder);
            if (parse.GetValue(json))
                Output.WriteJson(new
                {
                    train = options.Target,
                    options.Classes,
                    options.Noise,
                    options.Steps,
                    fit.Chance,
                    fit.Before,
                    fit.After,
                    fit.GraphWeights,
                    fit.HeldZeros,
                    seconds,
                });
            else
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{options.Classes} patterns, noise {options.Noise}: {fit.Before:P1} of held-out samples right before training, {fit.After:P1} after " +
                    $"{options.Steps} steps ({seconds:0.0} s); chance {fit.Chance:P1}. {fit.GraphWeights:N0} weights are the graph's connections, " +
                    $"{fit.HeldZeros:N0} places without one are 0."));
            return Task.FromResult(0);
        });
        return command;
    }
}
