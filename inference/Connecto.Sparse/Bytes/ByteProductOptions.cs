namespace Connecto.Sparse;

/// <summary>What an unsigned byte stands for: Step * (byte - ZeroPoint).</summary>
/// <param name="Step">What one step is worth; finite and above 0.</param>
/// <param name="ZeroPoint">The byte that stands for 0, in [0, 255].</param>
public readonly record struct ByteScale(float Step, int ZeroPoint)
{
    internal void Check(string name)
    {
        if (!float.IsFinite(Step) || Step <= 0 || ZeroPoint is < 0 or > 255)
            throw new ArgumentException(
                $"A scale of bytes has a step above 0 and a zero point in [0, 255]; found {Step} and {ZeroPoint}.", name);
    }
}

/// <summary>How a dense matrix of bytes with K rows and N columns lies in memory.</summary>
public enum ByteLayout
{
    /// <summary>[K][N].</summary>
    Rows,

    /// <summary>[N][K].</summary>
    Columns,

    /// <summary>[K / 4][N][4]: four rows side by side, as the kernels take them. The last four are filled up with rows of
    /// any bytes where K is no multiple of 4.</summary>
    Interleaved,
}

/// <summary>How a <see cref="ByteProduct"/> is planned.</summary>
public sealed record ByteProductOptions
{
    /// <summary>Columns of the dense operand, at least 1. A plan holds for one number.</summary>
    public required int Columns { get; init; }

    /// <summary>What input bytes stand for.</summary>
    public ByteScale Input { get; init; } = new(1, 0);

    /// <summary>How the input lies.</summary>
    public ByteLayout InputLayout { get; init; }

    /// <summary>What output bytes stand for; null where no bytes are wanted.</summary>
    public ByteScale? Output { get; init; }

    /// <summary>How output bytes lie: Rows or Interleaved. Sums and floats always lie in rows.</summary>
    public ByteLayout OutputLayout { get; init; }

    /// <summary>What the bytes of a residual stand for; null where none is added.</summary>
    public ByteScale? Residual { get; init; }

    /// <summary>One value a row of the matrix, added to all its outputs; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output but raw sums, after the residual.</summary>
    public ProductActivation Activation { get; init; }

    /// <summary>Threads, the caller's included; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The kernel: Stream is generated VNNI code.</summary>
    public ProductKernel Kernel { get; init; }
}
