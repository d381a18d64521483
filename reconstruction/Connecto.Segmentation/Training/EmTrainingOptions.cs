namespace Connecto.Segmentation.Training;

/// <summary>Where and for how long to train; none of it changes the weights of a step.</summary>
public sealed record EmTrainingOptions
{
    /// <summary>The folder that the configuration's paths start from.</summary>
    public required string DataRoot { get; init; }

    /// <summary>The training's folder: training.json, log.csv, checkpoint.safetensors and model/.</summary>
    public required string Directory { get; init; }

    /// <summary>Folder of the model that the configuration begins with; null where it begins with none.</summary>
    public string? StartDirectory { get; init; }

    /// <summary>Threads of the network, positive; one more prepares batches.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Stop after about this time, with a checkpoint, before the configuration's last step; null: do not.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Stop after this step, with a checkpoint; null: at the configuration's last.</summary>
    public long? StopAfter { get; init; }

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The command line, for the model's card.</summary>
    public string Command { get; init; } = "connecto train";

    /// <summary>Told of every log row, on the calling thread; null: silence.</summary>
    public Action<EmTrainingProgress>? Report { get; init; }
}

/// <summary>A row of the training's log.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean training loss since the row before.</param>
/// <param name="StepsPerSecond">Rate since the row before.</param>
/// <param name="Left">Time left at that rate.</param>
/// <param name="Validation">Scores by source, where this row has them; else empty.</param>
public sealed record EmTrainingProgress(
    long Step, long Steps, double Loss, double StepsPerSecond, TimeSpan Left,
    IReadOnlyList<(string Source, ValidationScore Score)> Validation)
{
    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var text = FormattableString.Invariant(
            $"step {Step}/{Steps}  loss {Loss:0.0000}  {StepsPerSecond:0.00} steps/s  {Left:hh\\:mm\\:ss} left");
        foreach (var (source, score) in Validation) text += $"\n  validation {source}: {score}";
        return text;
    }
}

/// <summary>What a training came to.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="IsComplete">True when the configuration's last step was done.</param>
/// <param name="ModelDirectory">The exported model.</param>
/// <param name="Validation">Scores of the exported model by source.</param>
public sealed record EmTrainingResult(
    long Step, bool IsComplete, string ModelDirectory, IReadOnlyList<(string Source, ValidationScore Score)> Validation);
