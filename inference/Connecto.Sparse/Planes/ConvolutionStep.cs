using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution from planes to planes: tile by tile, and within a tile group by group, so that a tile's
/// inputs stay in L1 while the weights stream past.</summary>
internal sealed unsafe class ConvolutionStep : BandStep
{
    private readonly KernelSet kernels;
    private readonly float* arena;
    private readonly PlaneLayout layout;
    private readonly TileMode mode;
    private readonly PlaneGroup[] groups;
    private readonly PackedWeights weights; // kept alive: the groups point into it
    private readonly int[] sources;
    private readonly int[] targets;

    /// <param name="kernels">The variant.</param>
    /// <param name="arena">The memory of all planes.</param>
    /// <param name="layout">The layout of inputs and outputs alike.</param>
    /// <param name="weights">Packed weights; may be packed anew between runs.</param>
    /// <param name="inputs">Planes that the pattern's taps name.</param>
    /// <param name="outputs">Planes written, the pattern's first output at FirstOutput.</param>
    /// <param name="mode">What to start and end with.</param>
    public ConvolutionStep(
        KernelSet kernels, PlaneArena arena, PlaneLayout layout, PackedWeights weights, ReadOnlySpan<int> inputs,
        ReadOnlySpan<int> outputs, TileMode mode) : base(layout)
    {
        (this.kernels, this.layout, this.weights, this.mode) = (kernels, layout, weights, mode);
        this.arena = arena.Base;
        sources = weights.Pattern.Resolve(inputs, layout);
        groups = new PlaneGroup[weights.Groups.Length];
        targets = GC.AllocateArray<int>(groups.Length * KernelSet.LargeRows, pinned: true);
        fixed (int* source = sources, target = targets) // both arrays are pinned for life
            for (var g = 0; g < groups.Length; g++)
            {
                var (first, rows) = weights.Groups[g];
                for (var r = 0; r < KernelSet.LargeRows; r++)
                    targets[g * KernelSet.LargeRows + r] = outputs[weights.Pattern.FirstOutput + first + Math.Min(r, rows - 1)];
                groups[g] = weights.Describe(g);
                groups[g].Sources = source;
                groups[g].Targets = target + g * KernelSet.LargeRows;
            }
    }

    public override void Run(int begin, int end, int thread, int threads)
    {
        var from = FirstFloat(begin);
        var tiles = (end * layout.Pitch - from + kernels.Tile - 1) / kernels.Tile;
        var (firstTile, endTile, firstGroup, endGroup) = (0, tiles, 0, groups.Length);
        if (tiles >= 8 * threads || groups.Length < threads)
            (firstTile, endTile) = WorkerPool.Share(tiles, 1, thread, threads);
        else (firstGroup, endGroup) = WorkerPool.Share(groups.Length, 1, thread, threads);
        for (var tile = firstTile; tile < endTile; tile++)
        {
            var at = from + tile * kernels.Tile;
            for (var g = firstGroup; g < endGroup; g++) kernels.Convolve(arena, groups[g], at, mode);
            for (var g = firstGroup; g < endGroup; g++)
                PlaneBorders.Clear(
                    arena, layout, new ReadOnlySpan<int>(groups[g].Targets, groups[g].Rows), at, at + kernels.Tile);
        }
    }
}
