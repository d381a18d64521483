using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution's weights where most of them are 0.</summary>
/// <remarks>
/// The matrix's columns are the pattern's taps, so a row's entries are summed in the order of the dense kernel: a plane
/// without NaN and infinity comes out with the same bits. A weight of 0 reads no input; so NaN and infinity spread
/// through the other weights only.
/// </remarks>
internal sealed class SparseWeights
{
    private SparseWeights(ConvolutionPattern pattern, CsrMatrix matrix, float[] bias) =>
        (Pattern, Matrix, Bias) = (pattern, matrix, bias);

    public ConvolutionPattern Pattern { get; }

    /// <summary>[output][tap].</summary>
    public CsrMatrix Matrix { get; }

    public float[] Bias { get; }

    /// <summary>The sparse form, or null where too few weights are 0.</summary>
    public static SparseWeights? TryCreate(
        ConvolutionPattern pattern, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, double highestDensity)
    {
        var nonZeros = weights.Length - weights.Count(0f);
        if (weights.IsEmpty || nonZeros > highestDensity * weights.Length) return null;
        var taps = pattern.Taps.Length;
        var starts = new int[pattern.Outputs + 1];
        List<int> columns = new(nonZeros);
        List<float> values = new(nonZeros);
        for (var output = 0; output < pattern.Outputs; output++)
        {
            for (var tap = 0; tap < taps; tap++)
                if (weights[pattern.Weights[output * taps + tap]] is var value && value != 0)
                {
                    columns.Add(tap);
                    values.Add(value);
                }
            starts[output + 1] = columns.Count;
        }
        return new SparseWeights(pattern, new CsrMatrix(pattern.Outputs, taps, starts, [.. columns], [.. values]), bias.ToArray());
    }

    /// <summary>The step for planes of one size.</summary>
    /// <remarks>Generated code where streams may be used with these kernels, the cost model prefers it, and the
    /// system allows it; else the compiled kernel.</remarks>
    public BandStep Step(
        KernelSet kernels, PlaneArena arena, PlaneLayout layout, ReadOnlySpan<int> inputs, ReadOnlySpan<int> outputs,
        bool rectified)
    {
        var streams = kernels == KernelTable.Chosen && StreamSupport.Obstacle(Matrix, 1) is null &&
            ConvolutionChoice.PrefersStream(Matrix, layout.Length, Pattern) && arena.Bytes < int.MaxValue;
        return (streams ? StreamConvolutionStep.TryCreate(this, arena, layout, inputs, outputs, rectified) : null) ??
            (BandStep)new SparseConvolutionStep(kernels, this, arena, layout, inputs, outputs, rectified);
    }
}
