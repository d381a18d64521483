namespace Connecto.Sparse.Decode;

/// <summary>What a generated kernel reads and how it multiplies.</summary>
internal enum DecodeFormat
{
    /// <summary>Bits and signed bytes times unsigned bytes, 64 columns a step, sums in integers.</summary>
    MaskedBytes,

    /// <summary>All bytes, zeros too.</summary>
    DenseBytes,

    /// <summary>Bits and 16-bit floats times floats, 32 columns a step.</summary>
    MaskedHalves,

    /// <summary>Bits and floats times floats, 16 columns a step.</summary>
    MaskedFloats,
}
