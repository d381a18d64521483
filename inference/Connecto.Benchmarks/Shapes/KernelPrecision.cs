namespace Connecto.Benchmarks;

/// <summary>What weights and activations are made of, and where a matrix has its zeros.</summary>
public enum KernelPrecision
{
    /// <summary>Floats; any weight may be zero.</summary>
    Fp32,

    /// <summary>Activations of 8 bits in [0, 127], weights of 8 bits in [-127, 127], sums of 32 bits; any weight may
    /// be zero.</summary>
    Int8,

    /// <summary>As <see cref="Int8"/>, but four neighbouring columns of a row, or four channels of one tap of a 3x3 convolution, are
    /// zero together.</summary>
    Int8Block4,

    /// <summary>Weights of 16 bits (the upper half of a float), activations and sums in floats; any weight may be
    /// zero.</summary>
    BFloat16,

    /// <summary>Activations as of <see cref="Int8"/>, weights of 4 bits in [-7, 7] with a scale for 64 columns, results in
    /// floats.</summary>
    Int4Group64,

    /// <summary>As <see cref="Int4Group64"/>, but 3 bits in [-3, 3].</summary>
    Int3Group64,
}

/// <summary>The names of precisions, as flags and rows have them.</summary>
public static class KernelPrecisions
{
    private static readonly (KernelPrecision Precision, string Name)[] Names =
        [(KernelPrecision.Fp32, "fp32"), (KernelPrecision.Int8, "int8"), (KernelPrecision.Int8Block4, "int8-block4"),
            (KernelPrecision.BFloat16, "bf16"), (KernelPrecision.Int4Group64, "int4-group64"), (KernelPrecision.Int3Group64, "int3-group64")];

    /// <summary>fp32, int8, int8-block4, bf16, int4-group64 or int3-group64.</summary>
    public static string Name(this KernelPrecision precision) => Names.First(n => n.Precision == precision).Name;

    /// <summary>Bytes of one activation, and of one weight where both are of one kind.</summary>
    public static int Bytes(this KernelPrecision precision) => precision.HasFloatInputs() ? 4 : 1;

    /// <summary>Whether activations are floats; else they are bytes.</summary>
    public static bool HasFloatInputs(this KernelPrecision precision) =>
        precision is KernelPrecision.Fp32 or KernelPrecision.BFloat16;

    /// <summary>Whether results are floats; else they are sums of 32 bits.</summary>
    public static bool HasFloatResults(this KernelPrecision precision) =>
        precision is not (KernelPrecision.Int8 or KernelPrecision.Int8Block4);

    /// <summary>The precision of that name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static KernelPrecision Parse(string name)
    {
        foreach (var (precision, known) in Names)
            if (known == name) return precision;
        throw new InvalidDataException(
            $"'{name}' is no precision; there are {string.Join(", ", Names.Select(n => n.Name))}. Nothing was measured.");
    }
}
