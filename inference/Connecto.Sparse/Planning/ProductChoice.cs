namespace Connecto.Sparse.Planning;

/// <summary>Chooses how a <see cref="SparseProduct"/> is done.</summary>
internal static class ProductChoice
{
    private static readonly KernelVariant[] Variants = [KernelVariants.Stream, KernelVariants.Portable];

    /// <summary>Whether multiplying all weights is expected to be fastest. Only where every place is stored, so that no
    /// input is read that the matrix does not ask for.</summary>
    public static bool PrefersDense(CsrMatrix weights, int columns, int threads) =>
        weights.NonZeros > 0 && weights.NonZeros == (long)weights.Rows * weights.Columns
        && Planner.Plan(LayerShape.Of(weights, columns), MachineProfile.Current, threads, [.. Variants, KernelVariants.Dense])
            .Chosen.Kernel == KernelVariants.Dense;

    /// <summary>Why the compiled kernel is expected to be faster than generated code, as half a sentence; null where it is
    /// not.</summary>
    public static string? Drawback(CsrMatrix weights, int columns, int threads)
    {
        var plan = Planner.Plan(LayerShape.Of(weights, columns), MachineProfile.Current, threads, Variants);
        if (plan.Chosen.Kernel == KernelVariants.Stream) return null;
        var stream = plan.Rejected[0];
        return stream.Obstacle ?? FormattableString.Invariant(
            $"a stream is expected to take {stream.Microseconds / plan.Microseconds:0.0#} times as long, bound by {stream.Bound}");
    }
}
