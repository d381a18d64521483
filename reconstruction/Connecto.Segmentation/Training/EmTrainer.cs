using System.Diagnostics;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Segmentation.Training;

/// <summary>Trains a network on labelled stacks and exports it as a model.</summary>
/// <remarks>
/// Idea: one loop of steps; batches, learning rate and weights depend on the configuration and the step number alone,
/// so a run that was stopped and resumed any number of times ends in the same bits as one that was not. The folder holds
/// training.json (the configuration it was started with), checkpoint.safetensors, log.csv and model/, the averaged weights as of
/// the last validation. Adam with decoupled weight decay, linear warm-up and a half cosine (I. Loshchilov, F. Hutter,
/// ICLR 2017 and 2019). It begins with random weights or with a model's, and makes the network sparse on the way where
/// the configuration says so.
/// </remarks>
public static class EmTrainer
{
    /// <summary>Trains, resuming from the folder's checkpoint where there is one, and exports the model.</summary>
    /// <param name="config">What to train.</param>
    /// <param name="options">Where, and for how long.</param>
    /// <param name="cancel">Stops cleanly after the step in hand: a checkpoint is written and the model exported.</param>
    /// <exception cref="InvalidDataException">The folder holds another configuration's training, or data do not fit.</exception>
    /// <exception cref="FileNotFoundException">Data are missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public static EmTrainingResult Run(TrainingConfig config, EmTrainingOptions options, CancellationToken cancel = default)
    {
        var start = StartModel.Load(config, options.StartDirectory);
        var folder = new TrainingFolder(options.Directory);
        folder.Claim(config);
        var data = TrainingData.Load(config, options.DataRoot, cancel);
        using var trainer = NewTrainer(config, start?.Network, options.Threads);
        folder.Resume(trainer);
        var last = Math.Min(config.Steps, options.StopAfter ?? config.Steps);
        var queue = new BatchQueue(config, data);
        var validation = new Validation(config, data.Validation, options.Threads);
        var (clock, sinceCheckpoint, sinceRow) = (Stopwatch.StartNew(), Stopwatch.StartNew(), Stopwatch.StartNew());
        var (loss, count) = (0.0, 0);
        IReadOnlyList<(string Source, ValidationScore Score)> scores = [];
        while (trainer.Steps < last && !cancel.IsCancellationRequested && !(clock.Elapsed >= options.Budget))
        {
            var step = trainer.Steps + 1;
            loss += trainer.Step(queue.Take(step - 1));
            if (trainer.Steps != step)
                throw new InvalidDataException(
                    $"No voxel of step {step}'s patches has a label; the sources' labels are ignored or unknown almost "
                    + "everywhere. Checkpoint and model are as of the last export.");
            count++;
            var validate = step % config.ValidateEvery == 0 && step < last;
            if (validate || step % config.LogEvery == 0 || step == last)
            {
                if (validate) scores = Export(config, start, options, folder, trainer, data, validation);
                var rate = count / Math.Max(1e-6, sinceRow.Elapsed.TotalSeconds);
                var row = new EmTrainingProgress(step, config.Steps, loss / count, rate,
                    TimeSpan.FromSeconds((config.Steps - step) / rate), validate ? scores : []);
                folder.Log(row);
                options.Report?.Invoke(row);
                (loss, count) = (0, 0);
                sinceRow.Restart();
            }
            if (sinceCheckpoint.Elapsed < options.CheckpointEvery) continue;
            folder.Checkpoint(trainer);
            sinceCheckpoint.Restart();
        }
        if (trainer.Steps == 0) cancel.ThrowIfCancellationRequested();
        folder.Checkpoint(trainer);
        scores = Export(config, start, options, folder, trainer, data, validation);
        return new(trainer.Steps, trainer.Steps >= config.Steps, folder.Model, scores);
    }

    private static NetworkTrainer NewTrainer(TrainingConfig config, NetworkModel? start, int threads) => new(
        start ?? EmArchitecture.Build(config.Sections, config.Widths, unchecked((int)config.Seed)),
        new TrainerOptions
        {
            LearningRate = new()
            {
                Peak = config.LearningRate,
                Course = LearningRateCourse.Cosine,
                WarmUpSteps = config.WarmupSteps,
                TotalSteps = config.Steps,
                Floor = config.LearningRate / 100,
            },
            WeightDecay = config.WeightDecay,
            GradientBound = config.GradientBound,
            AverageDecay = config.AverageDecay,
            Pruning = config.Pruning,
            Threads = threads,
        });

    private static IReadOnlyList<(string Source, ValidationScore Score)> Export(
        TrainingConfig config, EmModel? start, EmTrainingOptions options, TrainingFolder folder, NetworkTrainer trainer,
        TrainingData data, Validation validation)
    {
        var network = trainer.Model;
        var scores = validation.Run(network, cancel: default);
        var (histogram, roughness) = InputStatistics.Of(data.Train.Where(v => !v.IsSynthetic).DefaultIfEmpty(data.Train.First())
            .SelectMany(v => Enumerable.Range(0, v.Raw.Shape.Z).Select(z => (v.Raw.Slice(z).ToArray(), v.Raw.Shape.X))));
        var info = new EmModelInfo
        {
            Name = config.Name,
            VoxelSizeNm = config.VoxelSizeNm,
            Sections = config.Sections,
            Contrast = config.Contrast,
            AlignSections = config.AlignSections,
            InputMean = TrainingInput.Mean,
            InputScale = TrainingInput.Scale,
            Histogram = histogram,
            Roughness = roughness,
            Steps = trainer.Steps,
        };
        // Thresholds were chosen for the start; they fit what came of it better than the defaults.
        if (start is not null) info = info with { Overlap = start.Info.Overlap, Thresholds = start.Info.Thresholds };
        // A model that was made sparse is meant for bytes.
        var quantization = config.Pruning is null ? null : CalibrationPatches.Calibrate(config, data, info, network, options.Threads);
        new EmModel(info, network, quantization).Save(folder.Model);
        ModelCard.Write(Path.Combine(folder.Model, "README.md"), config, options.Command, network, trainer.Steps, scores);
        return scores;
    }
}
