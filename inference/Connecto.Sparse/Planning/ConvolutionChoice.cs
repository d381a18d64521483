namespace Connecto.Sparse.Planning;

/// <summary>Chooses how a session does a convolution.</summary>
internal static class ConvolutionChoice
{
    /// <summary>Pixels that a layer is taken to have where weights are packed before any size is known. Dense and sparse
    /// kernels differ by the same factor for all but the smallest planes.</summary>
    private const int UsualPixels = 1 << 14;

    /// <summary>What a session can do.</summary>
    public static IReadOnlyList<KernelVariant> Variants { get; } =
        [.. KernelVariants.Table.Where(v => v.LayerObstacle(new LayerShape
        {
            Rows = 1, Depth = 1, Columns = 1, Density = 1, Input = LayerInput.Planes,
        }) is null)];

    /// <summary>What the cost model needs to know of a convolution.</summary>
    /// <param name="taps">[output][tap].</param>
    /// <param name="pixels">Floats of a plane with its borders.</param>
    /// <param name="window">Places of the window.</param>
    public static LayerShape Shape(CsrMatrix taps, int pixels, int window) =>
        LayerShape.Of(taps, pixels) with { Input = LayerInput.Planes, Window = window };

    /// <summary>Whether kernels that skip zeros are expected to be faster than the dense one.</summary>
    public static bool PrefersSparse(int outputs, int taps, int window, double density)
    {
        LayerShape shape = new()
        {
            Rows = outputs, Depth = taps, Columns = UsualPixels, Density = density, Input = LayerInput.Planes, Window = window,
        };
        return outputs > 0 && taps > 0 && Planner.Plan(shape, MachineProfile.Current, 1, Variants).Chosen.Kernel != KernelVariants.DenseConvolution;
    }

    /// <summary>Whether generated code is expected to be faster than compiled rows.</summary>
    public static bool PrefersStream(CsrMatrix taps, int pixels, int window) => Planner.Plan(
        Shape(taps, pixels, window), MachineProfile.Current, 1, [KernelVariants.StreamConvolution, KernelVariants.SparseConvolution])
        .Chosen.Kernel == KernelVariants.StreamConvolution;
}
