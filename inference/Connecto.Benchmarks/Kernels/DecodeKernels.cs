using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>Products with at most eight vectors; x by columns, so that a vector is contiguous.</summary>
internal static class DecodeKernels
{
    public static IReadOnlyList<KernelEntry> Table { get; } =
    [
        new("bitmask", null, KernelFamily.Sparse, load => PrepareBitmask(load, DecodeKernel.Auto)),
        new("bitmask portable", null, KernelFamily.Sparse, load => PrepareBitmask(load, DecodeKernel.Portable)),
        // A rival to the others: where it is faster than the library's kernels it is the best dense one known.
        new("dense bytes", PeerGroup.Dense, KernelFamily.Dense, PrepareDense),
    ];

    private static PreparedKernel? PrepareBitmask(KernelWorkload load, DecodeKernel kernel)
    {
        if (load.Shape.N > DecodeOptions.MostVectors || load.Shape.Window > 1) return null;
        var options = Options(load) with { Kernel = kernel };
        var floats = BitmaskMatrix.FromCsr(load.Matrix);
        return load.Precision == KernelPrecision.Fp32
            ? new Floats(load, DecodeProduct.Create(floats, options))
            : new Bytes(load, DecodeProduct.Create(Whole(floats), options));
    }

    private static PreparedKernel? PrepareDense(KernelWorkload load) =>
        load.Precision == KernelPrecision.Fp32 || load.Shape.N > DecodeOptions.MostVectors || load.Shape.Window > 1 ? null
            : new Bytes(load, DecodeProduct.CreateDense(load.WeightBytes.Span, load.Shape.M, load.Shape.K, [], Options(load)));

    private static DecodeOptions Options(KernelWorkload load) => new() { Batch = load.Shape.N, Threads = load.Threads };

    // The weights are whole numbers already.
    private static BitmaskMatrix<sbyte> Whole(BitmaskMatrix<float> matrix) => new(
        matrix.Rows, matrix.Columns, matrix.Masks.ToArray(), matrix.RowStarts.ToArray(),
        Array.ConvertAll(matrix.Values.ToArray(), v => (sbyte)v));

    private sealed class Floats(KernelWorkload load, DecodeProduct product) : PreparedKernel
    {
        public override ResultOrder Order => ResultOrder.Columns;

        public override double WeightBytes => product.WeightBytes;

        public override void Run() => product.Run(load.Columns.Span, load.Result.Span);

        public override void Dispose() => product.Dispose();
    }

    private sealed class Bytes(KernelWorkload load, ByteDecodeProduct product) : PreparedKernel
    {
        public override ResultOrder Order => ResultOrder.Columns;

        public override double WeightBytes => product.WeightBytes;

        public override void Run() =>
            product.RunSums(load.ColumnBytes.Span, 0, MemoryMarshal.Cast<float, int>(load.Result.Span));

        public override void Dispose() => product.Dispose();
    }
}
