namespace Connecto.Graph.DuckDb;

public sealed unsafe partial class DuckDatabase
{
    /// <summary>Runs a statement and hands out its rows a chunk at a time, in order, while it runs: so a table larger than memory
    /// can be read.</summary>
    /// <returns>Tables of up to 2,048 rows each. The database is taken until the last, or until the enumeration is disposed.</returns>
    /// <exception cref="InvalidDataException">DuckDB refused, perhaps after some rows.</exception>
    public IEnumerable<DuckTable> Stream(string sql)
    {
        using var stream = new RowStream(this, sql);
        while (stream.Next() is { } rows) yield return rows;
    }

    private sealed class RowStream : IDisposable
    {
        private readonly DuckDatabase _database;
        private nint _statement;
        private NativeResult _result;

        public RowStream(DuckDatabase database, string sql)
        {
            _database = database;
            lock (database._gate)
            {
                ObjectDisposedException.ThrowIf(database._connection == 0, database);
                if (NativeMethods.Prepare(database._connection, sql, out _statement) == 0
                    && NativeMethods.ExecuteStreaming(_statement, out _result) == 0) return;
                var why = NativeMethods.Text(NativeMethods.PrepareError(_statement));
                if (why.Length == 0) why = NativeMethods.Text(NativeMethods.ResultError(ref _result));
                Dispose();
                throw new InvalidDataException($"DuckDB refused a statement: {why}");
            }
        }

        public DuckTable? Next()
        {
            lock (_database._gate)
            {
                ObjectDisposedException.ThrowIf(_database._connection == 0, _database);
                var rows = ResultReader.Next(ref _result);
                if (rows is null && NativeMethods.Text(NativeMethods.ResultError(ref _result)) is { Length: > 0 } why)
                    throw new InvalidDataException($"DuckDB stopped in the middle of a result: {why}");
                return rows;
            }
        }

        public void Dispose()
        {
            NativeMethods.DestroyResult(ref _result);
            NativeMethods.DestroyPrepared(ref _statement);
        }
    }
}
