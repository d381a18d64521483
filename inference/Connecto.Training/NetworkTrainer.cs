using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;
using Connecto.Training.Gradients;

namespace Connecto.Training;

/// <summary>Trains a network: gradients by backpropagation, Adam, averaged weights; and makes it sparse if asked
/// to.</summary>
/// <remarks>
/// Threads take samples of a batch, each with buffers of its own; the samples' gradients are added in the order of the
/// batch, so the weights have the same bits at any number of threads. A batch should hold a multiple of the threads.
/// A network that closes with a Sigmoid is trained on what goes into it; other outputs are taken as logits themselves.
/// Not safe for two callers at once.
/// </remarks>
public sealed class NetworkTrainer : IDisposable
{
    private const int SizesKept = 2;

    private readonly TrainerOptions options;
    private readonly NetworkModel model;
    private readonly KernelSet kernels;
    private readonly WorkerPool pool;
    private readonly PlaneProgram program;
    private readonly ParameterMap map;
    private readonly WeightTables weights;
    private readonly Adam adam;
    private readonly List<SampleGradient>[] workspaces;
    private float[] gradients = [];
    private double[] losses = [];
    private int nextSample;

    /// <summary>Begins from a model's weights, which are copied.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a node has no gradient: a trainer takes
    /// Linear, Relu, MaxPool2d, Upsample2d, Concat, Add, Sigmoid, and Conv2d with padding "same", one group and no
    /// dilation.</exception>
    /// <exception cref="InvalidDataException">CONNECTO_KERNEL names no kernel of this machine.</exception>
    public NetworkTrainer(NetworkModel model, TrainerOptions options) : this(model, options, KernelTable.Chosen) { }

    internal NetworkTrainer(NetworkModel model, TrainerOptions options, KernelSet kernels)
    {
        (this.model, this.options, this.kernels) = (model, options, kernels);
        foreach (var node in model.Nodes) RefuseUntrainable(node);
        program = new PlaneProgram(model.Graph);
        foreach (var op in program.Operations) RefuseRepeats(op);
        map = new ParameterMap(model);
        weights = new WeightTables(program, map);
        var values = map.Gather(model);
        adam = new Adam(options, map, values, Mask(values));
        pool = new WorkerPool(options.Threads);
        workspaces = [.. Enumerable.Range(0, options.Threads).Select(_ => new List<SampleGradient>())];
    }

    /// <summary>Steps done.</summary>
    public long Steps => adam.Steps;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate => options.LearningRate.At(adam.Steps);

    /// <summary>The network with the averaged weights as they are now; a copy.</summary>
    public NetworkModel Model => model.With(map.Scatter(adam.Average));

    /// <summary>The network with the latest weights as they are now; a copy.</summary>
    public NetworkModel Latest => model.With(map.Scatter(adam.Parameters));

    /// <summary>Takes one step of the optimiser.</summary>
    /// <returns>The weighted mean loss of the batch, before the step; 0 for a batch without weight, which moves
    /// nothing.</returns>
    /// <exception cref="ArgumentException">The batch's arrays do not fit its sizes or the network.</exception>
    public float Step(TrainingBatch batch)
    {
        adam.Prune();
        var loss = Run(batch, adam.Parameters, withGradient: true, out var total);
        if (total > 0) adam.Step(gradients, batch.Count, pool, kernels);
        return loss;
    }

    /// <summary>The weighted mean loss of a batch under the averaged weights; nothing is changed.</summary>
    /// <exception cref="ArgumentException">The batch's arrays do not fit its sizes or the network.</exception>
    public float Evaluate(TrainingBatch batch) => Run(batch, adam.Average, withGradient: false, out _);

    /// <summary>Writes all that a later trainer needs to go on to the very same weights: weights, averages, both
    /// moments, mask, step. Written under a temporary name and renamed.</summary>
    /// <param name="path">The file, in safetensors format.</param>
    /// <param name="notes">Text of the caller's, such as the state of its own random numbers.</param>
    public void SaveCheckpoint(string path, IReadOnlyDictionary<string, string>? notes = null) =>
        CheckpointFile.Write(path, map, adam, notes);

    /// <summary>Takes up a checkpoint. With the same options and batches, the weights go on bit by bit as if there
    /// had been no break, at any number of threads.</summary>
    /// <returns>The notes that were saved with it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or one of another network; the trainer is as
    /// it was.</exception>
    public IReadOnlyDictionary<string, string> LoadCheckpoint(string path) => CheckpointFile.Read(path, map, adam);

    /// <summary>Ends the trainer's threads.</summary>
    public void Dispose() => pool.Dispose();

