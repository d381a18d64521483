using Connecto.Sparse.Matrices;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of floats in compressed rows of blocks of four. Row = output (postsynaptic), column = input
/// (presynaptic).</summary>
/// <remarks>
/// A block is stored where any of its places has an entry; its other places are filled with 0, so that a product reads
/// four values and one index a block. Which places are entries is kept beside, a bit a place, so the conversion from
/// compressed rows and back is exact: fills vanish, stored zeros stay. In a product a fill counts as the weight 0: where
/// an input is NaN or infinite, the outputs of a block that reads it as a fill become NaN, other than in
/// <see cref="CsrMatrix"/>. Immutable, and safe from several threads; 21 bytes a block and 4 a row of blocks.
/// </remarks>
public sealed partial class BlockCsrMatrix
{
    /// <summary>Places of a block.</summary>
    public const int BlockSize = 4;

    private readonly SparsePattern pattern;
    private readonly float[] values;
    private readonly byte[] stored;

    /// <summary>Takes the three arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="rows">Number of rows, 0 or more; need not be a multiple of 4.</param>
    /// <param name="columns">Number of columns, likewise.</param>
    /// <param name="layout">Which places a block holds.</param>
    /// <param name="blockStarts">Where each row of blocks begins: one place more than there are such rows, from 0 to the
    /// number of blocks, never falling.</param>
    /// <param name="blockIndices">The column of blocks of every block, strictly ascending within a row of
    /// blocks.</param>
    /// <param name="values">Four values a block. A place that holds 0 (the bits of +0) is a fill; a place past the last
    /// row or column must be one.</param>
    /// <exception cref="ArgumentException">Any of these does not hold; the message says which.</exception>
    public BlockCsrMatrix(int rows, int columns, BlockLayout layout, int[] blockStarts, int[] blockIndices, float[] values)
        : this(
            rows, columns, layout,
            new SparsePattern(
                Along(rows, layout == BlockLayout.FourRows), Along(columns, layout == BlockLayout.FourColumns), blockStarts, blockIndices,
                "block row", "block column"),
            values, BlockConversion.NonZeroPlaces(blockIndices, values))
    {
        for (var i = 0; i < blockIndices.Length; i++)
            if (stored[i] >> Inside(ListOf(i), blockIndices[i]) != 0)
                throw new ArgumentException(
                    $"Block {i} has a value outside the {rows} x {columns} matrix; places past its edge must hold 0.", nameof(values));
    }

    private BlockCsrMatrix(int rows, int columns, BlockLayout layout, SparsePattern pattern, float[] values, byte[] stored)
    {
        (Rows, Columns, Layout, this.pattern, this.values, this.stored) = (rows, columns, layout, pattern, values, stored);
        foreach (var block in stored) NonZeros += byte.PopCount(block);
    }

    /// <summary>Number of rows: outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: inputs.</summary>
    public int Columns { get; }

    /// <summary>Which places a block holds.</summary>
    public BlockLayout Layout { get; }

    /// <summary>Number of blocks stored.</summary>
    public int Blocks => pattern.Entries;

    /// <summary>Number of entries: places of blocks that are no fills.</summary>
    public int NonZeros { get; }

    /// <summary>Share of the blocks' places that hold an entry, 0 to 1; 1 where there is no block. What the format
    /// gains or loses over compressed rows depends on this.</summary>
    public double Fill => Blocks == 0 ? 1 : (double)NonZeros / BlockSize / Blocks;

    /// <summary>The blocks' places: a list a row of blocks.</summary>
    public SparsePattern Pattern => pattern;

    /// <summary>The values, four a block, fills included; a column of four rows from its first row down.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Which places of each block are entries: bit i for the block's place i.</summary>
    public ReadOnlySpan<byte> Stored => stored;

    /// <summary>Gathers the entries of a matrix into blocks.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="layout">Which places a block holds.</param>
    /// <remarks>O(entries + rows + columns). <see cref="ToCsr"/> gives the same matrix back, to the bit.</remarks>
    public static BlockCsrMatrix FromCsr(CsrMatrix matrix, BlockLayout layout)
    {
        // Four rows of a column are four columns of a row of the transpose.
        var (pattern, values, stored) = BlockConversion.Gather(layout == BlockLayout.FourColumns ? matrix : matrix.Transpose());
        if (layout == BlockLayout.FourRows) (pattern, values, stored) = BlockConversion.Transpose(pattern, values, stored);
        return new BlockCsrMatrix(matrix.Rows, matrix.Columns, layout, pattern, values, stored);
    }

    /// <summary>The entries in compressed rows; fills are left out.</summary>
    /// <remarks>O(blocks + rows + columns).</remarks>
    public CsrMatrix ToCsr()
    {
        if (Layout == BlockLayout.FourColumns) return BlockConversion.Scatter(pattern, values, stored, Columns);
        var (transposed, moved, places) = BlockConversion.Transpose(pattern, values, stored);
        return BlockConversion.Scatter(transposed, moved, places, Rows).Transpose();
    }

    private static int Along(int places, bool blocked) => blocked && places > 0 ? (places - 1) / BlockSize + 1 : places;

    /// <summary>How many places of a block lie inside the matrix.</summary>
    private int Inside(int list, int index) =>
        Layout == BlockLayout.FourColumns ? Math.Min(BlockSize, Columns - BlockSize * index) : Math.Min(BlockSize, Rows - BlockSize * list);

    private int ListOf(int block)
    {
        var found = pattern.Starts.BinarySearch(block);
        if (found < 0) return ~found - 1;
        while (pattern.Starts[found + 1] == block) found++; // empty lists begin at the same place
        return found;
    }
}
