using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A <see cref="SparseProduct"/>. Of a 3x3 convolution it multiplies the windows of the planes, which it lays
/// out in every run.</summary>
internal sealed class PlannedProduct : PreparedKernel
{
    private readonly KernelWorkload load;
    private readonly SparseProduct product;
    private readonly PlaneWindows? windows;

    private PlannedProduct(KernelWorkload load, SparseProduct product)
    {
        (this.load, this.product) = (load, product);
        if (load.Shape.Window > 1) windows = new PlaneWindows(load.Shape, load.Threads);
    }

    /// <summary>The product with a kernel by name, or null where the machine or the shape does not allow
    /// it.</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, ProductKernel kernel)
    {
        if (load.Precision != KernelPrecision.Fp32) return null;
        try
        {
            return new PlannedProduct(load, SparseProduct.Create(
                load.Matrix, new SparseProductOptions { Columns = load.Shape.N, Threads = load.Threads, Kernel = kernel }));
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    public override double WeightBytes => 8.0 * load.Matrix.NonZeros;

    public override void Run()
    {
        windows?.LayOut(load.Rows.Span);
        product.Run(windows is null ? load.Rows.Span : windows.Span, load.Result.Span);
    }

    public override void Dispose()
    {
        product.Dispose();
        windows?.Dispose();
    }
}
