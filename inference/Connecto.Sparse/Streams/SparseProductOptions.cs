namespace Connecto.Sparse;

/// <summary>What is done to every output of a product.</summary>
public enum ProductActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,
}

/// <summary>Whether a product adds values of the caller's to its sums.</summary>
public enum ProductAddend
{
    /// <summary>None.</summary>
    None,

    /// <summary>Every run is given a value for each output, which is added before the activation.</summary>
    Given,
}

/// <summary>Which kernel a product uses.</summary>
public enum ProductKernel
{
    /// <summary>A stream where the machine allows one and it is expected to be faster, else the portable kernel.</summary>
    Auto,

    /// <summary>Generated AVX-512 code for the matrix's non-zeros.</summary>
    Stream,

    /// <summary>The compiled kernel over System.Numerics and System.Runtime.Intrinsics vectors; runs anywhere. Where a
    /// stream's code would not fit the second-level cache, it is also the faster one.</summary>
    Portable,

    /// <summary>The compiled kernel that multiplies the zeros too, and so makes NaN of a zero times infinity. Auto takes
    /// it only for matrices that store every place. A product of bytes has no such kernel, as its others run at the dense rate
    /// where all blocks are stored, and takes this for Auto.</summary>
    Dense,
}

/// <summary>How a <see cref="SparseProduct"/> is planned.</summary>
public sealed record SparseProductOptions
{
    /// <summary>Columns of the dense operand (the batch, or the pixels); at least 1. A plan holds for one
    /// number.</summary>
    public required int Columns { get; init; }

    /// <summary>One value a row of the matrix, added to all its outputs; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output.</summary>
    public ProductActivation Activation { get; init; }

    /// <summary>Whether runs are given an addend.</summary>
    public ProductAddend Addend { get; init; }

    /// <summary>Threads, the caller's included; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The kernel.</summary>
    public ProductKernel Kernel { get; init; }
}
