using System.CommandLine;
using System.Globalization;
using Connecto.Pipeline;
using Connecto.Pipeline.Tuning;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;

namespace Connecto.Cli.Commands;

/// <summary>`connecto tune MODEL --config FILE --data DIR`: a model's thresholds, chosen on its training sections.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "The model's folder; the thresholds in its model.json are replaced." };
        var config = new Option<string>("--config") { Description = "The training's configuration, training.json.", Required = true };
        var data = new Option<string>("--data") { Description = "Folder that the configuration's paths start from.", Required = true };
        var metric = new Option<string?>("--metric") { Description = "What is made small: cremi, or vi+rand (VI plus adapted Rand error). Default: cremi." };
        var sections = new Option<string?>("--sections") { Description = "Some of the training sections, first-last. Default: all. Validation sections are refused." };
        var threads = new Option<int?>("--threads") { Description = "Threads; the choice does not depend on it. Default: all processors." };
        var dry = new Option<bool>("--dry-run") { Description = "Print the table and leave the model as it is." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("tune",
            "Chooses thresholds of watershed, agglomeration and clefts: predicts the training sections once, tries values one after the " +
            "other and keeps the best. Sections that the configuration validates on are never read.\n\nExample:\n" +
            "  connecto tune training/sstem/model --config data-samples/models/sstem/training.json --data datasets")
        {
            model, config, data, metric, sections, threads, dry, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var root = parse.GetRequiredValue(data);
            if (!Directory.Exists(root)) throw new InvalidDataException($"--data '{root}' is no folder; nothing was tuned.");
            if (parse.GetValue(threads) is < 1) throw new InvalidDataException("--threads must be 1 or more; nothing was tuned.");
            var folder = Models.Resolve(parse.GetRequiredValue(model), "MODEL");
            var loaded = EmModel.Load(folder);
            var asJson = parse.GetValue(json);
            if (!asJson) Line("threshold", "value", "merge", "VI split", "VI merge", "rand error", "CREMI", "measure");
            var result = ThresholdTuner.Choose(loaded, TrainingConfig.Load(parse.GetRequiredValue(config)), new TuningOptions
            {
                DataRoot = root,
                Metric = ParseMetric(parse.GetValue(metric)),
                Sections = parse.GetValue(sections) is { } text ? SettingsOptions.ParseSections(text) : null,
                Threads = parse.GetValue(threads) ?? Environment.ProcessorCount,
                Report = asJson ? null : Print,
            }, cancellation);
            if (!parse.GetValue(dry))
                EmModel.Describe(folder, loaded.Info with
                {
                    Thresholds = new(result.Thresholds.ToDictionary(), StringComparer.Ordinal),
                    ThresholdsChosenOn = [.. result.ChosenOn],
                });
            if (asJson) Output.WriteJson(result);
            else Close(result, parse.GetValue(dry) ? "left as it was" : folder);
            return Task.FromResult(0);
        });
        return command;
    }

    private static TuningMetric ParseMetric(string? name) => name switch
    {
        null or "cremi" => TuningMetric.Cremi,
        "vi+rand" => TuningMetric.ViAndRand,
        _ => throw new InvalidDataException($"--metric '{name}' is neither cremi nor vi+rand; nothing was tuned."),
    };

    // Scores are means over the stacks.
    private static void Print(TuningRow row)
    {
        var scores = row.Scores;
        Line(row.Threshold, Number(row.Value, "0.00"), Number(row.Merge, "0.00"), Mean(s => s.ViSplit), Mean(s => s.ViMerge),
            Mean(s => s.AdaptedRandError), Mean(s => s.Cremi), Number(row.Measure, "0.0000"));

        string Mean(Func<Segmentation.SegmentationScore, double> of) => scores.Count == 0 ? "-" : Number(scores.Average(of), "0.0000");
    }

    private static void Close(TuningResult result, string where)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Chosen on {string.Join(", ", result.ChosenOn)}: " +
            string.Join(", ", result.Thresholds.Select(t => $"{t.Key} {Number(t.Value, "0.##")}")) + ".");
        Console.Out.WriteLine($"The measure was {Number(result.Before, "0.0000")} and is {Number(result.After, "0.0000")}; model: {where}");
    }

    private static void Line(string threshold, params ReadOnlySpan<string> cells)
    {
        Console.Out.Write(threshold.PadRight(9));
        foreach (var cell in cells) Console.Out.Write(cell.PadLeft(11));
        Console.Out.WriteLine();
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
