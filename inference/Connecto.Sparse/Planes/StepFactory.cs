using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>Turns a program's operations into steps on an arena; inference and training share it.</summary>
internal static class StepFactory
{
    /// <summary>Gives an arena its levels for one input size.</summary>
    public static PlaneArena Arena(PlaneProgram program, int height, int width)
    {
        var arena = new PlaneArena();
        foreach (var (scale, halo) in program.Halos)
            arena.AddLevel(scale, new PlaneLayout(height / scale, width / scale, halo));
        return arena;
    }

    /// <summary>The forward step of an operation.</summary>
    /// <param name="kernels">The variant.</param>
    /// <param name="program">The program.</param>
    /// <param name="op">The operation.</param>
    /// <param name="arena">The memory, allocated.</param>
    /// <param name="planes">Offsets of the planes, by value.</param>
    /// <param name="weights">Packed weights by convolution.</param>
    /// <param name="sparse">Sparse weights of the convolutions that have some, which take precedence; null for
    /// none.</param>
    public static PlaneStep Forward(
        KernelSet kernels, PlaneProgram program, PlaneOp op, PlaneArena arena, int[][] planes,
        IReadOnlyDictionary<string, PackedWeights> weights, IReadOnlyDictionary<string, SparseWeights>? sparse = null)
    {
        var inputs = planes[op.Inputs[0]];
        var outputs = planes[op.Output];
        var from = arena.LayoutOf(program.Values[op.Inputs[0]].Scale);
        var to = arena.LayoutOf(program.Values[op.Output].Scale);
        return op.Operation switch
        {
            PlaneOperation.Convolve when sparse is not null && sparse.TryGetValue(op.Node.Name, out var few) =>
                few.Step(kernels, arena, to, inputs, outputs, op.Rectified),
            PlaneOperation.Convolve => new ConvolutionStep(
                kernels, arena, to, weights[op.Node.Name], inputs, outputs, op.Rectified ? TileMode.Relu : TileMode.Plain),
            PlaneOperation.Phases => new PhaseStep(arena, from, to, op.Node.Stride, inputs, outputs),
            PlaneOperation.MaxPool => new MaxPoolStep(kernels, arena, from, to, op.Node.Stride, inputs, outputs),
            PlaneOperation.Upsample => new UpsampleStep(kernels, arena, from, to, op.Node.Stride, inputs, outputs),
            PlaneOperation.Add => new AddStep(kernels, arena, to, [.. op.Inputs.Select(i => planes[i])], outputs),
            PlaneOperation.Relu => new ReluStep(kernels, arena, to, inputs, outputs),
            PlaneOperation.Sigmoid => new SigmoidStep(arena, to, inputs, outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op.Operation, "No forward step."),
        };
    }

    /// <summary>Packed weights for every convolution of a program, not yet packed.</summary>
    public static Dictionary<string, PackedWeights> Weights(PlaneProgram program) => program.Operations
        .Where(op => op.Operation == PlaneOperation.Convolve)
        .ToDictionary(op => op.Node.Name, op => new PackedWeights(ConvolutionPattern.Forward(op.Node, program.ChannelsRead(op))));
}
