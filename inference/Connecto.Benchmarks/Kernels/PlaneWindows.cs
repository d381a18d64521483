using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>The windows of a convolution's planes as the rows of a product: row k is one channel, shifted by its place
/// in the window; 0 outside the plane.</summary>
internal sealed unsafe class PlaneWindows : IDisposable
{
    private readonly KernelShape shape;
    private readonly AlignedBuffer<float> rows;
    private readonly WorkerPool pool;
    private readonly Action<int> layOutShare;
    private float* planes;

    public PlaneWindows(KernelShape shape, int threads)
    {
        this.shape = shape;
        rows = new AlignedBuffer<float>(shape.K * shape.N);
        pool = new WorkerPool(threads);
        layOutShare = LayOutShare;
    }

    /// <summary>[K][N]</summary>
    public Span<float> Span => rows.Span;

    /// <summary>Writes all windows.</summary>
    /// <param name="x">[channels][N]</param>
    public void LayOut(ReadOnlySpan<float> x)
    {
        fixed (float* pinned = x)
        {
            planes = pinned;
            pool.Run(layOutShare);
            planes = null;
        }
    }

    public void Dispose()
    {
        pool.Dispose();
        rows.Dispose();
    }

    private void LayOutShare(int thread)
    {
        var (begin, end) = WorkerPool.Share(shape.K, 1, thread, pool.Threads);
        for (var row = begin; row < end; row++) LayOutRow(row);
    }

    private void LayOutRow(int row)
    {
        var (edge, window) = (shape.Edge, shape.Window);
        var plane = new ReadOnlySpan<float>(planes + (nint)(row / (window * window)) * shape.N, shape.N);
        var to = rows.Span.Slice(row * shape.N, shape.N);
        var (dy, dx) = (row / window % window - window / 2, row % window - window / 2);
        var (left, width) = (Math.Max(0, -dx), edge - Math.Abs(dx));
        for (var y = 0; y < edge; y++)
        {
            var line = to.Slice(y * edge, edge);
            if (y + dy < 0 || y + dy >= edge)
            {
                line.Clear();
                continue;
            }
            line[..left].Clear();
            line[(left + width)..].Clear();
            plane.Slice((y + dy) * edge + left + dx, width).CopyTo(line[left..]);
        }
    }
}
