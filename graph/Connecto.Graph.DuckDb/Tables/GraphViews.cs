namespace Connecto.Graph.DuckDb;

/// <summary>The tables of a connectome as views that SQL asks: neurons, synapses and connections, and names.</summary>
/// <remarks>Every view has the same first columns whatever wrote the tables: neurons always name and type, "" where there are none,
/// connections always sign, 0 where there is none.</remarks>
public static class GraphViews
{
    private const string NameColumns = "columns = {'id': 'UBIGINT', 'name': 'VARCHAR', 'type': 'VARCHAR'}";

    /// <summary>Opens a database in memory with the views.</summary>
    /// <param name="directory">The run's directory; its folder of tables is read.</param>
    /// <param name="options">Threads and memory of DuckDB.</param>
    /// <exception cref="FileNotFoundException">A table is missing.</exception>
    /// <exception cref="InvalidDataException">A file is no Parquet.</exception>
    /// <remarks>Nothing but the tables' headers is read before a statement asks; the files must stay while the database is
    /// open. names.csv, where a folder has it, names neurons whose table does not.</remarks>
    public static DuckDatabase Open(string directory, DuckOptions? options = null)
    {
        var folder = Path.GetFullPath(Path.Combine(directory, GraphTables.Folder));
        var database = DuckDatabase.OpenMemory(options);
        try
        {
            foreach (var file in GraphTables.Files)
            {
                var table = Path.GetFileNameWithoutExtension(file);
                var rows = $"read_parquet({DuckDatabase.FileLiteral(ParquetFile.Require(Path.Combine(folder, file)))})";
                database.Execute($"CREATE VIEW {table} AS {Select(database, table, rows, folder)}");
            }
            database.Execute("CREATE VIEW names AS SELECT id, name, type FROM neurons WHERE name <> '' OR type <> ''");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static string Select(DuckDatabase database, string table, string rows, string folder)
    {
        var columns = database.Query($"DESCRIBE SELECT * FROM {rows}").Values<string>("column_name");
        bool Lacks(string column) => !columns.Contains(column, StringComparer.OrdinalIgnoreCase);
        if (table == "connections" && Lacks("sign")) return $"SELECT *, 0::TINYINT AS sign FROM {rows}";
        if (table != "neurons" || (!Lacks("name") && !Lacks("type"))) return $"SELECT * FROM {rows}";
        var names = Path.Combine(folder, NameCsv.File);
        if (Lacks("name") && Lacks("type") && File.Exists(names))
            return $"SELECT n.*, coalesce(name, '') AS name, coalesce(type, '') AS type FROM {rows} n LEFT JOIN " +
                $"read_csv({DuckDatabase.FileLiteral(names)}, header = true, {NameColumns}) USING (id)";
        return $"SELECT *{(Lacks("name") ? ", '' AS name" : "")}{(Lacks("type") ? ", '' AS type" : "")} FROM {rows}";
    }
}
