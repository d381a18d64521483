namespace Connecto.Sparse.Decode;

/// <summary>Some neighbouring rows of a matrix, column by column, with rows counted from the first in 16 bits.</summary>
/// <param name="Begin">The first row.</param>
/// <param name="End">Past the last row.</param>
/// <param name="Starts">Where each column begins, and where the last ends.</param>
/// <param name="Rows">The row of every entry, less Begin.</param>
/// <param name="Values">The value of every entry.</param>
internal sealed record ColumnBlock(int Begin, int End, int[] Starts, ushort[] Rows, float[] Values)
{
    /// <summary>Rows of a block: its outputs stay near, and its row numbers fit.</summary>
    public const int MostRows = 1 << 14;

    /// <summary>Cuts a matrix into blocks at the rows given: ascending, from 0 to the last row, at most
    /// <see cref="MostRows"/> apart.</summary>
    public static ColumnBlock[] Cut(CscMatrix matrix, IReadOnlyList<int> cuts)
    {
        var starts = matrix.ColumnStarts;
        var rows = matrix.RowIndices;
        var values = matrix.Values;
        var cursors = starts[..matrix.Columns].ToArray();
        var blocks = new ColumnBlock[cuts.Count - 1];
        List<ushort> near = [];
        List<float> kept = [];
        for (var i = 0; i < blocks.Length; i++)
        {
            near.Clear();
            kept.Clear();
            var begins = new int[matrix.Columns + 1];
            for (var column = 0; column < matrix.Columns; column++)
            {
                ref var at = ref cursors[column];
                for (; at < starts[column + 1] && rows[at] < cuts[i + 1]; at++)
                {
                    near.Add((ushort)(rows[at] - cuts[i]));
                    kept.Add(values[at]);
                }
                begins[column + 1] = near.Count;
            }
            blocks[i] = new ColumnBlock(cuts[i], cuts[i + 1], begins, [.. near], [.. kept]);
        }
        return blocks;
    }
}
