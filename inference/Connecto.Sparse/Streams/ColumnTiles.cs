namespace Connecto.Sparse.Streams;

/// <summary>A sparse matrix cut into ranges of columns, each a matrix in compressed rows of its own.</summary>
/// <remarks>
/// All rows are done with one tile of inputs, which stays in L1 meanwhile, before the next tile is read; a row's sums
/// then go on where they were, so that the order of additions is that of the whole row. 8 bytes an entry, and 4 a row and
/// tile.
/// </remarks>
internal sealed class ColumnTiles
{
    /// <param name="matrix">The matrix.</param>
    /// <param name="depth">Columns of a tile, at least 1.</param>
    public ColumnTiles(CsrMatrix matrix, int depth)
    {
        (Depth, Count) = (depth, Math.Max(1, (matrix.Columns + depth - 1) / depth));
        Starts = new int[Count][];
        Columns = new int[matrix.NonZeros];
        Values = new float[matrix.NonZeros];
        var next = matrix.RowStarts[..matrix.Rows].ToArray();
        var count = 0;
        for (var tile = 0; tile < Count; tile++)
        {
            var (begin, end) = (tile * (long)depth, (tile + 1L) * depth);
            var starts = Starts[tile] = new int[matrix.Rows + 1];
            starts[0] = count;
            for (var row = 0; row < matrix.Rows; row++)
            {
                for (; next[row] < matrix.RowStarts[row + 1] && matrix.ColumnIndices[next[row]] < end; next[row]++, count++)
                    (Columns[count], Values[count]) = (
                        matrix.ColumnIndices[next[row]] - (int)begin, matrix.Values[next[row]]);
                starts[row + 1] = count;
            }
        }
    }

    /// <summary>Columns of a tile.</summary>
    public int Depth { get; }

    /// <summary>Number of tiles.</summary>
    public int Count { get; }

    /// <summary>By tile: where each row begins among the entries, rows + 1 places.</summary>
    public int[][] Starts { get; }

    /// <summary>The column of every entry within its tile; tile by tile, row by row.</summary>
    public int[] Columns { get; }

    /// <summary>The value of every entry.</summary>
    public float[] Values { get; }
}
