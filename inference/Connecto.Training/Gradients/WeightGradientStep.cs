using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>Where the gradient of one sample's weights goes.</summary>
internal sealed unsafe class GradientTarget
{
    public float* Data { get; set; }
}

/// <summary>The gradient by a convolution's weights: for output o and tap t, the dot product of o's gradient plane with
/// the tap's input plane, shifted.</summary>
/// <remarks>
/// Borders of gradient planes are 0, so that the dot product runs over the plane as one long row. 4 outputs x 6 taps
/// are 24 sums in registers, with 10 loads for 24 multiply-adds. A block of about <see cref="Block"/> pixels keeps
/// the 4 gradient rows (16 KiB) in L1 while all taps stream past from L2; the 24 sums are folded to scalars once a
/// block.
/// </remarks>
internal sealed unsafe class WeightGradientStep : PlaneStep
{
    private const int Block = 1024;
    private const int TileRows = KernelSet.SmallRows;
    private const int TileTaps = KernelSet.CorrelateSources;

    private readonly KernelSet kernels;
    private readonly PlaneArena arena;
    private readonly ConvolutionPattern pattern;
    private readonly GradientTarget target;
    private readonly int weightStart;
    private readonly int biasStart;
    private readonly int length;
    private readonly int[] gradients;
    private readonly int[] rows;
    private readonly int[] taps;
    private readonly float[] sums;

    /// <param name="kernels">The variant.</param>
    /// <param name="arena">The memory of all planes.</param>
    /// <param name="layout">The layout of inputs and gradients.</param>
    /// <param name="pattern">The forward pattern.</param>
    /// <param name="inputs">Planes that the forward pass read.</param>
    /// <param name="gradients">Gradient planes of its outputs.</param>
    /// <param name="target">Where gradients go.</param>
    /// <param name="weightStart">Place of the weights in it.</param>
    /// <param name="biasStart">Place of the bias in it.</param>
    public WeightGradientStep(
        KernelSet kernels, PlaneArena arena, PlaneLayout layout, ConvolutionPattern pattern, ReadOnlySpan<int> inputs,
        int[] gradients, GradientTarget target, int weightStart, int biasStart)
    {
        (this.kernels, this.arena, this.pattern, this.gradients) = (kernels, arena, pattern, gradients);
        (this.target, this.weightStart, this.biasStart) = (target, weightStart, biasStart);
        // A whole number of vectors: behind a plane lies a gap of zeros.
        length = (layout.Length + kernels.Width - 1) / kernels.Width * kernels.Width;
        rows = Fill(gradients, TileRows);
        taps = Fill(pattern.Resolve(inputs, layout), TileTaps);
        sums = GC.AllocateArray<float>(rows.Length * taps.Length, pinned: true);
    }

    public override void Run(int thread, int threads)
    {
        Array.Clear(sums);
        var blocks = (length + Block - 1) / Block;
        var block = (length / blocks + 15) / 16 * 16;
        fixed (int* row = rows, tap = taps)
        fixed (float* sum = sums)
            for (var at = 0; at < length; at += block)
            {
                var count = Math.Min(block, length - at);
                var into = sum;
                for (var r = 0; r < rows.Length; r += TileRows)
                    for (var t = 0; t < taps.Length; t += TileTaps, into += TileRows * TileTaps)
                        kernels.Correlate(arena.Base + at, row + r, tap + t, count, into);
            }
        Scatter();
    }

    private void Scatter()
    {
        var tiles = taps.Length / TileTaps;
        for (var output = 0; output < pattern.Outputs; output++)
        {
            target.Data[biasStart + output] = kernels.Sum(arena.Base + gradients[output], length);
            var index = pattern.Weights.AsSpan(output * pattern.Taps.Length, pattern.Taps.Length);
            for (var t = 0; t < index.Length; t++)
            {
                var tile = output / TileRows * tiles + t / TileTaps;
                target.Data[weightStart + index[t]] = sums[(tile * TileRows + output % TileRows) * TileTaps + t % TileTaps];
            }
        }
    }

    /// <summary>Repeats the last place until the length is a multiple.</summary>
    private static int[] Fill(int[] places, int multiple)
    {
        var filled = GC.AllocateArray<int>((places.Length + multiple - 1) / multiple * multiple, pinned: true);
        for (var i = 0; i < filled.Length; i++) filled[i] = places[Math.Min(i, places.Length - 1)];
        return filled;
    }
}
