using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>Turns a program's operations into steps on an arena; inference and training share it.</summary>
internal static class StepFactory
{
    /// <summary>The forward step of an operation.</summary>
    /// <param name="kernels">The variant.</param>
    /// <param name="op">The operation.</param>
    /// <param name="geometry">The layouts; the arena is allocated.</param>
    /// <param name="planes">Offsets of the planes, by value.</param>
    /// <param name="weights">The tensors.</param>
    public static BandStep Forward(
        KernelSet kernels, PlaneOp op, PlaneGeometry geometry, int[][] planes, NetworkWeights weights)
    {
        var (arena, node) = (geometry.Arena, op.Node);
        var (inputs, outputs) = (planes[op.Inputs[0]], planes[op.Output]);
        var (from, to) = (geometry.LayoutOf(op.Inputs[0]), geometry.LayoutOf(op.Output));
        var factor = new Extent(node.DepthStride, node.Stride, node.Stride);
        var mode = op.Rectified ? TileMode.Relu : TileMode.Plain;
        return op.Operation switch
        {
            PlaneOperation.Convolve when weights.Sparse.TryGetValue(node.Name, out var few) =>
                few.Step(kernels, arena, to, inputs, outputs, op.Rectified),
            PlaneOperation.Convolve => new ConvolutionStep(
                kernels, arena, to, weights.Packed[node.Name], inputs, outputs, mode),
            PlaneOperation.Phases => new PhaseStep(arena, from, to, factor, inputs, outputs),
            PlaneOperation.MaxPool => new MaxPoolStep(kernels, arena, from, to, factor, inputs, outputs),
            PlaneOperation.AveragePool => new AveragePoolStep(arena, from, to, factor, inputs, outputs),
            PlaneOperation.GlobalPool => new GlobalPoolStep(kernels, arena, from, to, inputs, outputs),
            PlaneOperation.Upsample => new UpsampleStep(kernels, arena, from, to, factor, inputs, outputs),
            PlaneOperation.Bilinear => new BilinearStep(arena, from, to, node.Stride, inputs, outputs),
            PlaneOperation.Add => new AddStep(kernels, arena, to, [.. op.Inputs.Select(i => planes[i])], outputs, mode),
            PlaneOperation.Relu => new ReluStep(kernels, arena, to, inputs, outputs),
            PlaneOperation.Sigmoid => new SigmoidStep(arena, to, inputs, outputs),
            PlaneOperation.Tanh or PlaneOperation.Gelu => new FunctionStep(arena, to, op.Operation, inputs, outputs),
            PlaneOperation.BatchNorm => new ScaleStep(arena, to, weights.Scales[node.Name], inputs, outputs),
            PlaneOperation.LayerNorm => new LayerNormStep(
                arena, to, node, weights.Norms[node.Name].Weight, weights.Norms[node.Name].Bias, inputs, outputs),
            PlaneOperation.Softmax => new SoftmaxStep(arena, to, inputs, outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op.Operation, "No forward step."),
        };
    }

    /// <summary>Packed weights for every convolution of a program, not yet packed.</summary>
    public static Dictionary<string, PackedWeights> Weights(PlaneProgram program) => program.Operations
        .Where(op => op.Operation == PlaneOperation.Convolve)
        .ToDictionary(op => op.Node.Name, op => new PackedWeights(ConvolutionPattern.Forward(op.Convolution!)));
}
