namespace Connecto.Sparse;

/// <summary>Which kernel a convolution uses.</summary>
public enum ConvolutionKernel
{
    /// <summary>By the share of non-zero weights and the machine; never slower by much than the best of the
    /// others.</summary>
    Auto,

    /// <summary>All weights, zeros included.</summary>
    Dense,

    /// <summary>The non-zero weights, by the compiled kernel; runs anywhere.</summary>
    Sparse,

    /// <summary>Generated AVX-512 code for the non-zero weights.</summary>
    Stream,
}

/// <summary>How a <see cref="SparseConvolution"/> is planned.</summary>
public sealed record SparseConvolutionOptions
{
    /// <summary>Size of the input's planes or volumes; at least 1 along every axis. A plan holds for one
    /// size.</summary>
    public required Extent Size { get; init; }

    /// <summary>Input voxels from one output to the next, 1 to 16 along every axis.</summary>
    public Extent Stride { get; init; } = new(1, 1, 1);

    /// <summary>Zeros before and behind the input by axis, 0 to 255; the output then has (size + 2 * padding - reach) /
    /// stride + 1 positions, rounded down, reach = (kernel - 1) * dilation + 1. Null for "same": (reach - 1) / 2 before,
    /// and size / stride positions, rounded up.</summary>
    public Extent? Padding { get; init; }

    /// <summary>Input voxels from one weight of the kernel to the next, 1 to 16 along every axis.</summary>
    public Extent Dilation { get; init; } = new(1, 1, 1);

    /// <summary>Groups of channels; as many as input channels make the convolution depthwise.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>One value an output channel, added to all its outputs; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output.</summary>
    public ProductActivation Activation { get; init; }

    /// <summary>Threads, the caller's included; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The kernel.</summary>
    public ConvolutionKernel Kernel { get; init; }
}
