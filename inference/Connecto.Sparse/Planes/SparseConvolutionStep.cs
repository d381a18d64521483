using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution with few non-zero weights, by the compiled kernel: a sparse matrix over shifted planes.</summary>
internal sealed unsafe class SparseConvolutionStep : BandStep
{
    private const int Vectors = 4;

    private readonly KernelSet kernels;
    private readonly SparseWeights weights;
    private readonly PlaneArena arena;
    private readonly PlaneLayout layout;
    private readonly int[] places; // by entry: where it reads
    private readonly int[] targets;
    private readonly float floor;

    public SparseConvolutionStep(
        KernelSet kernels, SparseWeights weights, PlaneArena arena, PlaneLayout layout, ReadOnlySpan<int> inputs,
        ReadOnlySpan<int> outputs, bool rectified) : base(layout)
    {
        (this.kernels, this.weights, this.arena, this.layout) = (kernels, weights, arena, layout);
        var taps = weights.Pattern.Resolve(inputs, layout);
        places = [.. weights.Matrix.ColumnIndices.ToArray().Select(column => taps[column])];
        targets = outputs.Slice(weights.Pattern.FirstOutput, weights.Matrix.Rows).ToArray();
        floor = rectified ? 0 : float.NegativeInfinity;
    }

    public override void Run(int beginRow, int endRow, int thread, int threads)
    {
        var first = FirstFloat(beginRow);
        var (begin, end) = WorkerPool.Share(endRow * layout.Pitch - first, Vectors * kernels.Width, thread, threads);
        fixed (int* starts = weights.Matrix.RowStarts, columns = places, outputs = targets)
        fixed (float* values = weights.Matrix.Values, bias = weights.Bias)
            for (var (at, stop) = (first + begin, first + end); at < stop;)
            {
                // Only a single vector may reach beyond the plane; there is room for that.
                var vectors = stop - at >= Vectors * kernels.Width ? Vectors : 1;
                kernels.MultiplyRows(new SparseRows
                {
                    Starts = starts,
                    Columns = columns,
                    Values = values,
                    Begin = 0,
                    End = weights.Matrix.Rows,
                    Bias = bias,
                    Floor = floor,
                    Vectors = vectors,
                    Panel = arena.Base + at,
                    PanelStride = 1,
                    Output = arena.Base + at,
                    Targets = outputs,
                });
                var next = at + vectors * kernels.Width;
                PlaneBorders.Clear(arena.Base, layout, targets, at, next);
                at = next;
            }
    }
}
