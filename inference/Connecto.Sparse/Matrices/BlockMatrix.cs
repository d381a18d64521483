using System.Runtime.InteropServices;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of signed bytes in blocks of one row and four neighbouring columns, with a scale a
/// row.</summary>
/// <remarks>Entry r, c stands for Scales[r] times its byte. The pattern is proved as <see cref="CsrMatrix"/> proves its
/// own; immutable.</remarks>
public sealed class BlockMatrix
{
    private readonly float[] scales;

    /// <summary>Quantises a matrix: a block is kept where any of its four entries is stored; a row's scale is its largest
    /// magnitude divided by 127.</summary>
    /// <param name="matrix">The matrix; its number of columns is a multiple of 4, its values are finite.</param>
    /// <exception cref="ArgumentException">Either does not hold.</exception>
    public static BlockMatrix Quantize(CsrMatrix matrix)
    {
        var scales = new float[matrix.Rows];
        for (var row = 0; row < matrix.Rows; row++)
        {
            float largest = 0;
            foreach (var value in matrix.Values[matrix.RowStarts[row]..matrix.RowStarts[row + 1]])
                largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value))
                    : throw new ArgumentException($"Row {row} holds {value}; only finite values have a scale.", nameof(matrix));
            scales[row] = largest == 0 ? 1 : largest / 127;
        }
        return Pack(matrix, scales);
    }

    /// <summary>Takes a matrix of whole numbers in [-128, 127] as it is; all scales are 1.</summary>
    /// <param name="matrix">The matrix; its number of columns is a multiple of 4.</param>
    /// <exception cref="ArgumentException">Either does not hold.</exception>
    public static BlockMatrix FromBytes(CsrMatrix matrix)
    {
        foreach (var value in matrix.Values)
            if (value != (sbyte)value)
                throw new ArgumentException($"{value} is no whole number in [-128, 127].", nameof(matrix));
        var scales = new float[matrix.Rows];
        Array.Fill(scales, 1);
        return Pack(matrix, scales);
    }

    private static BlockMatrix Pack(CsrMatrix matrix, float[] scales)
    {
        if (matrix.Columns % 4 != 0)
            throw new ArgumentException($"Blocks need a multiple of 4 columns; found {matrix.Columns}.", nameof(matrix));
        var starts = new int[matrix.Rows + 1];
        List<int> blocks = [];
        List<float> words = [];
        Span<sbyte> four = stackalloc sbyte[4];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (begin, end) = (matrix.RowStarts[row], matrix.RowStarts[row + 1]);
            for (var i = begin; i < end;)
            {
                var block = matrix.ColumnIndices[i] / 4;
                four.Clear();
                for (; i < end && matrix.ColumnIndices[i] / 4 == block; i++)
                    four[matrix.ColumnIndices[i] % 4] = (sbyte)Math.Clamp(MathF.Round(matrix.Values[i] / scales[row]), -128, 127);
                blocks.Add(block);
                words.Add(MemoryMarshal.Read<float>(MemoryMarshal.AsBytes(four)));
            }
            starts[row + 1] = blocks.Count;
        }
        return new BlockMatrix(new CsrMatrix(matrix.Rows, matrix.Columns / 4, starts, [.. blocks], [.. words]), scales);
    }

    private BlockMatrix(CsrMatrix words, float[] scales) => (Words, this.scales) = (words, scales);

    /// <summary>Number of rows: outputs.</summary>
    public int Rows => Words.Rows;

    /// <summary>Number of columns: inputs; a multiple of 4.</summary>
    public int Columns => Words.Columns * 4;

    /// <summary>Number of blocks stored.</summary>
    public int Blocks => Words.NonZeros;

    /// <summary>What one step of a byte is worth, by row.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>The bytes of all blocks, four a block, row by row.</summary>
    public ReadOnlySpan<sbyte> Values => MemoryMarshal.Cast<float, sbyte>(Words.Values);

    /// <summary>Blocks as entries, the four bytes of each as the bits of a float.</summary>
    internal CsrMatrix Words { get; }
}
