namespace Connecto.Sparse;

/// <summary>How a <see cref="ByteConvolution"/> is planned.</summary>
public sealed record ByteConvolutionOptions
{
    /// <summary>What input bytes stand for.</summary>
    public ByteScale Input { get; init; } = new(1, 0);

    /// <summary>What output bytes stand for.</summary>
    public ByteScale Output { get; init; } = new(1, 0);

    /// <summary>What the bytes of a residual stand for; null where none is added.</summary>
    public ByteScale? Residual { get; init; }

    /// <summary>Pixels from one window to the next, 1 or 2.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Pixels of padding on each side; null for half the window, rounded down.</summary>
    public int? Padding { get; init; }

    /// <summary>Border of the output planes.</summary>
    public int OutputBorder { get; init; } = 1;

    /// <summary>One value an output channel, added before the activation; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output, after the residual.</summary>
    public ProductActivation Activation { get; init; }

    /// <summary>What the sums of each output channel start at, instead of minus the input's zero point times its weights; null
    /// for that. So a bias may be added to sums, which costs nothing, instead of to floats.</summary>
    internal int[]? Start { get; init; }

    /// <summary>The kernel: Stream is generated VNNI code.</summary>
    public ProductKernel Kernel { get; init; }
}
