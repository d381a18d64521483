using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A planned product Y = activation(W X + bias) of a sparse matrix and dense columns, run again and
/// again.</summary>
/// <remarks>
/// Without an addend every output is one chain of multiply-adds: its bias first, then the row's entries by ascending column. So the bits do
/// not depend on the threads nor on the kernel, where the machine fuses multiply-adds. NaN and infinity pass through the
/// entries that the matrix stores; where it stores none, an input is not read. Not safe for two callers at once.
/// </remarks>
/// <example><code>
/// using var product = SparseProduct.Create(weights, new() { Columns = 128, Bias = bias, Activation = ProductActivation.Relu });
/// product.Run(x, y);   // x [weights.Columns][128], y [weights.Rows][128]
/// </code></example>
public sealed unsafe class SparseProduct : IDisposable
{
    private readonly ProductPlan plan;
    private readonly WorkerPool pool;
    private readonly AddendPass? ending;

    private SparseProduct(ProductPlan plan, WorkerPool pool, CsrMatrix weights, SparseProductOptions options)
    {
        (this.plan, this.pool) = (plan, pool);
        (Rows, Depth, Columns) = (weights.Rows, weights.Columns, options.Columns);
        if (options.Addend == ProductAddend.Given) ending = new AddendPass(pool, options.Activation);
    }

    /// <summary>Rows of the matrix and of Y: outputs.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix, rows of X: inputs.</summary>
    public int Depth { get; }

    /// <summary>Columns of X and Y.</summary>
    public int Columns { get; }

    /// <summary>The kernel in use, never Auto.</summary>
    public ProductKernel Kernel => plan.Kernel;

    /// <summary>Plans a product: chooses the kernel and, for a stream, generates its code.</summary>
    /// <param name="weights">W, rows are outputs. Its values are copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <exception cref="ArgumentException">The bias has another length than the matrix has rows, or a number is out of
    /// range.</exception>
    /// <exception cref="PlatformNotSupportedException">A stream was asked for by name where none can run.</exception>
    /// <remarks>A stream is some 26 bytes of code a non-zero, which take 0.2 to 0.5 us to generate.</remarks>
    public static SparseProduct Create(CsrMatrix weights, SparseProductOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        if (options.Bias is { } bias && bias.Length != weights.Rows)
            throw new ArgumentException($"{weights.Rows} rows take as many biases; found {bias.Length}.", nameof(options));
        var pool = new WorkerPool(options.Threads);
        try
        {
            // With an addend the activation comes after it.
            var first = options.Addend == ProductAddend.Given ? options with { Activation = ProductActivation.None } : options;
            return new SparseProduct(Plan(weights, first, pool), pool, weights, options);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Y = activation(W X + bias).</summary>
    /// <param name="x">X [Depth][Columns].</param>
    /// <param name="y">Y [Rows][Columns]; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="InvalidOperationException">The options announced an addend.</exception>
    /// <exception cref="ObjectDisposedException">The product was disposed.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        if (ending is not null)
            throw new InvalidOperationException("This product was planned with an addend, and every run must give one.");
        Check(x.Length, y.Length);
        if (y.IsEmpty) return;
        fixed (float* input = x, output = y) plan.Run(input, output);
    }

    /// <summary>Y = activation((W X + bias) + addend), as after a residual connection.</summary>
    /// <param name="x">X [Depth][Columns].</param>
    /// <param name="addend">[Rows][Columns].</param>
    /// <param name="y">Y [Rows][Columns]; written in full. None of the three may overlap another.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="InvalidOperationException">The options announced no addend.</exception>
    /// <exception cref="ObjectDisposedException">The product was disposed.</exception>
    /// <remarks>The row's sum is rounded, then the addend added. Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> addend, Span<float> y)
    {
        if (ending is null)
            throw new InvalidOperationException(
                $"This product was planned without an addend; {nameof(SparseProductOptions)}.{nameof(SparseProductOptions.Addend)} says so.");
        Check(x.Length, y.Length);
        if (addend.Length != y.Length)
            throw new ArgumentException($"{y.Length} outputs take as many addends; found {addend.Length}.", nameof(addend));
        if (y.IsEmpty) return;
        fixed (float* input = x, output = y, added = addend)
        {
            plan.Run(input, output);
            ending.Run(output, added, y.Length);
        }
    }

    /// <summary>One line: the kernel and why, the bytes of code, how long the generation took.</summary>
    public string Describe() => plan.Description;

    /// <summary>Ends the threads and gives the code's memory back.</summary>
    public void Dispose()
    {
        pool.Dispose();
        plan.Dispose();
    }

    private void Check(int inputs, int outputs)
    {
        if (inputs != (long)Depth * Columns || outputs != (long)Rows * Columns)
            throw new ArgumentException(
                $"A product of {Rows} x {Depth} with {Columns} columns takes {(long)Depth * Columns} values in and " +
                $"{(long)Rows * Columns} out; found {inputs} and {outputs}.");
    }

    private static ProductPlan Plan(CsrMatrix weights, SparseProductOptions options, WorkerPool pool)
    {
        if (options.Kernel == ProductKernel.Dense) return new DensePlan(KernelTable.Chosen, weights, options, pool, "as asked for");
        if (options.Kernel == ProductKernel.Auto && ProductChoice.PrefersDense(weights, options.Columns, options.Threads))
            return new DensePlan(KernelTable.Chosen, weights, options, pool, "every place is stored");
        var obstacle = StreamSupport.Obstacle(weights, options.Columns);
        if (options.Kernel == ProductKernel.Auto) obstacle ??= ProductChoice.Drawback(weights, options.Columns, options.Threads);
        if (options.Kernel != ProductKernel.Portable && obstacle is null)
        {
            var stream = StreamPlan.TryCreate(weights, options, pool, out obstacle);
            if (stream is not null) return stream;
        }
        if (options.Kernel == ProductKernel.Stream)
            throw new PlatformNotSupportedException($"No stream can be used here: {obstacle}.");
        return new PortablePlan(
            KernelTable.Chosen, weights, options, pool, options.Kernel == ProductKernel.Portable ? "as asked for" : obstacle!);
    }
}
