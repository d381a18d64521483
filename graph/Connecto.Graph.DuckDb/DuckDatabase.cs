using System.Text;

namespace Connecto.Graph.DuckDb;

/// <summary>How a database is opened.</summary>
public sealed record DuckOptions
{
    /// <summary>Threads that DuckDB may use; 0 = all of the machine.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes that DuckDB may hold before it puts rows on disk; 0 = its own default, 80 % of the machine.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The folder for what does not fit in memory, made when it is needed; null = one in the system's temporary folder.
    /// Several processes must not share one.</summary>
    public string? TemporaryDirectory { get; init; }
}

/// <summary>A DuckDB database in this process: SQL, Parquet and CSV, without a server.</summary>
/// <remarks>Statements of one database run one at a time; the object is safe to share between threads. It loads no
/// extension and opens no connection to the outside.</remarks>
public sealed unsafe partial class DuckDatabase : IDisposable
{
    private readonly Lock _gate = new();
    private nint _database, _connection;

    private DuckDatabase(nint database, nint connection) => (_database, _connection) = (database, connection);

    /// <summary>Opens a database file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is no database, or another process has it open.</exception>
    public static DuckDatabase Open(string path, DuckOptions? options = null) => Connect(path, options ?? new());

    /// <summary>Opens a database that lives in memory until it is disposed.</summary>
    public static DuckDatabase OpenMemory(DuckOptions? options = null) => Connect(null, options ?? new());

    /// <summary>DuckDB's version, such as "v1.5.6".</summary>
    public static string LibraryVersion => NativeMethods.Text(NativeMethods.LibraryVersion());

    /// <summary>A text as an SQL literal: in single quotes, those inside doubled.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>A table's or column's name in double quotes, those inside doubled.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>A path as the literal that read_parquet and read_csv take for exactly this file: they would read *, ? and
    /// [ as patterns.</summary>
    public static string FileLiteral(string path)
    {
        var text = new StringBuilder();
        foreach (var c in path)
            text.Append(c is '*' or '?' or '[' ? $"[{c}]" : c);
        return Literal(text.ToString());
    }

    /// <summary>Runs one or several statements and drops what they return.</summary>
    /// <returns>Rows that the last statement changed.</returns>
    /// <exception cref="InvalidDataException">DuckDB refused; its words are in the message.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running; the statement is rolled back.</exception>
    public long Execute(string sql, CancellationToken cancellation = default) =>
        Run(sql, (ref NativeResult result) => (long)NativeMethods.RowsChanged(ref result), cancellation);

    /// <summary>Runs a statement and reads all of its rows.</summary>
    /// <exception cref="InvalidDataException">DuckDB refused, or a column has a type that is not read here.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running.</exception>
    public DuckTable Query(string sql, CancellationToken cancellation = default) => Run(sql, ResultReader.Read, cancellation);

    /// <summary>Closes the database; what it holds in memory is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_connection != 0) NativeMethods.Disconnect(ref _connection);
            if (_database != 0) NativeMethods.Close(ref _database);
        }
    }

    private delegate T Reader<T>(ref NativeResult result);

    private T Run<T>(string sql, Reader<T> read, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_connection == 0, this);
            cancellation.ThrowIfCancellationRequested();
            using var registration = cancellation.Register(() => NativeMethods.Interrupt(_connection));
            var failed = NativeMethods.Query(_connection, sql, out var result) != 0;
            try
            {
                if (!failed) return read(ref result);
                cancellation.ThrowIfCancellationRequested();
                throw new InvalidDataException($"DuckDB refused a statement: {NativeMethods.Text(NativeMethods.ResultError(ref result))}");
            }
            finally
            {
                NativeMethods.DestroyResult(ref result);
            }
        }
    }

    private static DuckDatabase Connect(string? path, DuckOptions options)
    {
        if (NativeMethods.CreateConfig(out var config) != 0) throw new OutOfMemoryException("DuckDB made no configuration.");
        try
        {
            foreach (var (name, value) in Settings(options))
                if (NativeMethods.SetConfig(config, name, value) != 0)
                    throw new ArgumentException($"DuckDB does not take {name} = {value}.", nameof(options));
            if (NativeMethods.Open(path, out var database, config, out var error) != 0)
                throw new InvalidDataException($"The database {path} cannot be opened: {NativeMethods.TakeText(error)}");
            if (NativeMethods.Connect(database, out var connection) == 0) return new DuckDatabase(database, connection);
            NativeMethods.Close(ref database);
            throw new InvalidDataException($"The database {path} takes no connection.");
        }
        finally
        {
            NativeMethods.DestroyConfig(ref config);
        }
    }

    private static IEnumerable<(string Name, string Value)> Settings(DuckOptions options)
    {
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        if (options.Threads > 0) yield return ("threads", FormattableString.Invariant($"{options.Threads}"));
        if (options.MemoryBytes > 0) yield return ("memory_limit", FormattableString.Invariant($"{options.MemoryBytes}B"));
        // DuckDB's own default is a folder .tmp where the process happens to stand.
        yield return ("temp_directory", options.TemporaryDirectory
            ?? Path.Combine(Path.GetTempPath(), FormattableString.Invariant($"connecto-duckdb-{Environment.ProcessId}")));
    }
}
