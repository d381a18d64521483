namespace Connecto.Sparse;

/// <summary>Which kernel a product with few vectors uses.</summary>
public enum DecodeKernel
{
    /// <summary>Generated where the machine allows it, else the portable one.</summary>
    Auto,

    /// <summary>Generated AVX-512 code for the format.</summary>
    Generated,

    /// <summary>The compiled kernel; runs anywhere.</summary>
    Portable,
}

/// <summary>How a <see cref="DecodeProduct"/> is planned.</summary>
public sealed record DecodeOptions
{
    /// <summary>The most vectors of a plan.</summary>
    public const int MostVectors = 8;

    /// <summary>Vectors that one run multiplies, 1 to <see cref="MostVectors"/>. A plan holds for one number.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Threads, the caller's included; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>One value a row of the matrix, added to all its outputs; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output.</summary>
    public ProductActivation Activation { get; init; }

    /// <summary>The kernel.</summary>
    public DecodeKernel Kernel { get; init; }
}
