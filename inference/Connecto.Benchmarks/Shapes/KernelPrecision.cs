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
}

/// <summary>The names of precisions, as flags and rows have them.</summary>
public static class KernelPrecisions
{
    private static readonly (KernelPrecision Precision, string Name)[] Names =
        [(KernelPrecision.Fp32, "fp32"), (KernelPrecision.Int8, "int8"), (KernelPrecision.Int8Block4, "int8-block4")];

    /// <summary>fp32, int8 or int8-block4.</summary>
    public static string Name(this KernelPrecision precision) => Names.First(n => n.Precision == precision).Name;

    /// <summary>Bytes of one weight, of one activation.</summary>
    public static int Bytes(this KernelPrecision precision) => precision == KernelPrecision.Fp32 ? 4 : 1;

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
