using System.CommandLine;
using Connecto.Segmentation.Training;

namespace Connecto.Cli.Commands;

/// <summary>`connecto train --config FILE --data DIR --out DIR`: a model from labelled stacks, on the CPU.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The training's configuration, training.json.", Required = true };
        var data = new Option<string>("--data") { Description = "Folder that the configuration's paths start from.", Required = true };
        var output = new Option<string>("--out")
        {
            Description = "The training's folder: log.csv, checkpoint.bin and model/. A rerun goes on from the checkpoint.",
            Required = true,
        };
        var minutes = new Option<double?>("--minutes") { Description = "Stop after about so long, with a checkpoint. Default: at the last step." };
        var threads = new Option<int?>("--threads") { Description = "Threads; the weights do not depend on it. Default: all processors." };
        var command = new Command("train",
            "Trains a network that predicts affinities, clefts and presynaptic sides, and exports it as a model. Ctrl-C stops " +
            "with a checkpoint.\n\nExample:\n" +
            "  connecto train --config data-samples/models/sstem/training.json --data datasets --out training/sstem --minutes 60")
        {
            config, data, output, minutes, threads,
        };
        command.SetWork((parse, cancellation) =>
        {
            var file = parse.GetRequiredValue(config);
            var root = parse.GetRequiredValue(data);
            if (!File.Exists(file)) throw new InvalidDataException($"--config '{file}' does not exist; nothing was trained.");
            if (!Directory.Exists(root)) throw new InvalidDataException($"--data '{root}' is no folder; nothing was trained.");
            if (parse.GetValue(minutes) is <= 0) throw new InvalidDataException("--minutes must be positive; nothing was trained.");
            if (parse.GetValue(threads) is < 1) throw new InvalidDataException("--threads must be 1 or more; nothing was trained.");
            var result = EmTrainer.Run(TrainingConfig.Load(file), new EmTrainingOptions
            {
                DataRoot = root,
                Directory = parse.GetRequiredValue(output),
                Threads = parse.GetValue(threads) ?? Environment.ProcessorCount,
                Budget = parse.GetValue(minutes) is { } budget ? TimeSpan.FromMinutes(budget) : null,
                Command = $"connecto train --config {file} --data {root} --out {parse.GetRequiredValue(output)}",
                Report = row => Console.Error.WriteLine(row),
            }, cancellation);
            Console.Out.WriteLine($"{(result.IsComplete ? "complete" : "stopped, resumable")} at step {result.Step}; model: {result.ModelDirectory}");
            return Task.FromResult(0);
        });
        return command;
    }
}
