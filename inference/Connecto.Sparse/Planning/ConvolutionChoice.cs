using Connecto.Sparse.Planes;

namespace Connecto.Sparse.Planning;

/// <summary>Chooses how a session does a convolution.</summary>
internal static class ConvolutionChoice
{
    /// <summary>Pixels that a layer is taken to have where weights are packed before any size is known. Dense and sparse
    /// kernels differ by the same factor for all but the smallest planes.</summary>
    private const int UsualPixels = 1 << 14;

    /// <summary>What is not a sixth faster than the dense kernel is not worth code of its own.</summary>
    private const double WorthCode = 0.85;

    /// <summary>What a session can do.</summary>
    public static IReadOnlyList<KernelVariant> Variants { get; } =
        [.. KernelVariants.Table.Where(v => v.LayerObstacle(new LayerShape
        {
            Rows = 1, Depth = 1, Columns = 1, Density = 1, Input = LayerInput.Planes,
        }) is null)];

    private static readonly KernelVariant[] Sparse = [KernelVariants.StreamConvolution, KernelVariants.SparseConvolution];

    /// <summary>What the cost model needs to know of a convolution.</summary>
    /// <param name="taps">[output][tap].</param>
    /// <param name="pixels">Floats of a plane with its borders.</param>
    /// <param name="window">Places of the window.</param>
    public static LayerShape Shape(CsrMatrix taps, int pixels, int window) =>
        LayerShape.Of(taps, pixels) with { Input = LayerInput.Planes, Window = window };

    /// <summary>Share of non-zeros up to which these weights are taken as sparse: all or none, as kernels that skip zeros are
    /// expected to be faster than the dense one or not.</summary>
    /// <param name="weights">[output][tap].</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="window">Places of the window.</param>
    public static double SparseShare(ReadOnlySpan<float> weights, int outputs, long window)
    {
        if (weights.IsEmpty) return -1;
        var (taps, density) = (weights.Length / outputs, 1 - weights.Count(0f) / (double)weights.Length);
        LayerShape shape = new()
        {
            Rows = outputs,
            Depth = taps,
            Columns = UsualPixels,
            Density = density,
            Input = LayerInput.Planes,
            Window = (int)window,
        };
        var plan = Planner.Plan(shape, MachineProfile.Current, 1, Variants);
        var dense = KernelVariants.DenseConvolution.Estimate(shape, MachineProfile.Current, 1);
        return plan.Microseconds < WorthCode * dense.Microseconds ? 1 : -1;
    }

    /// <summary>Whether generated code is expected to be faster than compiled rows.</summary>
    /// <param name="taps">[output][tap].</param>
    /// <param name="pixels">Floats of a plane with its borders.</param>
    /// <param name="pattern">Where the taps read.</param>
    public static bool PrefersStream(CsrMatrix taps, int pixels, ConvolutionPattern pattern)
    {
        var window = pattern.Taps.Length / Math.Max(1, pattern.Taps.Select(t => t.Plane).Distinct().Count());
        return Planner.Plan(Shape(taps, Math.Max(1, pixels), Math.Max(1, window)), MachineProfile.Current, 1, Sparse).Chosen.Kernel ==
            KernelVariants.StreamConvolution;
    }
}
