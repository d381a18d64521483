using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A stand-alone convolution: copying planes in and out included.</summary>
internal sealed class PlannedConvolution(KernelWorkload load, SparseConvolution convolution) : PreparedKernel
{
    public static PreparedKernel? Prepare(KernelWorkload load)
    {
        var shape = load.Shape;
        if (load.Precision != KernelPrecision.Fp32 || !shape.IsConvolution) return null;
        var weights = new Tensor("weights", shape.M, shape.Channels, shape.Window, shape.Window);
        load.Weights.Span.CopyTo(weights.Data);
        return new PlannedConvolution(load, SparseConvolution.Create(weights, new SparseConvolutionOptions
        {
            Size = new Extent(shape.Edge, shape.Edge),
            Threads = load.Threads,
        }));
    }

    public override double WeightBytes => 8.0 * load.Matrix.NonZeros;

    public override void Run() => convolution.Run(load.Rows.Span, load.Result.Span);

    public override void Dispose() => convolution.Dispose();
}
