using System.CommandLine;
using Connecto.Segmentation.Training;

namespace Connecto.Cli.Commands;

/// <summary>`connecto train --config FILE --data DIR --out DIR`: a model from labelled stacks, on the CPU.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var arguments = new TrainingArguments();
        var start = new Option<string?>("--start")
        {
            Description = "Begin with this model's weights: a folder, or the name of a shipped model. Default: random weights.",
        };
        var command = new Command("train",
            "Trains a network that predicts affinities, clefts and presynaptic sides, and exports it as a model. Ctrl-C stops " +
            "with a checkpoint.\n\nExample:\n" +
            "  connecto train --config data-samples/models/sstem/training.json --data datasets --out training/sstem --minutes 60");
        arguments.AddTo(command);
        command.Add(start);
        command.SetWork((parse, cancellation) =>
        {
            var config = arguments.ReadConfig(parse);
            var model = parse.GetValue(start) is { } name ? Models.Resolve(name, "--start") : null;
            var options = arguments.ReadOptions(parse, model, model is null ? "connecto train" : $"connecto train --start {parse.GetValue(start)}");
            if (model is not null && config.Start is null) config = config with { Start = StartModel.Of(model) };
            Console.Out.WriteLine(TrainingArguments.Describe(TrainingArguments.Run(config, options, cancellation)));
            return Task.FromResult(0);
        });
        return command;
    }
}
