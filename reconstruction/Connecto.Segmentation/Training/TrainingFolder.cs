using System.Globalization;
using System.Text;
using Connecto.Training;

namespace Connecto.Segmentation.Training;

/// <summary>A training's folder on disk: its configuration, checkpoint and log.</summary>
internal sealed class TrainingFolder(string directory)
{
    private readonly string _config = Path.Combine(directory, "training.json");
    private readonly string _checkpoint = Path.Combine(directory, "checkpoint.safetensors");
    private readonly string _log = Path.Combine(directory, "log.csv");

    /// <summary>Where the model is exported.</summary>
    public string Model => Path.Combine(directory, "model");

    /// <summary>Makes the folder this configuration's own. Options that an older file lacks count as off.</summary>
    /// <exception cref="InvalidDataException">It holds the training of another one.</exception>
    public void Claim(TrainingConfig config)
    {
        Directory.CreateDirectory(directory);
        var text = config.ToJson();
        if (!File.Exists(_config)) Replace(_config, text);
        else if (TrainingConfig.Load(_config).ToJson() != text)
            throw new InvalidDataException(
                $"{directory} holds a training that was started with another configuration ({_config}); resuming needs the "
                + "same one. Name an empty folder, or train with that configuration. Nothing was changed.");
    }

    /// <summary>Loads the checkpoint, where there is one, and drops log rows of steps after it.</summary>
    public void Resume(NetworkTrainer trainer)
    {
        if (File.Exists(_checkpoint)) trainer.LoadCheckpoint(_checkpoint);
        var rows = new List<string> { $"step,steps_per_second,train_loss,source,{ValidationScore.CsvHeader}" };
        if (File.Exists(_log))
            rows.AddRange(File.ReadLines(_log).Skip(1).Where(row =>
                long.TryParse(row.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
                && step <= trainer.Steps));
        Replace(_log, string.Join('\n', rows) + "\n");
    }

    /// <summary>Writes the checkpoint; the one before stays whole until the new one is.</summary>
    public void Checkpoint(NetworkTrainer trainer) => trainer.SaveCheckpoint(_checkpoint);

    /// <summary>Appends a row, and one for each validated source.</summary>
    public void Log(EmTrainingProgress row)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{row.Step},{row.StepsPerSecond:0.000},{row.Loss:0.#####},,,,,,\n");
        foreach (var (source, score) in row.Validation)
            text.Append(CultureInfo.InvariantCulture, $"{row.Step},,,{source},{score.ToCsv()}\n");
        File.AppendAllText(_log, text.ToString());
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".tmp", text);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
