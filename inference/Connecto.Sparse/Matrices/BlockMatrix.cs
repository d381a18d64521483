using System.Runtime.InteropServices;
using Connecto.Sparse.Bytes;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of signed bytes in blocks of one row and four neighbouring columns, with a scale a
/// row.</summary>
/// <remarks>Entry r, c stands for Scales[r] times its byte. The pattern is proved as <see cref="CsrMatrix"/> proves its
/// own; immutable.</remarks>
public sealed class BlockMatrix
{
    private readonly float[] scales;

    /// <summary>Takes blocks over.</summary>
    /// <param name="words">Blocks as entries, the bits of four bytes each.</param>
    /// <param name="scales">By row.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="inputs">The input of every place of a block, -1 for none; null where they ascend.</param>
    internal BlockMatrix(CsrMatrix words, float[] scales, int columns, int[]? inputs) =>
        (Words, this.scales, Columns, Inputs) = (words, scales, columns, inputs);

    /// <summary>Number of rows: outputs.</summary>
    public int Rows => Words.Rows;

    /// <summary>Number of columns: inputs.</summary>
    public int Columns { get; }

    /// <summary>Number of blocks stored.</summary>
    public int Blocks => Words.NonZeros;

    /// <summary>What one step of a byte is worth, by row.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>The bytes of all blocks, four a block, row by row.</summary>
    public ReadOnlySpan<sbyte> Values => MemoryMarshal.Cast<float, sbyte>(Words.Values);

    /// <summary>Blocks as entries, the four bytes of each as the bits of a float.</summary>
    internal CsrMatrix Words { get; }

    /// <summary>The input of every place of a block, -1 for none; null where they ascend.</summary>
    internal int[]? Inputs { get; }

    /// <summary>Quantises a matrix: a block is kept where any of its four entries is stored; a row's scale is its largest
    /// magnitude divided by 127.</summary>
    /// <param name="matrix">The matrix; its number of columns is a multiple of 4, its values are finite.</param>
    /// <exception cref="ArgumentException">Either does not hold.</exception>
    public static BlockMatrix Quantize(CsrMatrix matrix)
    {
        CheckColumns(matrix);
        return ByteMatrix.Quantize(matrix).ToBlocks(BlockOrder.AsGiven);
    }

    /// <summary>Takes a matrix of whole numbers in [-128, 127] as it is; all scales are 1.</summary>
    /// <param name="matrix">The matrix; its number of columns is a multiple of 4.</param>
    /// <exception cref="ArgumentException">Either does not hold.</exception>
    public static BlockMatrix FromBytes(CsrMatrix matrix)
    {
        CheckColumns(matrix);
        return ByteMatrix.FromBytes(matrix).ToBlocks(BlockOrder.AsGiven);
    }

    private static void CheckColumns(CsrMatrix matrix)
    {
        if (matrix.Columns % 4 != 0)
            throw new ArgumentException($"Blocks need a multiple of 4 columns; found {matrix.Columns}.", nameof(matrix));
    }
}
