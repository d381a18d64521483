using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution's weights in the order in which the kernels read them: by group of outputs, tap,
/// output.</summary>
/// <remarks>Does not depend on the size of the planes, so that all plans of a network share it.</remarks>
internal sealed unsafe class PackedWeights
{
    private readonly float[] packed;
    private readonly float[] biases;
    private readonly int[] starts;

    public PackedWeights(ConvolutionPattern pattern)
    {
        Pattern = pattern;
        List<(int First, int Rows)> groups = [];
        for (var first = 0; first < pattern.Outputs; first += KernelSet.LargeRows)
            groups.Add((first, Math.Min(KernelSet.LargeRows, pattern.Outputs - first)));
        Groups = [.. groups];
        starts = new int[Groups.Length + 1];
        for (var g = 0; g < Groups.Length; g++)
            starts[g + 1] = checked(starts[g] + TileRows(Groups[g].Rows) * pattern.Taps.Length);
        packed = GC.AllocateArray<float>(starts[^1] + KernelSet.LargeRows, pinned: true);
        biases = GC.AllocateArray<float>(Groups.Length * KernelSet.LargeRows, pinned: true);
    }

    public ConvolutionPattern Pattern { get; }

    /// <summary>First output and number of outputs of each group.</summary>
    public (int First, int Rows)[] Groups { get; }

    /// <summary>Number of weights that are not 0.</summary>
    public int NonZeros => packed.Length - packed.AsSpan().Count(0f);

    /// <summary>Copies weights in; rows that fill up a tile get zeros.</summary>
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        var taps = Pattern.Taps.Length;
        for (var g = 0; g < Groups.Length; g++)
        {
            var (first, rows) = Groups[g];
            var width = TileRows(rows);
            for (var row = 0; row < rows; row++)
            {
                var index = Pattern.Weights.AsSpan((first + row) * taps, taps);
                for (var t = 0; t < taps; t++) packed[starts[g] + t * width + row] = weights[index[t]];
                if (!bias.IsEmpty) biases[g * KernelSet.LargeRows + row] = bias[first + row];
            }
        }
    }

    /// <summary>The group's kernel arguments but for its planes.</summary>
    public PlaneGroup Describe(int group)
    {
        fixed (float* weights = packed, bias = biases) // both arrays are pinned for life
            return new PlaneGroup
            {
                Weights = weights + starts[group],
                Bias = bias + group * KernelSet.LargeRows,
                Steps = Pattern.Taps.Length,
                Rows = Groups[group].Rows,
            };
    }

    private static int TileRows(int rows) => rows > KernelSet.SmallRows ? KernelSet.LargeRows : KernelSet.SmallRows;
}
