namespace Connecto.Sparse.Decode;

/// <summary>How weights of 4 or 3 bits lie for their kernel.</summary>
/// <param name="Bits">3 or 4.</param>
/// <param name="Group">32 or 64.</param>
/// <param name="Batch">Vectors, 1 to 8.</param>
/// <remarks>
/// A slice is 64 columns, one byte each once unpacked; a block is as many slices as fill whole vectors. Of 4 bits, byte j
/// holds column j of slice 1 above that of slice 0. Of 3 bits, the upper two of four slices share a vector and the lowest
/// ones of eight slices another. With groups of 32 the two groups of a slice take turns, four columns at a time, so that
/// one pattern of scales serves all lanes.
/// </remarks>
internal readonly record struct GroupedShape(int Bits, int Group, int Batch)
{
    /// <summary>Columns of a slice.</summary>
    public const int SliceColumns = 64;

    /// <summary>Rows that are summed together.</summary>
    public int Rows => Batch <= 2 ? 8 : Batch <= 4 ? 4 : 2;

    /// <summary>Sums of a group of rows.</summary>
    public int Sums => Rows * Batch;

    /// <summary>Slices of a block.</summary>
    public int Slices => Bits == 4 ? 2 : 8;

    /// <summary>Columns of a block.</summary>
    public int BlockColumns => Slices * SliceColumns;

    /// <summary>Bytes of a row's block.</summary>
    public int BlockBytes => BlockColumns * Bits / 8;

    /// <summary>Words of 32 bits, two scales each, of a row's block.</summary>
    public int ScaleWords => BlockColumns / Group / 2;

    /// <summary>What a sum must be multiplied with: weights are unpacked into the upper bits of bytes.</summary>
    public float Unit => Bits == 4 ? 1f / 16 : 1f / 32;

    /// <summary>The column, within its slice, that byte j of it holds.</summary>
    public int ColumnOf(int j) => Group == SliceColumns ? j : (j / 4 % 2 * 32) + j / 8 * 4 + j % 4;
}
