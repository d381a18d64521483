using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Pipeline;

/// <summary>What an import found.</summary>
/// <param name="Kind">The kind of data set.</param>
/// <param name="Directory">Full path of the folder that was written.</param>
/// <param name="Neurons">Neurons, also those without a connection.</param>
/// <param name="Edges">Ordered pairs of neurons with contacts.</param>
/// <param name="Contacts">Contacts of all edges.</param>
/// <param name="Autapses">Contacts of a neuron with itself.</param>
/// <param name="Unassigned">Synapses without a known partner.</param>
/// <param name="Labels">What is said of the neurons.</param>
/// <param name="Provenance">Files, rule and notes.</param>
public sealed record ImportSummary(
    string Kind, string Directory, int Neurons, int Edges, long Contacts, long Autapses, int Unassigned, IReadOnlyList<string> Labels,
    ConnectomeProvenance Provenance);

/// <summary>A published connectome becomes a folder like a run's: connectome/ to be mapped, tables/ as Parquet.</summary>
public static class ConnectomeImport
{
    private static readonly string Mark = Path.Combine(RunDirectory.ConnectomeFolder, "connectome.json");

    /// <summary>Imports a data set.</summary>
    /// <param name="kind">Its kind; null tells it from the files.</param>
    /// <param name="path">A file or folder.</param>
    /// <param name="directory">Absent, empty, or an import to be replaced. It is written under the name "directory.partial" and
    /// renamed: until then nothing there has changed.</param>
    /// <param name="options">Which part, and what to do with odd rows.</param>
    /// <param name="cancellation">Until the rename.</param>
    /// <exception cref="InvalidDataException">The data set is not what it should be; nothing was imported.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; nothing was imported.</exception>
    public static ImportSummary Run(
        string? kind, string path, string directory, ImportOptions options, CancellationToken cancellation = default)
    {
        if (File.Exists(Path.Combine(directory, "run.json")))
            throw new InvalidDataException($"'{directory}' holds a run; choose another --out. Nothing was imported.");
        var memory = new DuckOptions { MemoryBytes = options.MemoryBytes };
        var source = new ImportSource(path, file => ParquetTable.Open(file, memory));
        var chosen = kind is null ? ImportKind.Detect(source) : ImportKind.Of(kind);
        using var folder = new WholeFolder(directory, Mark);
        using var connectome = chosen.Read(source, options).Store(Path.Combine(folder.Partial, RunDirectory.ConnectomeFolder));
        cancellation.ThrowIfCancellationRequested();
        GraphTables.Write(folder.Partial, connectome, memory, cancellation);
        var summary = new ImportSummary(
            chosen.Name, Path.GetFullPath(directory), connectome.NeuronCount, connectome.EdgeCount, connectome.ContactCount, connectome.Autapses,
            connectome.UnassignedSynapses, [.. connectome.Labels.Columns.Select(c => c.Name)], connectome.Provenance!);
        folder.Commit();
        return summary;
    }
}
