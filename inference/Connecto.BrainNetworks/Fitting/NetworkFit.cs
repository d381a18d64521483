using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.BrainNetworks;

/// <summary>Fits a layered network to a small task with the graph's pattern held fixed: only where the brain has an edge may
/// there be a weight. Signs may change: nothing holds Dale's law.</summary>
public static class NetworkFit
{
    private const string Readout = "readout";

    /// <summary>Trains.</summary>
    /// <param name="network">A layered network.</param>
    /// <param name="options">Task and training.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="InvalidDataException">The network is recurrent, an option is out of range, or layers and batch are too
    /// large to train: gradients take 4 bytes a place, zeros included, and a sample. Nothing was trained.</exception>
    /// <remarks>Same bits at any number of threads.</remarks>
    public static FitResult Run(BrainNetwork network, FitOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var graph = LayeredModel.Of(network, LayeredOutput.AllLayers);
        var start = WithReadout(graph, options);
        if (start.Parameters * options.Batch > Array.MaxLength)
            throw new InvalidDataException(
                $"{start.Parameters} places times {options.Batch} samples are more than gradients are kept for ({Array.MaxLength}); take a smaller batch. Nothing was trained.");
        var task = new PatternTask(graph.Inputs, options);
        var test = task.Draw(options.TestSamples, -1);
        var fitted = options.Target == FitTarget.Pattern
            ? Train(start, options, ZeroWeights.Hold, task.Draw, cancellation)
            : TrainReadout(graph, start, task, options, cancellation);
        var places = network.Layers.Sum(l => (long)graph.Tensors[l.Name + ".weight"].Data.Length);
        return new FitResult(
            fitted, 1.0 / options.Classes, Accuracy(start, test, options), Accuracy(fitted, test, options), network.WeightCount,
            places - network.WeightCount);
    }

    private static NetworkModel WithReadout(NetworkModel graph, FitOptions options)
    {
        var readout = new NetworkNode { Name = Readout, Operator = NetworkOperator.Linear, Inputs = [graph.Output], Channels = options.Classes };
        var random = new Random(options.Seed);
        var spread = 1 / Math.Sqrt(graph.Outputs);
        var weights = new float[options.Classes * graph.Outputs];
        for (var i = 0; i < weights.Length; i++) weights[i] = (float)((2 * random.NextDouble() - 1) * spread);
        return new NetworkModel(graph.Inputs, [.. graph.Nodes, readout], Readout,
        [
            .. graph.Tensors.Values, new Tensor(Readout + ".weight", [options.Classes, graph.Outputs], weights),
            new Tensor(Readout + ".bias", [options.Classes], new float[options.Classes]),
        ]);
    }

    private static NetworkModel TrainReadout(
        NetworkModel graph, NetworkModel start, PatternTask task, FitOptions options, CancellationToken cancellation)
    {
        Tensor[] ends = [.. start.Tensors.Values.Where(t => t.Name.StartsWith(Readout + ".", StringComparison.Ordinal))];
        var node = start.Nodes.Single(n => n.Name == Readout) with { Inputs = [NetworkModel.InputName] };
        var alone = new NetworkModel(graph.Outputs, [node], Readout, ends);
        using var session = new NetworkSession(graph, options.Threads);
        var trained = Train(alone, options, ZeroWeights.Train, (count, turn) =>
        {
            var (inputs, classes) = task.Draw(count, turn);
            return (Activities(session, inputs, count), classes);
        }, cancellation);
        return start.With([.. start.Tensors.Values.Except(ends), .. trained.Tensors.Values]);
    }

    private static NetworkModel Train(
        NetworkModel model, FitOptions options, ZeroWeights zeros, Func<int, int, (float[], int[])> draw, CancellationToken cancellation)
    {
        using var trainer = new NetworkTrainer(model, new TrainerOptions
        {
            LearningRate = new LearningRateSchedule
            {
                Peak = options.LearningRate,
                Course = LearningRateCourse.Cosine,
                TotalSteps = Math.Max(1, options.Steps),
            },
            GradientBound = 1,
            AverageDecay = 0,
            Zeros = zeros,
            Threads = options.Threads,
        });
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (inputs, classes) = draw(options.Batch, step);
            trainer.Step(PatternTask.Batch(inputs, classes, options.Classes));
        }
        return trainer.Latest;
    }

    private static double Accuracy(NetworkModel model, (float[] Inputs, int[] Classes) test, FitOptions options)
    {
        using var session = new NetworkSession(model, options.Threads);
        var logits = Activities(session, test.Inputs, test.Classes.Length);
        var right = 0;
        for (var s = 0; s < test.Classes.Length; s++)
        {
            var row = logits.AsSpan(s * options.Classes, options.Classes);
            var best = 0;
            for (var c = 1; c < row.Length; c++)
                if (row[c] > row[best]) best = c;
            if (best == test.Classes[s]) right++;
        }
        return (double)right / test.Classes.Length;
    }

    // Samples are columns of the session's planes, and rows of everything else here.
    private static float[] Activities(NetworkSession session, float[] rows, int count)
    {
        var (inputs, outputs) = (session.Model.Inputs, session.Model.Outputs);
        float[] columns = new float[rows.Length], planes = new float[outputs * count], result = new float[outputs * count];
        for (var s = 0; s < count; s++)
            for (var i = 0; i < inputs; i++) columns[i * count + s] = rows[s * inputs + i];
        session.Run(columns, 1, count, planes);
        for (var s = 0; s < count; s++)
            for (var o = 0; o < outputs; o++) result[s * outputs + o] = planes[o * count + s];
        return result;
    }
}
