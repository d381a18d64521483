using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A <see cref="SparseProduct"/> of everything but 3x3 convolutions.</summary>
internal sealed class PlannedProduct(KernelWorkload load, SparseProduct product) : PreparedKernel
{
    /// <summary>The product with a kernel by name, or null where the machine or the shape does not allow
    /// it.</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, ProductKernel kernel)
    {
        if (load.Precision != KernelPrecision.Fp32 || load.Shape.Window > 1) return null;
        var options = new SparseProductOptions { Columns = load.Shape.N, Threads = load.Threads, Kernel = kernel };
        try
        {
            return new PlannedProduct(load, SparseProduct.Create(load.Matrix, options));
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    public override double WeightBytes => 8.0 * load.Matrix.NonZeros;

    public override void Run() => product.Run(load.Rows.Span, load.Result.Span);

    public override void Dispose() => product.Dispose();
}