    /// <summary>The gradient of the mean loss by all parameters in the order of the map, for tests.</summary>
    internal float[] Gradient(TrainingBatch batch)
    {
        Run(batch, adam.Parameters, withGradient: true, out _);
        var sum = new float[map.Length];
        for (var s = 0; s < batch.Count; s++)
            for (var i = 0; i < sum.Length; i++) sum[i] += gradients[s * map.Length + i];
        return sum;
    }

    private float Run(TrainingBatch batch, float[] parameters, bool withGradient, out double total)
    {
        Check(batch);
        total = 0;
        foreach (var weight in batch.Weight) total += weight;
        var scale = total > 0 ? (float)(1 / total) : 0;
        if (losses.Length < batch.Count) losses = new double[batch.Count];
        if (withGradient && gradients.Length < (long)batch.Count * map.Length)
            gradients = GC.AllocateUninitializedArray<float>(checked(batch.Count * map.Length), pinned: true);

        pool.Run(thread => weights.Pack(parameters, thread, pool.Threads));
        nextSample = 0;
        pool.Run(thread =>
        {
            var workspace = WorkspaceFor(thread, batch.Height, batch.Width);
            // Whoever is free takes the next sample: who computes it leaves no trace in the result.
            for (int s; (s = Interlocked.Increment(ref nextSample) - 1) < batch.Count;)
            {
                var gradient = withGradient ? gradients.AsSpan(s * map.Length, map.Length) : default;
                losses[s] = workspace.Run(batch, s, options.Loss, scale, gradient);
            }
        });
        double sum = 0;
        for (var s = 0; s < batch.Count; s++) sum += losses[s];
        return total > 0 ? (float)(sum / total) : 0;
    }

    private PruningMask? Mask(float[] values)
    {
        var mask = options.Pruning is { } pruning ? new PruningMask(pruning, map, PrunableLayer.Of(model, map))
            : options.Zeros == ZeroWeights.Hold ? new PruningMask(map) : null;
        if (options.Zeros == ZeroWeights.Hold) mask!.HoldZeros(values, map.Decayed);
        return mask;
    }

    private SampleGradient WorkspaceFor(int thread, int height, int width)
    {
        var kept = workspaces[thread];
        if (kept.Find(w => w.Height == height && w.Width == width) is { } found) return found;
        if (kept.Count == SizesKept) kept.RemoveAt(0);
        kept.Add(new SampleGradient(kernels, program, weights, map, height, width));
        return kept[^1];
    }

    private void Check(TrainingBatch batch)
    {
        var multiple = model.SizeMultiple;
        if (batch.Count < 1 || batch.Height < 1 || batch.Width < 1 || batch.Height % multiple != 0 || batch.Width % multiple != 0)
            throw new ArgumentException(
                $"A batch needs samples whose sides are multiples of {multiple}; found {batch.Count} of {batch.Height} x {batch.Width}.");
        var pixels = (long)batch.Height * batch.Width;
        var inputs = batch.Count * model.Inputs * pixels;
        var outputs = batch.Count * model.Outputs * (pixels / model.OutputScale / model.OutputScale);
        if (batch.Input.Length != inputs || batch.Target.Length != outputs || batch.Weight.Length != outputs)
            throw new ArgumentException(
                $"The batch needs {inputs} inputs, {outputs} targets and weights; found {batch.Input.Length}, "
                + $"{batch.Target.Length} and {batch.Weight.Length}.");
    }

    /// <summary>Only operators with a gradient.</summary>
    private static void RefuseUntrainable(NetworkNode node)
    {
        var known = node.Operator is NetworkOperator.Conv2d or NetworkOperator.Linear or NetworkOperator.Relu
            or NetworkOperator.MaxPool2d or NetworkOperator.Upsample2d or NetworkOperator.Concat or NetworkOperator.Add
            or NetworkOperator.Sigmoid;
        if (!known || node.Padding is not null || node.Dilation != 1 || node.Groups != 1)
            throw new ArgumentException(
                $"Node '{node.Name}' ({node.Operator}) cannot be trained; a trainer takes Linear, Relu, MaxPool2d, Upsample2d, "
                + "Concat, Add, Sigmoid, and Conv2d with padding \"same\", one group and no dilation.");
    }

    /// <summary>A convolution over the same plane twice would write one gradient plane from two places at
    /// once.</summary>
    private void RefuseRepeats(PlaneOp op)
    {
        if (op.Operation != PlaneOperation.Convolve) return;
        var owners = program.Owners(op.Inputs[0]).ToList();
        if (owners.Distinct().Count() != owners.Count)
            throw new ArgumentException(
                $"Node '{op.Node.Name}' reads a concatenation that holds one node twice; training needs it once.");
    }
}
