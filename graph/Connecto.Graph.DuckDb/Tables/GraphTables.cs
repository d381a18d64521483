namespace Connecto.Graph.DuckDb;

/// <summary>A connectome as Parquet: <c>tables/neurons.parquet</c>, <c>synapses.parquet</c> and <c>connections.parquet</c>
/// of a run's directory. Ids are UBIGINT, lengths nm, axes in the order z, y, x.</summary>
/// <remarks><code>
/// neurons      id, voxels, begin_z_nm ... end_x_nm, centroid_z_nm ... centroid_x_nm,
///              in_synapses, out_synapses, in_partners, out_partners, and a column of text a label (name, type, ...)
/// synapses     id, pre, post, z_nm, y_nm, x_nm (cleft), pre_z_nm ... post_x_nm, size, score, block
/// connections  pre, post, contacts, size, score, sign (1 excites, -1 inhibits, 0 = not known)
/// </code></remarks>
public static class GraphTables
{
    /// <summary>The tables' folder in a run's directory.</summary>
    public const string Folder = "tables";

    /// <summary>The files in that folder, in the order they are written.</summary>
    public static IReadOnlyList<string> Files { get; } = ["neurons.parquet", "synapses.parquet", "connections.parquet"];

    /// <summary>Writes the three tables: all under temporary names, flushed, then renamed one after the other.</summary>
    /// <param name="directory">The run's directory; the folder "tables" is made in it.</param>
    /// <param name="connectome">Neurons, synapses (unassigned ones too) and edges.</param>
    /// <param name="options">Threads and memory of DuckDB.</param>
    /// <param name="cancellation">Until the first rename; then nothing has changed.</param>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; older tables are as they were.</exception>
    /// <remarks>The rows are held a second time, compressed, in DuckDB's memory while one table is written. The files' bytes
    /// depend on the connectome alone, not on threads.</remarks>
    public static void Write(
        string directory, Connectome connectome, DuckOptions? options = null, CancellationToken cancellation = default)
    {
        var folder = Directory.CreateDirectory(Path.Combine(directory, Folder)).FullName;
        (int Rows, IReadOnlyList<DuckSource> Columns)[] tables =
        [
            (connectome.NeuronCount, NeuronColumns.Of(connectome)),
            (connectome.Synapses.Count, SynapseTableColumns.Of(connectome.Synapses)),
            (connectome.EdgeCount, ConnectionColumns.Of(connectome)),
        ];
        var whole = Files.Select(file => Path.Combine(folder, file)).ToArray();
        var partial = whole.Select(path => path + ".tmp").ToArray();
        try
        {
            for (var i = 0; i < tables.Length; i++)
                ParquetFile.Write(partial[i], tables[i].Rows, tables[i].Columns, options, cancellation);
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < tables.Length; i++) File.Move(partial[i], whole[i], overwrite: true);
        }
        finally
        {
            foreach (var path in partial) File.Delete(path);
        }
    }

    /// <summary>Reads neurons and synapses back; the connectome is built anew from them.</summary>
    /// <param name="directory">The run's directory.</param>
    /// <param name="options">Threads and memory of DuckDB.</param>
    /// <returns>Neurons ascending by id, what is said of them, and all synapses.</returns>
    /// <exception cref="FileNotFoundException">A table is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is no Parquet, lacks a column, or has one of another type.</exception>
    public static (IReadOnlyList<Neuron> Neurons, NeuronLabels Labels, SynapseTable Synapses) Read(string directory, DuckOptions? options = null)
    {
        using var database = DuckDatabase.OpenMemory(options);
        var folder = Path.Combine(directory, Folder);
        var neurons = ParquetFile.Read(database, Path.Combine(folder, Files[0]), "id");
        var synapses = SynapseTableColumns.From(ParquetFile.Read(database, Path.Combine(folder, Files[1]), "id"));
        return (NeuronColumns.From(neurons), LabelColumns.From(neurons), synapses);
    }

    /// <summary>Reads the summed edges alone, for a connectome that was made without synapses.</summary>
    /// <exception cref="FileNotFoundException">The table is missing.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyList<Connection> ReadConnections(string directory, DuckOptions? options = null)
    {
        using var database = DuckDatabase.OpenMemory(options);
        return ConnectionColumns.From(
            ParquetFile.Read(database, Path.Combine(directory, Folder, Files[2]), "pre, post"));
    }
}
