using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A <see cref="ByteProduct"/> of everything but 3x3 convolutions; packing included.</summary>
internal sealed class BlockProduct(KernelWorkload load, ByteProduct product) : PreparedKernel
{
    // Vectors hold 16 columns: with fewer most of the work would be in vain.
    private const int FewestColumns = 16;

    /// <summary>The product with a kernel by name, or null where the machine or the shape does not allow it.</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, ProductKernel kernel)
    {
        if (load.Precision == KernelPrecision.Fp32 || load.Shape.Window > 1 || load.Shape.N < FewestColumns)
            return null;
        var options = new ByteProductOptions { Columns = load.Shape.N, Threads = load.Threads, Kernel = kernel };
        try
        {
            return new BlockProduct(load, load.Precision == KernelPrecision.Int8Block4
                ? ByteProduct.Create(BlockMatrix.FromBytes(load.Matrix), options)
                : ByteProduct.Create(ByteMatrix.FromBytes(load.Matrix), options));
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    public override double WeightBytes => 2.0 * load.Matrix.NonZeros;

    public override void Run() => product.Run(load.RowBytes.Span, MemoryMarshal.Cast<float, int>(load.Result.Span));

    public override void Dispose() => product.Dispose();
}
