using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>Every kernel of Connecto that is measured: a new one is one line here.</summary>
internal static class OwnKernels
{
    public static IReadOnlyList<KernelEntry> Table { get; } =
    [
        new("session", null, KernelFamily.Sparse, load => SessionLayer.Prepare(load, KernelFamily.Sparse)),
        new("session dense", null, KernelFamily.Dense, load => SessionLayer.Prepare(load, KernelFamily.Dense)),
        new("convolution", null, KernelFamily.Sparse, PlannedConvolution.Prepare),
        new("stream", null, KernelFamily.Sparse, load => PlannedProduct.Prepare(load, ProductKernel.Stream)),
        new("portable", null, KernelFamily.Sparse, load => PlannedProduct.Prepare(load, ProductKernel.Portable)),
        new("dense", null, KernelFamily.Dense, load => PlannedProduct.Prepare(load, ProductKernel.Dense)),
        new("blocks", null, KernelFamily.Sparse, load => BlockProduct.Prepare(load, ProductKernel.Stream)),
        new("blocks portable", null, KernelFamily.Sparse, load => BlockProduct.Prepare(load, ProductKernel.Portable)),
        new("byte windows", null, KernelFamily.Sparse, load => ByteWindows.Prepare(load, ProductKernel.Stream)),
        new("csr rows", null, KernelFamily.Sparse, CsrRows.Prepare),
        .. DecodeKernels.Table,
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
}
