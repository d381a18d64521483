using System.CommandLine;
using System.Globalization;
using Connecto.Segmentation.Training;
using Connecto.Training;

namespace Connecto.Cli.Commands;

/// <summary>`connecto sparsify MODEL`: the same model with most of its weights 0, by a short training.</summary>
internal static class SparsifyCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "The model to begin with: a folder, or the name of a shipped model." };
        var arguments = new TrainingArguments();
        var zeros = new Option<double?>("--zeros")
        {
            Description = "Share of zeros, of all layers but the first and the last. Default: 0.88.",
        };
        var pattern = new Option<string?>("--pattern")
        {
            Description = "blocks (four input channels of one tap: what int8 kernels skip) or unstructured. Default: blocks.",
        };
        var steps = new Option<int?>("--steps") { Description = "Steps in all. Default: 2000." };
        var rate = new Option<double?>("--learning-rate") { Description = "Largest learning rate. Default: a third of the configuration's." };
        var command = new Command("sparsify",
            "Makes a model sparse: trains it on while ever more of its smallest weights become 0, then lets the rest settle. Ctrl-C " +
            "stops with a checkpoint.\n\nExample:\n" +
            "  connecto sparsify sstem --config data-samples/models/sstem/training.json --data datasets --out training/sparse --zeros 0.88")
        {
            model, zeros, pattern, steps, rate,
        };
        arguments.AddTo(command);
        command.SetWork((parse, cancellation) =>
        {
            var defaults = new SparseTraining();
            var start = Models.Resolve(parse.GetRequiredValue(model), "MODEL");
            var config = new SparseTraining
            {
                Zeros = parse.GetValue(zeros) ?? defaults.Zeros,
                Pattern = parse.GetValue(pattern) is { } name ? ParsePattern(name) : defaults.Pattern,
                Steps = parse.GetValue(steps) ?? defaults.Steps,
                LearningRate = parse.GetValue(rate),
            }.Of(arguments.ReadConfig(parse), start);
            var text = string.Create(CultureInfo.InvariantCulture,
                $"connecto sparsify {parse.GetRequiredValue(model)} --zeros {config.Pruning!.Zeros} --pattern "
                + $"{config.Pruning.Pattern.ToString().ToLowerInvariant()} --steps {config.Steps} --learning-rate {config.LearningRate}");
            var options = arguments.ReadOptions(parse, start, text);
            var result = TrainingArguments.Run(config, options, cancellation);
            if (result.IsComplete)
                SparsifySummary.Write(config, options.DataRoot, start, result.ModelDirectory, options.Threads, cancellation);
            Console.Out.WriteLine(TrainingArguments.Describe(result));
            return Task.FromResult(0);
        });
        return command;
    }

    private static PruningPattern ParsePattern(string name) => name switch
    {
        "blocks" => PruningPattern.Blocks,
        "unstructured" => PruningPattern.Unstructured,
        _ => throw new InvalidDataException($"--pattern '{name}' is neither blocks nor unstructured; nothing was trained."),
    };
}
