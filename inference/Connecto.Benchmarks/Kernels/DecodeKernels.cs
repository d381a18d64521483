using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>Products with at most eight vectors; x by columns, so that a vector is contiguous.</summary>
internal static class DecodeKernels
{
    public static IReadOnlyList<KernelEntry> Table { get; } =
    [
        new("bitmask", null, KernelFamily.Sparse, load => PrepareBitmask(load, DecodeKernel.Auto))
        {
            Precisions = Enum.GetValues<KernelPrecision>(),
        },
        new("bitmask portable", null, KernelFamily.Sparse, load => PrepareBitmask(load, DecodeKernel.Portable))
        {
            Precisions = Enum.GetValues<KernelPrecision>(),
        },
        new("grouped", null, KernelFamily.Dense, load => PrepareGrouped(load, DecodeKernel.Auto))
        {
            Precisions = [KernelPrecision.Int4Group64, KernelPrecision.Int3Group64],
        },
        new("short rows", null, KernelFamily.Sparse, PrepareRows),
        new("columns", null, KernelFamily.Sparse, ColumnRows.Prepare),
        // A rival to the others: where it is faster than the library's kernels it is the best dense one known.
        new("dense bytes", PeerGroup.Dense, KernelFamily.Dense, PrepareDense),
    ];

    private static bool Applies(KernelWorkload load) => load.Shape.N <= DecodeOptions.MostVectors && load.Shape.Window == 1;

    private static DecodeOptions Options(KernelWorkload load) => new() { Batch = load.Shape.N, Threads = load.Threads };

    private static PreparedKernel? PrepareBitmask(KernelWorkload load, DecodeKernel kernel)
    {
        if (!Applies(load)) return null;
        var options = Options(load) with { Kernel = kernel };
        return load.Precision switch
        {
            KernelPrecision.Fp32 => new Floats(load, DecodeProduct.Create(BitmaskMatrix.FromCsr(load.Matrix), options)),
            KernelPrecision.BFloat16 => new Floats(load, DecodeProduct.Create(BitmaskMatrix.RoundToBFloat16(load.Matrix), options)),
            KernelPrecision.Int8 or KernelPrecision.Int8Block4 => new Bytes(load, DecodeProduct.Create(Whole(load.Matrix), options)),
            _ => null,
        };
    }

    private static PreparedKernel? PrepareRows(KernelWorkload load) => Applies(load) && load.Precision == KernelPrecision.Fp32
        ? new Floats(load, DecodeProduct.Create(load.Matrix, Options(load) with { Kernel = DecodeKernel.Portable })) : null;

    private static PreparedKernel? PrepareDense(KernelWorkload load) =>
        Applies(load) && load.Precision is KernelPrecision.Int8 or KernelPrecision.Int8Block4
            ? new Bytes(load, DecodeProduct.CreateDense(load.WeightBytes.Span, load.Shape.M, load.Shape.K, [], Options(load))) : null;

    private static PreparedKernel? PrepareGrouped(KernelWorkload load, DecodeKernel kernel) => Applies(load) && load.Precision switch
    {
        KernelPrecision.Int4Group64 => 4,
        KernelPrecision.Int3Group64 => 3,
        _ => 0,
    } is > 0 and var bits
        ? new Grouped(load, DecodeProduct.Create(Whole(load, bits), Options(load) with { Kernel = kernel })) : null;

    // The weights are whole numbers already: a scale of 1 leaves them as they are.
    private static BitmaskMatrix<sbyte> Whole(CsrMatrix matrix)
    {
        var floats = BitmaskMatrix.FromCsr(matrix);
        return new(
            floats.Rows, floats.Columns, floats.Masks.ToArray(), floats.RowStarts.ToArray(),
            Array.ConvertAll(floats.Values.ToArray(), v => (sbyte)v));
    }

    private static GroupedMatrix Whole(KernelWorkload load, int bits)
    {
        const int group = 64;
        var (rows, columns) = (load.Shape.M, load.Shape.K);
        var rowBytes = (columns * bits + 7) / 8;
        var packed = new byte[rows * rowBytes];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var field = (load.WeightBytes.Span[row * columns + column] & ((1 << bits) - 1)) << column * bits % 8;
                var at = row * rowBytes + column * bits / 8;
                packed[at] |= (byte)field;
                if (field > byte.MaxValue) packed[at + 1] |= (byte)(field >> 8);
            }
        var scales = new BFloat16[rows * ((columns + group - 1) / group)];
        Array.Fill(scales, (BFloat16)1f);
        return new GroupedMatrix(rows, columns, bits, group, packed, scales);
    }

    private abstract class Product(KernelWorkload load, DecodeProduct product) : PreparedKernel
    {
        protected KernelWorkload Load => load;

        public override ResultOrder Order => ResultOrder.Columns;

        public override double WeightBytes => product.WeightBytes;

        public override void Dispose() => product.Dispose();
    }

    private sealed class Floats(KernelWorkload load, DecodeProduct product) : Product(load, product)
    {
        private readonly DecodeProduct product = product;

        public override void Run() => product.Run(Load.Columns.Span, Load.Result.Span);
    }

    private sealed class Bytes(KernelWorkload load, ByteDecodeProduct product) : Product(load, product)
    {
        private readonly ByteDecodeProduct product = product;

        public override void Run() =>
            product.RunSums(Load.ColumnBytes.Span, 0, MemoryMarshal.Cast<float, int>(Load.Result.Span));
    }

    private sealed class Grouped(KernelWorkload load, GroupedDecodeProduct product) : Product(load, product)
    {
        private readonly GroupedDecodeProduct product = product;

        public override void Run() => product.Run(Load.ColumnBytes.Span, 1, 0, Load.Result.Span);
    }

    /// <summary>Columns of active inputs; here all are active, which is the worst case.</summary>
    private sealed class ColumnRows(KernelWorkload load, ColumnProduct product) : PreparedKernel
    {
        public static PreparedKernel? Prepare(KernelWorkload load) =>
            load.Precision == KernelPrecision.Fp32 && load.Shape is { N: 1, Window: 1 }
                ? new ColumnRows(load, ColumnProduct.Create(load.Matrix.ToCsc(), new() { Threads = load.Threads })) : null;

        public override ResultOrder Order => ResultOrder.Columns;

        public override double WeightBytes => 6.0 * load.Matrix.NonZeros + 4.0 * load.Threads * load.Shape.K;

        public override void Run() => product.Run(load.Columns.Span, load.Result.Span);

        public override void Dispose() => product.Dispose();
    }
}
