using System.Runtime.CompilerServices;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse.Streams;

/// <summary>A sparse product by compiled kernels: panel by panel, tile of inputs by tile, row by row.</summary>
/// <remarks>
/// A panel is up to eight vectors wide; a tile holds as many of its inputs as stay in L1 while all rows run over them. The
/// loop over a row's entries is a dozen instructions, whatever the matrix: where a stream's code would come from the
/// outer caches, this is faster. One load a multiply-add is the bound: on an Ice Lake server
/// core the inner loop alone does 49 GFMA/s of 95, a whole product at 90 % zeros 37.
/// Threads share the panels where there are many, else the rows; every output is summed by one thread.
/// </remarks>
internal sealed unsafe class PortablePlan : ProductPlan
{
    private readonly KernelSet kernels;
    private readonly ColumnTiles tiles;
    private readonly WorkerPool pool;
    private readonly float[] bias;
    private readonly float floor;
    private readonly int rows, depth, columns, width;
    private readonly AlignedFloats[] panels;
    private readonly AlignedFloats[] results;
    private readonly Action<int> work;
    private float* x;
    private float* y;

    public PortablePlan(KernelSet kernels, CsrMatrix matrix, SparseProductOptions options, WorkerPool pool, string why)
    {
        (this.kernels, this.pool, columns, rows, depth) = (kernels, pool, options.Columns, matrix.Rows, matrix.Columns);
        bias = options.Bias?.ToArray() ?? new float[matrix.Rows];
        floor = options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity;
        width = kernels.Width * 8;
        tiles = new ColumnTiles(matrix, TileDepth(matrix, Math.Min(width, Padded(columns, kernels.Width))));
        panels = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)Math.Min(tiles.Depth, matrix.Columns) * width))];
        results = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)matrix.Rows * width))];
        Description =
            $"portable ({kernels.Name}): {why}; {tiles.Count} tile(s) of {tiles.Depth} inputs, {matrix.NonZeros} non-zeros, " +
            $"{matrix.Density:P1} dense";
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

    /// <summary>Inputs of a tile: as many as the first-level cache holds, and a fifth more, as some lines are not read
    /// again; but at least so many that a row has some ten entries to pay for the sums that it loads and stores.</summary>
    private static int TileDepth(CsrMatrix matrix, int width)
    {
        var fit = CacheSizes.OfThisMachine.Data * 6 / 5 / (width * sizeof(float));
        var entries = Math.Max(1e-9, matrix.NonZeros / Math.Max(1.0, matrix.Rows) / Math.Max(1, matrix.Columns));
        var depth = (int)Math.Clamp(Math.Max(fit, 10 / entries), 1, Math.Max(1, matrix.Columns));
        // Tiles of equal depth.
        var count = Math.Max(1, (matrix.Columns + depth / 2) / depth);
        return Math.Max(1, (matrix.Columns + count - 1) / count);
    }

    private static int Padded(int count, int multiple) => (count + multiple - 1) / multiple * multiple;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Work(int thread)
    {
        var count = (columns + width - 1) / width;
        var (first, end, begin, stop) = (0, count, 0, rows);
        if (count >= 4 * pool.Threads) (first, end) = WorkerPool.Share(count, 1, thread, pool.Threads);
        else (begin, stop) = WorkerPool.Share(rows, 1, thread, pool.Threads);
        var last = Math.Min(end * width, columns);
        for (var at = first * width; at < last;)
        {
            // The last panels are narrower, so that little is done in vain.
            var vectors = (last - at + kernels.Width - 1) / kernels.Width;
            vectors = vectors > 6 ? 8 : vectors >= 3 ? 4 : 1;
            MultiplyPanel(thread, at, vectors, begin, stop);
            at += vectors * kernels.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPanel(int thread, int at, int vectors, int begin, int end)
    {
        var panel = vectors * kernels.Width;
        var used = Math.Min(panel, columns - at);
        var whole = used == panel;
        var result = results[thread].Data;
        // One panel of whole cache lines needs no copy.
        var inPlace = panel == columns && ((nint)x & 63) == 0;
        for (var tile = 0; tile < tiles.Count; tile++)
        {
            var k = tile * tiles.Depth;
            var input = inPlace ? x + (long)k * columns : panels[thread].Data;
            if (!inPlace)
                Panels.Pack(x + (long)k * columns + at, columns, Math.Min(tiles.Depth, depth - k), used, input, panel);
            fixed (int* starts = tiles.Starts[tile], indices = tiles.Columns)
            fixed (float* values = tiles.Values, biases = bias)
                kernels.MultiplyRows(new SparseRows
                {
                    Starts = starts,
                    Columns = indices,
                    Values = values,
                    Begin = begin,
                    End = end,
                    Bias = tile == 0 ? biases : null,
                    Floor = tile == tiles.Count - 1 ? floor : float.NegativeInfinity,
                    Vectors = vectors,
                    Panel = input,
                    PanelStride = panel,
                    Output = whole ? y + at : result,
                    OutputStride = whole ? columns : panel,
                });
        }
        if (whole) return;
        for (var r = begin; r < end; r++)
            new ReadOnlySpan<float>(result + (long)r * panel, used).CopyTo(new Span<float>(y + (long)r * columns + at, used));
    }
}
