using Connecto.Sparse;
using Connecto.Sparse.Kernels;

namespace Connecto.Benchmarks;

/// <summary>Every kernel of Connecto that is measured: a new one is one line here.</summary>
internal static class OwnKernels
{
    public static IReadOnlyList<KernelEntry> Table { get; } =
    [
        new("stream", null, KernelFamily.Sparse, load => PlannedProduct.Prepare(load, ProductKernel.Stream)),
        new("product portable", null, KernelFamily.Sparse, load => PlannedProduct.Prepare(load, ProductKernel.Portable)),
        new("csr rows", null, KernelFamily.Sparse, CsrRows.Prepare),
        new($"planes {KernelTable.Chosen.Name}", null, KernelFamily.Dense, DensePlanes.Prepare),
    ];

    /// <summary>Compressed rows times one vector after another; x by columns, so that a vector is contiguous.</summary>
    private sealed class CsrRows(KernelWorkload load) : PreparedKernel
    {
        private const int MostColumns = 8;
        private readonly WorkerPool pool = new(load.Threads);

        public static PreparedKernel? Prepare(KernelWorkload load) =>
            load.Precision == KernelPrecision.Fp32 && load.Shape.N <= MostColumns ? new CsrRows(load) : null;

        public override ResultOrder Order => ResultOrder.Columns;

        public override double WeightBytes => 8.0 * load.Matrix.NonZeros + 4.0 * load.Shape.M;

        public override void Run()
        {
            var (m, k) = (load.Shape.M, load.Shape.K);
            for (var n = 0; n < load.Shape.N; n++)
                load.Matrix.Multiply(load.Columns.Span.Slice(n * k, k), load.Result.Span.Slice(n * m, m), pool);
        }

        public override void Dispose() => pool.Dispose();
    }

    /// <summary>A network of one convolution: copying planes in and out included.</summary>
    private sealed class DensePlanes(KernelWorkload load, NetworkSession session) : PreparedKernel
    {
        public static PreparedKernel? Prepare(KernelWorkload load)
        {
            var shape = load.Shape;
            if (load.Precision != KernelPrecision.Fp32 || !shape.IsConvolution) return null;
            NetworkNode[] nodes =
            [
                new()
                {
                    Name = "layer", Operator = NetworkOperator.Conv2d, Inputs = [NetworkModel.InputName], Channels = shape.M,
                    Kernel = shape.Window,
                },
            ];
            var weights = new Tensor(NetworkModel.WeightName(nodes[0]), shape.M, shape.Channels, shape.Window, shape.Window);
            load.Weights.Span.CopyTo(weights.Data);
            var model = new NetworkModel(
                shape.Channels, nodes, "layer", [weights, new Tensor(NetworkModel.BiasName(nodes[0]), shape.M)]);
            return new DensePlanes(load, new NetworkSession(model, load.Threads));
        }

        public override double WeightBytes => 4.0 * load.Shape.M * load.Shape.K;

        public override void Run() =>
            session.Run(load.Rows.Span, load.Shape.Edge, load.Shape.Edge, load.Result.Span);

        public override void Dispose() => session.Dispose();
    }
}
