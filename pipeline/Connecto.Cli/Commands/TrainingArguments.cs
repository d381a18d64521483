using System.CommandLine;
using Connecto.Segmentation.Training;

namespace Connecto.Cli.Commands;

/// <summary>What all commands that train have in common: data, folder, time, threads.</summary>
internal sealed class TrainingArguments
{
    public Option<string> Config { get; } = new("--config") { Description = "The training's configuration, training.json.", Required = true };

    public Option<string> Data { get; } = new("--data") { Description = "Folder that the configuration's paths start from.", Required = true };

    public Option<string> Out { get; } = new("--out")
    {
        Description = "The training's folder: log.csv and its pictures, checkpoint.safetensors and model/. A rerun goes on from the checkpoint.",
        Required = true,
    };

    public Option<double?> Minutes { get; } = new("--minutes")
    {
        Description = "Stop after about so long, with a checkpoint. Default: at the last step.",
    };

    public Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Threads; the weights do not depend on it. Default: all processors.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Config, Data, Out, Minutes, Threads]) command.Add(option);
    }

    /// <summary>The configuration as it stands in its file.</summary>
    public TrainingConfig ReadConfig(ParseResult parse)
    {
        var file = parse.GetRequiredValue(Config);
        if (!File.Exists(file)) throw new InvalidDataException($"--config '{file}' does not exist; nothing was trained.");
        return TrainingConfig.Load(file);
    }

    /// <summary>Where and for how long.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="start">Folder of the model to begin with, or null.</param>
    /// <param name="command">The beginning of the command line that stands in the model's card.</param>
    public EmTrainingOptions ReadOptions(ParseResult parse, string? start, string command)
    {
        var (file, root, output) = (parse.GetRequiredValue(Config), parse.GetRequiredValue(Data), parse.GetRequiredValue(Out));
        if (!Directory.Exists(root)) throw new InvalidDataException($"--data '{root}' is no folder; nothing was trained.");
        if (File.Exists(output)) throw new InvalidDataException($"--out '{output}' is a file; nothing was trained.");
        if (parse.GetValue(Minutes) is <= 0) throw new InvalidDataException("--minutes must be positive; nothing was trained.");
        if (parse.GetValue(Threads) is < 1) throw new InvalidDataException("--threads must be 1 or more; nothing was trained.");
        return new()
        {
            DataRoot = root,
            Directory = output,
            StartDirectory = start,
            Threads = parse.GetValue(Threads) ?? Environment.ProcessorCount,
            Budget = parse.GetValue(Minutes) is { } budget ? TimeSpan.FromMinutes(budget) : null,
            Command = $"{command} --config {file} --data {root} --out {output}",
            Report = row =>
            {
                Console.Error.WriteLine(row);
                if (row.Validation.Count > 0) TrainingCurves.Write(output);
            },
        };
    }

    /// <summary>Trains, with pictures of the log.</summary>
    public static EmTrainingResult Run(TrainingConfig config, EmTrainingOptions options, CancellationToken cancel)
    {
        var result = EmTrainer.Run(config, options, cancel);
        TrainingCurves.Write(options.Directory);
        return result;
    }

    /// <summary>The line that a training ends with.</summary>
    public static string Describe(EmTrainingResult result) =>
        $"{(result.IsComplete ? "complete" : "stopped, resumable")} at step {result.Step}; model: {result.ModelDirectory}";
}
