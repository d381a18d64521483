namespace Connecto.Graph.DuckDb;

public sealed unsafe partial class DuckDatabase
{
    /// <summary>Makes a table and fills it, a vector of 2,048 rows at a time.</summary>
    /// <param name="table">The new table's name, as it is (not quoted).</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Its columns, each of so many rows.</param>
    /// <param name="cancellation">Checked between vectors.</param>
    /// <exception cref="InvalidDataException">DuckDB refused: the table exists, or two columns share a name.</exception>
    public void CreateTable(
        string table, int rows, IReadOnlyList<DuckSource> columns, CancellationToken cancellation = default)
    {
        Execute($"CREATE TABLE {Name(table)} ({string.Join(", ", columns.Select(c => $"{Name(c.Name)} {c.SqlType}"))})");
        lock (_gate)
        {
            var chunk = CreateChunk(columns);
            nint appender = 0;
            try
            {
                Check(NativeMethods.CreateAppender(_connection, null, table, out appender), appender);
                Append(appender, chunk, rows, columns, cancellation);
                Check(NativeMethods.CloseAppender(appender), appender);
            }
            finally
            {
                NativeMethods.DestroyChunk(ref chunk);
                if (appender != 0) NativeMethods.DestroyAppender(ref appender);
            }
        }
    }

    private static void Append(
        nint appender, nint chunk, int rows, IReadOnlyList<DuckSource> columns, CancellationToken cancellation)
    {
        var vector = (int)NativeMethods.VectorSize();
        for (var first = 0; first < rows; first += vector)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(vector, rows - first);
            NativeMethods.ResetChunk(chunk);
            for (var c = 0; c < columns.Count; c++)
                columns[c].Fill(first, count, NativeMethods.ChunkVector(chunk, (ulong)c));
            NativeMethods.SetChunkSize(chunk, (ulong)count);
            Check(NativeMethods.AppendChunk(appender, chunk), appender);
        }
    }

    private static nint CreateChunk(IReadOnlyList<DuckSource> columns)
    {
        var types = new nint[columns.Count];
        try
        {
            for (var i = 0; i < types.Length; i++) types[i] = NativeMethods.CreateLogicalType(columns[i].Type);
            fixed (nint* handles = types) return NativeMethods.CreateChunk(handles, (ulong)types.Length);
        }
        finally
        {
            for (var i = 0; i < types.Length; i++) NativeMethods.DestroyLogicalType(ref types[i]);
        }
    }

    private static void Check(int state, nint appender)
    {
        if (state != 0)
            throw new InvalidDataException(
                $"DuckDB refused rows: {(appender == 0 ? "no appender" : NativeMethods.Text(NativeMethods.AppenderError(appender)))}");
    }
}
