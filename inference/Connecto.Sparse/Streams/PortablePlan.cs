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
        width = kernels.Width * SparseRows.PanelVectors;
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
        fixed (int* starts = matrix.RowStarts, indices = matrix.ColumnIndices)
        fixed (float* values = matrix.Values, biases = bias)
            for (var panel = first; panel < end; panel++)
            {
                var at = panel * width;
                var used = Math.Min(width, columns - at);
                Panels.Pack(x + at, columns, matrix.Columns, used, panels[thread].Data, width);
                var whole = used == width;
                SparseRows rows = new()
                {
                    Starts = starts, Columns = indices, Values = values, Begin = begin, End = stop, Bias = biases, Floor = floor,
                    Panel = panels[thread].Data, Output = whole ? y + at : results[thread].Data,
                    OutputStride = whole ? columns : width,
                };
                kernels.MultiplyRows(rows);
                if (!whole)
                    for (var r = begin; r < stop; r++)
                        new ReadOnlySpan<float>(results[thread].Data + (long)r * width, used)
                            .CopyTo(new Span<float>(y + (long)r * columns + at, used));
            }
    }
}
