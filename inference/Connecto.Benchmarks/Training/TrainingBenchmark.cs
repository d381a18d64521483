using System.Diagnostics;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Benchmarks;

/// <summary>What is measured.</summary>
public sealed record TrainingBenchmarkOptions
{
    /// <summary>Threads of both.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Patches a step.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>Edge of a patch, a multiple of the network's SizeMultiple.</summary>
    public int Patch { get; init; } = 160;

    /// <summary>Turns of each.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Python's command; null tries python3 and /usr/bin/python3.</summary>
    public string? Python { get; init; }
}

/// <summary>What came out; serialises to JSON as it is.</summary>
/// <param name="Shape">Batch, sections and edges of a step.</param>
/// <param name="Threads">Threads of both.</param>
/// <param name="SecondsPerStep">Of this project's trainer, the median of its turns.</param>
/// <param name="StepsPerSecond">Its inverse.</param>
/// <param name="MegavoxelsPerSecond">Pixels of the batch, in millions, a second.</param>
/// <param name="GigaflopsPerSecond">Multiplications and additions of the convolutions, forward and both gradients.</param>
/// <param name="Bound">What the processor's multiply-adds alone could do, GFLOP/s, measured in the same run.</param>
/// <param name="Peer">PyTorch's version and settings; null where it is not installed.</param>
/// <param name="PeerSecondsPerStep">Of PyTorch, likewise.</param>
/// <param name="Ratio">PyTorch's time over ours, the median over the rounds; above 1 we are faster.</param>
/// <param name="LossDifference">Largest relative difference of the two losses of the first batch: both train the same.</param>
public sealed record TrainingRow(
    string Shape, int Threads, double SecondsPerStep, double StepsPerSecond, double MegavoxelsPerSecond, double GigaflopsPerSecond,
    double Bound, string? Peer, double? PeerSecondsPerStep, double? Ratio, double? LossDifference);

/// <summary>Times steps of training against PyTorch: the same network, batch, patch and threads, in turn.</summary>
public static class TrainingBenchmark
{
    private const double LearningRate = 1e-4, TurnSeconds = 1;

    /// <summary>Measures.</summary>
    /// <param name="model">The network with starting weights, closed by a Sigmoid.</param>
    /// <param name="options">How.</param>
    /// <param name="missing">Is told, in a sentence, why PyTorch is left out.</param>
    /// <param name="cancel">Stops between turns.</param>
    /// <exception cref="InvalidDataException">The patch does not fit the network.</exception>
    public static TrainingRow Run(
        NetworkModel model, TrainingBenchmarkOptions options, Action<string> missing, CancellationToken cancel = default)
    {
        if (options.Patch % model.SizeMultiple != 0)
            throw new InvalidDataException(
                $"The patch must be a multiple of {model.SizeMultiple}, but is {options.Patch}; nothing was measured.");
        var batch = NetworkBenchmark.Batch(model, options.Batch, options.Patch, options.Patch);
        using var trainer = new NetworkTrainer(
            model, new TrainerOptions { Threads = options.Threads, LearningRate = new() { Peak = LearningRate } });
        var loss = trainer.Evaluate(batch);
        trainer.Step(batch);
        var python = options.Python is { } command ? [command] : (string[])["python3", "/usr/bin/python3"];
        using var peer = TorchPeer.Start(python, model, batch, LearningRate, options.Threads, missing);
        var steps = Math.Clamp((int)(TurnSeconds / Own(trainer, batch, 1)), 1, 50);
        var (own, others, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            own.Add(Own(trainer, batch, steps));
            if (peer is null) continue;
            others.Add(peer.Run(steps) / steps);
            ratios.Add(others[^1] / own[^1]);
        }
        var seconds = Median(own);
        var pixels = (double)options.Batch * options.Patch * options.Patch;
        return new(
            $"{options.Batch}x{model.Inputs}x{options.Patch}x{options.Patch}", options.Threads, seconds, 1 / seconds,
            pixels / seconds / 1e6, 6 * pixels * model.MultiplyAddsPerPixel / seconds / 1e9, PeakBenchmark.Measure(options.Threads),
            peer?.Description, peer is null ? null : Median(others), peer is null ? null : Median(ratios),
            peer is null ? null : Math.Abs(peer.Loss - loss) / loss);
    }

    private static double Own(NetworkTrainer trainer, TrainingBatch batch, int steps)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++) trainer.Step(batch);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds / steps;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
