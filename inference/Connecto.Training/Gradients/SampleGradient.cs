using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>One thread's forward and backward pass for samples of one size: all activations and gradients are
/// kept.</summary>
internal sealed unsafe class SampleGradient
{
    private readonly PlaneArena arena;
    private readonly PlaneLayout layout;
    private readonly CallerPlanes input = new();
    private readonly CallerPlanes logits = new();
    private readonly CallerPlanes slope = new();
    private readonly GradientTarget target = new();
    private readonly PlaneStep[] forward;
    private readonly PlaneStep[] backward;
    private readonly int channels;
    private readonly float[] logitValues;
    private readonly float[] slopeValues;

    public SampleGradient(
        KernelSet kernels, PlaneProgram program, WeightTables weights, ParameterMap map, int height, int width)
    {
        (Height, Width) = (height, width);
        // The loss takes logits: a closing Sigmoid is its affair.
        var last = program.Operations.FirstOrDefault(op => op.Output == program.Output && op.Operation == PlaneOperation.Sigmoid);
        if (program.Operations.Any(op => op.Inputs.SelectMany(program.Owners).Contains(program.Output))) last = null;
        var value = last?.Inputs[0] ?? program.Output;

        var geometry = new PlaneGeometry(program, new Extent(height, width));
        arena = geometry.Arena;
        var taken = program.Values.Select((v, i) => v.Parts is null ? geometry.Take(i) : []).ToArray();
        // The input too: a concatenation that holds it has a gradient in one piece.
        var takenGradients = program.Values.Select((v, i) => v.Parts is null ? geometry.Take(i) : []).ToArray();
        arena.Allocate();
        var planes = Offsets(program, taken);
        var gradients = Offsets(program, takenGradients);

        layout = geometry.LayoutOf(value);
        var forwardWeights = new NetworkWeights { Packed = weights.Forward };
        channels = program.Values[value].Channels;
        logitValues = GC.AllocateArray<float>(channels * layout.Height * layout.Width, pinned: true);
        slopeValues = GC.AllocateArray<float>(logitValues.Length, pinned: true);
        forward =
        [
            new CopyInStep(arena, geometry.LayoutOf(program.Input), input, planes[program.Input]),
            .. program.Operations.Where(op => op != last)
                .Select(op => StepFactory.Forward(kernels, op, geometry, planes, forwardWeights)),
            new CopyOutStep(arena, layout, logits, planes[value]),
        ];
        backward =
        [
            new CopyInStep(arena, layout, slope, gradients[value]),
            .. new BackwardSteps(kernels, program, geometry, planes, gradients, weights).From(value, map, target),
        ];
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Computes one sample's loss and, if asked, its gradient times a scale.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sample">Which sample.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">What the loss's gradient is multiplied with.</param>
    /// <param name="gradient">One value a parameter; empty to do without.</param>
    /// <returns>The loss, summed over the sample.</returns>
    public double Run(TrainingBatch batch, int sample, ILoss loss, float scale, Span<float> gradient)
    {
        var inputs = batch.Input.Length / batch.Count;
        fixed (float* from = batch.Input, into = logitValues)
        {
            input.Data = from + (long)sample * inputs;
            logits.Data = into;
            foreach (var step in forward) step.Run(0, 1);
        }
        var outputs = logitValues.Length;
        var value = loss.Evaluate(
            new LossSample
            {
                Channels = channels,
                Height = layout.Height,
                Width = layout.Width,
                Logits = logitValues,
                Target = batch.Target.AsSpan(sample * outputs, outputs),
                Weight = batch.Weight.AsSpan(sample * outputs, outputs),
            },
            slopeValues);
        if (gradient.IsEmpty) return value;

        foreach (ref var g in slopeValues.AsSpan()) g *= scale;
        gradient.Clear();
        fixed (float* from = slopeValues, into = gradient)
        {
            slope.Data = from;
            target.Data = into;
            foreach (var step in backward) step.Run(0, 1);
        }
        return value;
    }

    private int[][] Offsets(PlaneProgram program, int[][] taken) =>
        [.. Enumerable.Range(0, taken.Length).Select(v => arena.Offsets([.. program.Owners(v).SelectMany(o => taken[o])]))];
}
