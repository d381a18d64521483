using Connecto.Sparse.Bytes;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of signed bytes with a scale a row; any places may be zero.</summary>
/// <remarks>Entry r, c stands for Scales[r] times its byte. The pattern is proved as <see cref="CsrMatrix"/> proves its own;
/// immutable.</remarks>
public sealed class ByteMatrix
{
    private readonly CsrMatrix pattern; // its values are the bytes as floats
    private readonly float[] scales;

    private ByteMatrix(CsrMatrix pattern, float[] scales) => (this.pattern, this.scales) = (pattern, scales);

    /// <summary>Number of rows: outputs.</summary>
    public int Rows => pattern.Rows;

    /// <summary>Number of columns: inputs.</summary>
    public int Columns => pattern.Columns;

    /// <summary>Number of entries.</summary>
    public int NonZeros => pattern.NonZeros;

    /// <summary>What one step of a byte is worth, by row.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>Where each row begins; Rows + 1 places.</summary>
    public ReadOnlySpan<int> RowStarts => pattern.RowStarts;

    /// <summary>The column of every entry.</summary>
    public ReadOnlySpan<int> ColumnIndices => pattern.ColumnIndices;

    /// <summary>The byte of an entry, by its place.</summary>
    public sbyte Value(int place) => (sbyte)pattern.Values[place];

    /// <summary>Quantises a matrix: a row's scale is its largest magnitude divided by 127.</summary>
    /// <param name="matrix">The matrix; its values are finite.</param>
    /// <exception cref="ArgumentException">A value is not.</exception>
    public static ByteMatrix Quantize(CsrMatrix matrix)
    {
        var scales = ByteScales.Of(matrix);
        var values = new float[matrix.NonZeros];
        for (var row = 0; row < matrix.Rows; row++)
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
                values[i] = ByteScales.Round(matrix.Values[i], scales[row]);
        return new ByteMatrix(Like(matrix, values), scales);
    }

    /// <summary>Takes a matrix of whole numbers in [-128, 127] as it is; all scales are 1.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <exception cref="ArgumentException">A value is no such number.</exception>
    public static ByteMatrix FromBytes(CsrMatrix matrix)
    {
        ByteScales.CheckBytes(matrix);
        return new ByteMatrix(matrix, ByteScales.Ones(matrix.Rows));
    }

    /// <summary>The same matrix as blocks of four columns in an order that leaves few of them.</summary>
    /// <remarks>
    /// A block costs as much as four entries and is needed where any of its four columns has one. So columns that are used
    /// by the same rows are put into one block: first the column left, then thrice the one that shares most rows with the
    /// block so far. On random zeros that spares some 5 to 20 % of the blocks, and the order costs nothing, as inputs are
    /// interleaved by fours anyway.
    /// </remarks>
    internal BlockMatrix ToBlocks(BlockOrder order)
    {
        var quads = order == BlockOrder.AsGiven ? RowGroups.Neighbours(Columns, 4) : RowGroups.Similar(Transpose(), 4);
        var inputs = new int[quads.Length * 4];
        Array.Fill(inputs, -1);
        var places = new int[Columns];
        for (var quad = 0; quad < quads.Length; quad++)
            for (var i = 0; i < quads[quad].Length; i++)
            {
                inputs[quad * 4 + i] = quads[quad][i];
                places[quads[quad][i]] = quad * 4 + i;
            }
        var starts = new int[Rows + 1];
        List<int> blocks = [];
        List<float> words = [];
        var row = new int[quads.Length];
        SortedSet<int> used = [];
        for (var r = 0; r < Rows; r++)
        {
            used.Clear();
            for (var i = RowStarts[r]; i < RowStarts[r + 1]; i++)
            {
                var place = places[ColumnIndices[i]];
                if (used.Add(place / 4)) row[place / 4] = 0;
                row[place / 4] |= (byte)Value(i) << place % 4 * 8;
            }
            foreach (var block in used)
            {
                blocks.Add(block);
                words.Add(BitConverter.Int32BitsToSingle(row[block]));
            }
            starts[r + 1] = blocks.Count;
        }
        return new BlockMatrix(
            new CsrMatrix(Rows, quads.Length, starts, [.. blocks], [.. words]), scales, Columns,
            order == BlockOrder.AsGiven ? null : inputs);
    }

    private CsrMatrix Transpose()
    {
        var starts = new int[Columns + 1];
        foreach (var column in ColumnIndices) starts[column + 1]++;
        for (var c = 0; c < Columns; c++) starts[c + 1] += starts[c];
        var (next, rows) = (starts[..Columns], new int[NonZeros]);
        for (var r = 0; r < Rows; r++)
            foreach (var column in ColumnIndices[RowStarts[r]..RowStarts[r + 1]]) rows[next[column]++] = r;
        return new CsrMatrix(Columns, Rows, starts, rows, new float[NonZeros]);
    }

    private static CsrMatrix Like(CsrMatrix matrix, float[] values) =>
        new(matrix.Rows, matrix.Columns, matrix.RowStarts.ToArray(), matrix.ColumnIndices.ToArray(), values);
}

/// <summary>Which columns form a block.</summary>
internal enum BlockOrder
{
    /// <summary>Neighbours.</summary>
    AsGiven,

    /// <summary>Columns that the same rows use.</summary>
    Clustered,
}
