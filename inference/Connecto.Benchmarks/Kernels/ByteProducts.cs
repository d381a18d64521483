using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A <see cref="ByteProduct"/> of everything but 3x3 convolutions; packing included.</summary>
internal sealed class BlockProduct(KernelWorkload load, BlockMatrix matrix, ByteProduct product) : PreparedKernel
{
    /// <summary>The product with a kernel by name, or null where the machine or the shape does not allow it.</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, ProductKernel kernel)
    {
        if (load.Precision == KernelPrecision.Fp32 || load.Shape.Window > 1 || load.Shape.K % 4 != 0) return null;
        var matrix = BlockMatrix.FromBytes(load.Matrix);
        var options = new ByteProductOptions { Columns = load.Shape.N, Threads = load.Threads, Kernel = kernel };
        try
        {
            return new BlockProduct(load, matrix, ByteProduct.Create(matrix, options));
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    public override double WeightBytes => 8.0 * matrix.Blocks;

    public override void Run() => product.Run(load.RowBytes.Span, MemoryMarshal.Cast<float, int>(load.Result.Span));

    public override void Dispose() => product.Dispose();
}
