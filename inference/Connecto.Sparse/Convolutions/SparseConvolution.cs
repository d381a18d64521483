using Connecto.Sparse.Convolutions;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>A planned convolution y = activation(weights * x + bias) of planes or volumes with a sparse kernel, run again
/// and again.</summary>
/// <remarks>
/// No im2col: a non-zero weight is a shift of a plane. Generated code works on tiles cut from the input, a few tens of kB
/// each; the compiled kernels on a copy of the input with zero borders, or, with a stride, of its phases. Every output is one chain
/// of multiply-adds: bias, then the weights in the order of the tensor; so the bits depend neither on the threads nor on
/// the kernel where inputs are finite and the machine fuses multiply-adds. The sparse kernels read no input for a weight
/// of 0; the dense kernel lets NaN and infinity through zeros. Not safe for two callers at once.
/// </remarks>
/// <example><code>
/// using var convolution = SparseConvolution.Create(weights, new() { Size = new(512, 512), Bias = bias });
/// convolution.Run(x, y);   // x [Inputs][512][512], y [Outputs][512][512]
/// </code></example>
public sealed unsafe class SparseConvolution : IDisposable
{
    private readonly ConvolutionPlan plan;
    private readonly WorkerPool pool;
    private readonly string description;
    private bool disposed;

    private SparseConvolution(ConvolutionPlan plan, WorkerPool pool, string description) =>
        (this.plan, this.pool, this.description) = (plan, pool, description);

    /// <summary>Input channels.</summary>
    public int Inputs => plan.Geometry.Inputs;

    /// <summary>Output channels.</summary>
    public int Outputs => plan.Geometry.Outputs;

    /// <summary>Size of the input's planes.</summary>
    public Extent InputSize => plan.InputSize;

    /// <summary>Size of the output's planes.</summary>
    public Extent OutputSize => plan.OutputSize;

    /// <summary>The kernel in use, never Auto.</summary>
    public ConvolutionKernel Kernel => plan.Kernel;

    /// <summary>Bytes of the buffers that the plan keeps.</summary>
    public long BufferBytes => plan.Bytes;

    /// <summary>Plans a convolution: chooses the kernel and, for a stream, generates its code.</summary>
    /// <param name="weights">[Outputs][Inputs / groups][height][width] for planes, or [Outputs][Inputs / groups][depth]
    /// [height][width]; edges of 1 to 31. Values are copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <exception cref="ArgumentException">The weights have another number of axes, no channels or no kernel, a number is
    /// out of range, the bias has another length than there are outputs, the kernel is larger than the padded input, or
    /// the planes need 8 GB or more.</exception>
    /// <exception cref="PlatformNotSupportedException">A stream was asked for by name where none can run.</exception>
    public static SparseConvolution Create(Tensor weights, SparseConvolutionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        var pool = new WorkerPool(options.Threads);
        try
        {
            var plan = ConvolutionPlan.Create(weights, options, pool);
            var nonZeros = weights.Data.Length - weights.Data.AsSpan().Count(0f);
            return new SparseConvolution(plan, pool,
                $"{plan.Kernel.ToString().ToLowerInvariant()}: {plan.Geometry.Outputs} x {plan.Geometry.Inputs} channels, kernel "
                + $"{plan.Geometry.Kernel}, stride {plan.Geometry.Stride}, {plan.InputSize} to {plan.OutputSize}, {nonZeros} non-zeros "
                + $"({(double)nonZeros / weights.Data.Length:P1} dense), {plan.Bytes >> 10} KiB of buffers, {plan.Particulars}");
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>y = activation(weights * x + bias).</summary>
    /// <param name="x">[Inputs] and InputSize.</param>
    /// <param name="y">[Outputs] and OutputSize; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="ObjectDisposedException">The convolution was disposed.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var (inputs, outputs) = (Inputs * InputSize.Count, Outputs * OutputSize.Count);
        if (x.Length != inputs || y.Length != outputs)
            throw new ArgumentException(
                $"A convolution of {InputSize} takes {inputs} values in and {outputs} out; found {x.Length} and {y.Length}.");
        fixed (float* input = x, output = y) plan.Run(input, output);
    }

    /// <summary>One line: the kernel, the share of non-zeros, the sizes, the bands.</summary>
    public string Describe() => description;

    /// <summary>Ends the threads and gives the code's memory back.</summary>
    public void Dispose()
    {
        disposed = true;
        pool.Dispose();
        plan.Dispose();
    }
}
