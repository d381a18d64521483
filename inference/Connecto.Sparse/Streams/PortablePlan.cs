using System.Runtime.InteropServices;
using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Streams;

/// <summary>A sparse product by compiled kernels: panel by panel, row by row.</summary>
/// <remarks>Threads share the panels where there are many, else the rows; every output is summed by one thread.</remarks>
internal sealed unsafe class PortablePlan : ProductPlan
{
    private readonly KernelSet kernels;
    private readonly CsrMatrix matrix;
    private readonly WorkerPool pool;
    private readonly float[] bias;
    private readonly float floor;
    private readonly int columns;
    private readonly int width;
    private readonly AlignedFloats[] panels;
    private readonly AlignedFloats[] results;
    private readonly Action<int> work;
    private float* x;
    private float* y;

    public PortablePlan(KernelSet kernels, CsrMatrix matrix, SparseProductOptions options, WorkerPool pool, string why)
    {
        (this.kernels, this.matrix, this.pool, columns) = (kernels, matrix, pool, options.Columns);
        bias = options.Bias?.ToArray() ?? new float[matrix.Rows];
        floor = options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity;
        // Eight vectors save loads of weights, but only while the panel stays in L1.
        width = kernels.Width * (matrix.Columns * kernels.Width * 8 * sizeof(float) <= 40 << 10 ? 8 : 4);
        panels = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)matrix.Columns * width))];
        results = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)matrix.Rows * width))];
        Description = $"portable ({kernels.Name}): {why}; {matrix.NonZeros} non-zeros, {matrix.Density:P1} dense";
        work = Work;
    }

    public override ProductKernel Kernel => ProductKernel.Portable;

    public override string Description { get; }

    public override void Run(float* x, float* y)
    {
        this.x = x;
        this.y = y;
        pool.Run(work);
    }

    private void Work(int thread)
    {
        var count = (columns + width - 1) / width;
        var (first, end, begin, stop) = (0, count, 0, matrix.Rows);
        if (count >= 4 * pool.Threads) (first, end) = WorkerPool.Share(count, 1, thread, pool.Threads);
        else (begin, stop) = WorkerPool.Share(matrix.Rows, 1, thread, pool.Threads);
        var last = Math.Min(end * width, columns);
        for (var at = first * width; at < last;)
        {
            // The last panels are narrower, so that little is done in vain.
            var vectors = (last - at + kernels.Width - 1) / kernels.Width;
            vectors = vectors > 6 && width == 8 * kernels.Width ? 8 : vectors >= 3 ? 4 : 1;
            MultiplyPanel(thread, at, vectors, begin, stop);
            at += vectors * kernels.Width;
        }
    }

    private void MultiplyPanel(int thread, int at, int vectors, int begin, int end)
    {
        var panel = vectors * kernels.Width;
        var used = Math.Min(panel, columns - at);
        var whole = used == panel;
        var result = results[thread].Data;
        Panels.Pack(x + at, columns, matrix.Columns, used, panels[thread].Data, panel);
        fixed (int* starts = matrix.RowStarts, indices = matrix.ColumnIndices)
        fixed (float* values = matrix.Values, biases = bias)
            kernels.MultiplyRows(new SparseRows
            {
                Starts = starts,
                Columns = indices,
                Values = values,
                Begin = begin,
                End = end,
                Bias = biases,
                Floor = floor,
                Vectors = vectors,
                Panel = panels[thread].Data,
                PanelStride = panel,
                Output = whole ? y + at : result,
                OutputStride = whole ? columns : panel,
            });
        if (whole) return;
        for (var r = begin; r < end; r++)
            new ReadOnlySpan<float>(result + (long)r * panel, used).CopyTo(new Span<float>(y + (long)r * columns + at, used));
    }
}
