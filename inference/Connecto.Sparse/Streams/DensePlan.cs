using System.Runtime.CompilerServices;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse.Streams;

/// <summary>A product that multiplies the zeros too: the dense twin of the sparse kernels.</summary>
/// <remarks>
/// Register tiles of eight rows and three vectors, the ones that dense convolutions use: eleven loads for 24
/// multiply-adds. A panel of three vectors is copied tile of inputs by tile, so that it stays in L1 while all rows run over
/// it; the sums go on from tile to tile in one chain an output, as in every other kernel. Threads share the panels where
/// there are many, else the groups of rows. Scratch: three vectors a row and input tile, a thread.
/// </remarks>
internal sealed unsafe class DensePlan : ProductPlan
{
    private const int Group = KernelSet.LargeRows;

    private readonly KernelSet kernels;
    private readonly WorkerPool pool;
    private readonly int rows, depth, columns, width, tileDepth, groups;
    private readonly AlignedFloats weights, bias;
    private readonly AlignedFloats[] arenas;
    private readonly int[] sources, targets;
    private readonly TileMode ending;
    private readonly Action<int> work;
    private float* x;
    private float* y;

    public DensePlan(KernelSet kernels, CsrMatrix matrix, SparseProductOptions options, WorkerPool pool, string why)
    {
        (this.kernels, this.pool, rows, depth, columns) = (kernels, pool, matrix.Rows, matrix.Columns, options.Columns);
        (width, groups) = (kernels.Tile, (rows + Group - 1) / Group);
        var fit = CacheSizes.OfThisMachine.Data * 2 / 3 / (width * sizeof(float));
        var tiles = Math.Max(1, (int)((depth + fit - 1) / fit));
        tileDepth = Math.Max(1, (depth + tiles - 1) / tiles);
        weights = Pack(matrix);
        bias = new AlignedFloats(groups * Group);
        options.Bias?.CopyTo(bias.Span);
        ending = options.Activation == ProductActivation.Relu ? TileMode.Relu : TileMode.Plain;
        // An arena holds a tile of inputs, then all rows' sums.
        arenas = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)(tileDepth + groups * Group) * width))];
        sources = GC.AllocateArray<int>(tileDepth, pinned: true);
        targets = GC.AllocateArray<int>(groups * Group, pinned: true);
        for (var k = 0; k < tileDepth; k++) sources[k] = k * width;
        for (var r = 0; r < targets.Length; r++) targets[r] = (tileDepth + r) * width;
        Description = $"dense ({kernels.Name}): {why}; {Group} rows x {width} columns, tiles of {tileDepth} inputs, {matrix.Density:P1} dense";
        work = Work;
    }

    public override ProductKernel Kernel => ProductKernel.Dense;

    public override string Description { get; }

    public override void Run(float* x, float* y)
    {
        this.x = x;
        this.y = y;
        pool.Run(work);
    }

    /// <summary>[group][input][row of the group]; a last group of up to four rows has the small tile's four.</summary>
    private AlignedFloats Pack(CsrMatrix matrix)
    {
        var packed = new AlignedFloats((long)groups * depth * Group);
        for (var row = 0; row < rows; row++)
        {
            var (group, place) = (row / Group, row % Group);
            var to = packed.Data + (long)group * depth * Group;
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
                to[(long)matrix.ColumnIndices[i] * Padded(group) + place] = matrix.Values[i];
        }
        return packed;
    }

    private int RowsOf(int group) => Math.Min(Group, rows - group * Group);

    private int Padded(int group) => RowsOf(group) > KernelSet.SmallRows ? Group : KernelSet.SmallRows;

    private void Work(int thread)
    {
        var count = (columns + width - 1) / width;
        var (first, end, begin, stop) = (0, count, 0, groups);
        if (count >= 4 * pool.Threads) (first, end) = WorkerPool.Share(count, 1, thread, pool.Threads);
        else (begin, stop) = WorkerPool.Share(groups, 1, thread, pool.Threads);
        for (var panel = first; panel < end; panel++) MultiplyPanel(arenas[thread].Data, panel * width, begin, stop);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPanel(float* arena, int at, int begin, int end)
    {
        var used = Math.Min(width, columns - at);
        fixed (int* from = sources, to = targets)
            for (var k = 0; k == 0 || k < depth; k += tileDepth)
            {
                var steps = Math.Min(tileDepth, depth - k);
                Panels.Pack(x + (long)k * columns + at, columns, steps, used, arena, width);
                for (var group = begin; group < end; group++)
                    kernels.Convolve(arena, new PlaneGroup
                    {
                        Sources = from,
                        Weights = weights.Data + (long)group * depth * Group + (long)k * Padded(group),
                        Bias = bias.Data + group * Group,
                        Targets = to + group * Group,
                        Steps = steps,
                        Rows = RowsOf(group),
                    }, 0, k > 0 ? TileMode.Accumulate : depth <= tileDepth ? ending : TileMode.Plain);
            }
        for (var row = begin * Group; row < Math.Min(rows, end * Group); row++)
        {
            var sums = arena + targets[row];
            // A tile that goes on from others' sums has no activation of its own.
            if (ending == TileMode.Relu && depth > tileDepth) kernels.Relu(sums, sums, used);
            new ReadOnlySpan<float>(sums, used).CopyTo(new Span<float>(y + (long)row * columns + at, used));
        }
    }
}
