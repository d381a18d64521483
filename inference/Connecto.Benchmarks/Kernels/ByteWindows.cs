using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>A <see cref="ByteConvolution"/>: packing included.</summary>
internal sealed class ByteWindows : PreparedKernel
{
    private readonly KernelWorkload load;
    private readonly WorkerPool pool;
    private readonly ByteConvolution convolution;

    private ByteWindows(KernelWorkload load, ProductKernel kernel, WorkerPool pool)
    {
        var shape = load.Shape;
        (this.load, this.pool) = (load, pool);
        var scales = new float[shape.M];
        Array.Fill(scales, 1);
        var input = BytePlaneShape.For(shape.Channels, shape.Edge, shape.Edge);
        convolution = ByteConvolution.Create(
            new ByteFilters(shape.M, shape.Channels, shape.Window, shape.Window, load.WeightBytes.Span, scales), input,
            new() { Kernel = kernel }, pool);
    }

    /// <summary>The convolution with a kernel by name, or null where the machine or the shape does not allow it.</summary>
    public static PreparedKernel? Prepare(KernelWorkload load, ProductKernel kernel)
    {
        if (load.Precision == KernelPrecision.Fp32 || load.Shape.Window == 1) return null;
        var pool = new WorkerPool(load.Threads);
        try
        {
            return new ByteWindows(load, kernel, pool);
        }
        catch (PlatformNotSupportedException)
        {
            pool.Dispose();
            return null;
        }
    }

    public override double WeightBytes => 8.0 * load.Matrix.NonZeros / 4;

    public override void Run() => convolution.Run(load.RowBytes.Span, MemoryMarshal.Cast<float, int>(load.Result.Span));

    public override void Dispose()
    {
        convolution.Dispose();
        pool.Dispose();
    }
}
