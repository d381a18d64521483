using Connecto.Sparse;
using Connecto.Sparse.Kernels;

namespace Connecto.Benchmarks;

/// <summary>A convolution as a network of one layer: copying planes in and out of the session included.</summary>
internal sealed class SessionLayer(KernelWorkload load, NetworkSession session, KernelFamily family) : PreparedKernel
{
    /// <summary>A session that skips zeros where it pays (sparse), or never does (dense).</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, KernelFamily family)
    {
        var shape = load.Shape;
        if (load.Precision != KernelPrecision.Fp32 || !shape.IsConvolution) return null;
        var layer = new NetworkNode
        {
            Name = "layer",
            Operator = NetworkOperator.Conv2d,
            Inputs = [NetworkModel.InputName],
            Channels = shape.M,
            Kernel = shape.Window,
        };
        var weights = new Tensor(NetworkModel.WeightName(layer), shape.M, shape.Channels, shape.Window, shape.Window);
        load.Weights.Span.CopyTo(weights.Data);
        var bias = new Tensor(NetworkModel.BiasName(layer), shape.M);
        var model = new NetworkModel(shape.Channels, [layer], layer.Name, [weights, bias]);
        var session = family == KernelFamily.Sparse
            ? new NetworkSession(model, load.Threads)
            : new NetworkSession(model, load.Threads, KernelTable.Chosen, sparseShare: -1);
        return new SessionLayer(load, session, family);
    }

    public override double WeightBytes =>
        family == KernelFamily.Sparse ? 8.0 * load.Matrix.NonZeros : 4.0 * load.Shape.M * load.Shape.K;

    public override void Run() => session.Run(load.Rows.Span, load.Shape.Edge, load.Shape.Edge, load.Result.Span);

    public override void Dispose() => session.Dispose();
}
