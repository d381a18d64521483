using System.Runtime.InteropServices;

namespace Connecto.Sparse.Streams;

/// <summary>What a generated stream is called with; it reads these by their offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StreamArguments
{
    /// <summary>The tile's input, [pass][row][Vectors * 16].</summary>
    public float* Input;
    /// <summary>The tile's weights in the order of use.</summary>
    public float* Weights;
    /// <summary>The first output of the pass.</summary>
    public float* Output;
    /// <summary>Sums between tiles, [group][pass][Rows * Vectors][16].</summary>
    public float* Partials;
    /// <summary>Starting values by row.</summary>
    public float* Bias;
    /// <summary>Passes to do, at least 1.</summary>
    public long Passes;
    /// <summary>Columns to store, a bit each, of every vector of a pass.</summary>
    public ulong Mask;

    public const int InputAt = 0, WeightsAt = 8, OutputAt = 16, PartialsAt = 24, BiasAt = 32, PassesAt = 40, MaskAt = 48;
}
