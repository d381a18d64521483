namespace Connecto.Sparse.Bytes;

/// <summary>The non-zero blocks of all rows, as a kernel uses them: where a block's inputs lie, and its four
/// weights.</summary>
/// <remarks>
/// A block is four signed bytes of one row; its inputs are vectors of 16 columns, four unsigned bytes a column side by
/// side. Entries are kept by tile and row: those of row r in tile t are Starts[t * Rows + r] to the next start. A tile is a
/// part of the inputs small enough for the first cache. Nothing here depends on the instructions in use, and sums of
/// integers have no order, so every kernel yields the same bits.
/// </remarks>
/// <param name="Rows">Number of rows.</param>
/// <param name="Tiles">Number of tiles, 1 or more.</param>
/// <param name="Starts">Tiles * Rows + 1 places.</param>
/// <param name="Offsets">Bytes from the input pointer to the first vector of each entry.</param>
/// <param name="Words">The four weights of each entry, the first in the lowest byte.</param>
internal sealed record BlockRows(int Rows, int Tiles, int[] Starts, int[] Offsets, int[] Words)
{
    /// <summary>Places of a row's entries in a tile.</summary>
    public Range Entries(int tile, int row) => Starts[tile * Rows + row]..Starts[tile * Rows + row + 1];

    /// <summary>Entries of a matrix whose columns are blocks.</summary>
    /// <param name="words">Entries are the bits of four weights.</param>
    /// <param name="tileBlocks">Columns of a tile, 1 or more.</param>
    /// <param name="blockBytes">Bytes of a block's input; tiles begin at the input pointer.</param>
    public static BlockRows Cut(CsrMatrix words, int tileBlocks, int blockBytes)
    {
        var tiles = Math.Max(1, (words.Columns + tileBlocks - 1) / tileBlocks);
        var next = words.RowStarts[..words.Rows].ToArray();
        var (starts, offsets, values) = (new int[tiles * words.Rows + 1], new int[words.NonZeros], new int[words.NonZeros]);
        var at = 0;
        for (var tile = 0; tile < tiles; tile++)
            for (var row = 0; row < words.Rows; row++)
            {
                for (; next[row] < words.RowStarts[row + 1]; next[row]++)
                {
                    if (words.ColumnIndices[next[row]] >= (tile + 1L) * tileBlocks) break;
                    offsets[at] = (words.ColumnIndices[next[row]] - tile * tileBlocks) * blockBytes;
                    values[at++] = BitConverter.SingleToInt32Bits(words.Values[next[row]]);
                }
                starts[tile * words.Rows + row + 1] = at;
            }
        return new BlockRows(words.Rows, tiles, starts, offsets, values);
    }
}
