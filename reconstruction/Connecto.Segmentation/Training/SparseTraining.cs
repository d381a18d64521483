using Connecto.Training;

namespace Connecto.Segmentation.Training;

/// <summary>How a trained model is made sparse: a short training of its own.</summary>
/// <remarks>Weights fall over the first 70 % of the steps, in 50 or more small falls where there are steps enough; the rest
/// of the steps, at low rates, lets what is kept settle.</remarks>
public sealed record SparseTraining
{
    private const double FallingShare = 0.7;

    /// <summary>Share of zeros in the end, in [0, 1), of the layers that are pruned.</summary>
    public double Zeros { get; init; } = 0.88;

    /// <summary>Which weights fall together.</summary>
    public PruningPattern Pattern { get; init; } = PruningPattern.Blocks;

    /// <summary>Steps in all, at least 10.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Largest learning rate; null for a third of the configuration's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The configuration of the sparse training of a model that was, as a rule, trained by
    /// <paramref name="config"/>: its data and augmentation, other patches, its own steps and rate.</summary>
    /// <exception cref="InvalidDataException">A value is out of range, or the folder is no model.</exception>
    public TrainingConfig Of(TrainingConfig config, string modelDirectory)
    {
        if (Steps < 10) throw new InvalidDataException($"Sparsifying needs at least 10 steps; found {Steps}. Nothing was trained.");
        var falling = (int)(Steps * FallingShare);
        var sparse = config with
        {
            Start = StartModel.Of(modelDirectory),
            Steps = Steps,
            LearningRate = LearningRate ?? config.LearningRate / 3,
            WarmupSteps = Math.Min(config.WarmupSteps, Steps / 20),
            Seed = config.Seed + 1,
            Pruning = new() { Zeros = Zeros, Pattern = Pattern, LastStep = falling, Every = Math.Clamp(falling / 50, 1, 50) },
        };
        sparse.Check("The sparse training");
        return sparse;
    }
}
