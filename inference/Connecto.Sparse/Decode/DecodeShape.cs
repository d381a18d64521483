namespace Connecto.Sparse.Decode;

/// <summary>How a format's rows and columns are cut.</summary>
/// <param name="Format">The format.</param>
/// <param name="Batch">Vectors, 1 to 8.</param>
/// <remarks>
/// A group of rows shares the loads of the vectors; all its sums stay in registers: 24 at most, up to 8 registers of
/// inputs, and the weights in between.
/// </remarks>
internal readonly record struct DecodeShape(DecodeFormat Format, int Batch)
{
    /// <summary>Columns of one word of bits.</summary>
    public const int WordColumns = 64;

    /// <summary>Rows that are summed together.</summary>
    public int Rows => Batch <= 3 ? 8 : Batch <= 6 ? 4 : 2;

    /// <summary>Sums of a group.</summary>
    public int Sums => Rows * Batch;

    /// <summary>Columns of one step.</summary>
    public int StepColumns => Format switch
    {
        DecodeFormat.MaskedFloats => 16,
        DecodeFormat.MaskedHalves => 32,
        _ => WordColumns,
    };

    /// <summary>Bytes of one value.</summary>
    public int ValueBytes => Format switch
    {
        DecodeFormat.MaskedFloats => 4,
        DecodeFormat.MaskedHalves => 2,
        _ => 1,
    };

    /// <summary>Bytes of one input.</summary>
    public int InputBytes => Format is DecodeFormat.MaskedFloats or DecodeFormat.MaskedHalves ? 4 : 1;
}
