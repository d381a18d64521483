namespace Connecto.Sparse.Matrices;

/// <summary>Entries in any order become compressed rows: sorted by column, then by row, both by counting.</summary>
/// <remarks>A counting sort keeps the order of equals, so after the second pass a row's columns ascend, and entries of
/// one place stand in the order given.</remarks>
internal static class EntrySort
{
    public static CsrMatrix Build(int rows, int columns, (int Row, int Column, float Value)[] entries)
    {
        foreach (var (row, column, _) in entries)
            if ((uint)row >= (uint)rows || (uint)column >= (uint)columns)
                throw new ArgumentException(
                    $"Entry ({row}, {column}) lies outside a {rows} x {columns} matrix.", nameof(entries));

        var next = new int[columns + 1];
        foreach (var entry in entries) next[entry.Column + 1]++;
        for (var c = 0; c < columns; c++) next[c + 1] += next[c];
        var byColumn = new int[entries.Length];
        for (var i = 0; i < entries.Length; i++) byColumn[next[entries[i].Column]++] = i;

        var starts = new int[rows + 1];
        foreach (var entry in entries) starts[entry.Row + 1]++;
        for (var r = 0; r < rows; r++) starts[r + 1] += starts[r];
        next = starts[..^1];
        var indices = new int[entries.Length];
        var values = new float[entries.Length];
        foreach (var i in byColumn)
        {
            var (row, column, value) = entries[i];
            var to = next[row]++;
            (indices[to], values[to]) = (column, value);
        }
        return Join(rows, columns, starts, indices, values);
    }

    /// <summary>Sums neighbours of one place, in place.</summary>
    private static CsrMatrix Join(int rows, int columns, int[] starts, int[] indices, float[] values)
    {
        var to = 0;
        for (var (row, i) = (0, 0); row < rows; row++)
        {
            var begin = to;
            for (var end = starts[row + 1]; i < end; i++)
                if (to > begin && indices[to - 1] == indices[i]) values[to - 1] += values[i];
                else (indices[to], values[to++]) = (indices[i], values[i]);
            starts[row] = begin;
        }
        starts[rows] = to;
        return to == values.Length ? new CsrMatrix(rows, columns, starts, indices, values)
            : new CsrMatrix(rows, columns, starts, indices[..to], values[..to]);
    }
}
