namespace Connecto.Graph.DuckDb;

/// <summary>Any table as a Parquet file.</summary>
public static class ParquetRows
{
    /// <summary>Writes a table under a temporary name, flushes it and renames it.</summary>
    /// <param name="path">The file; replaced where it exists. Its folder must exist.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="options">Threads and memory of DuckDB.</param>
    /// <param name="cancellation">Until the renaming; then nothing has changed.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(
        string path, int rows, IReadOnlyList<DuckSource> columns, DuckOptions? options = null, CancellationToken cancellation = default)
    {
        var partial = path + ".tmp";
        try
        {
            ParquetFile.Write(partial, rows, columns, options, cancellation);
            cancellation.ThrowIfCancellationRequested();
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
