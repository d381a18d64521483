namespace Connecto.Graph;

/// <summary>A published connectome that was read and found whole, or whose synapses wait to be read.</summary>
public sealed class ImportedGraph
{
    private readonly Func<string, Connectome> _store;

    internal ImportedGraph(Connectome counted) => _store = directory =>
    {
        counted.Save(directory);
        return Connectome.Open(directory);
    };

    internal ImportedGraph(Func<string, Connectome> store) => _store = store;

    /// <summary>Stores the connectome.</summary>
    /// <param name="directory">A folder of its own; see <see cref="Connectome.Save"/>.</param>
    /// <returns>The stored connectome, mapped.</returns>
    /// <exception cref="InvalidDataException">The folder holds something else, or the synapses are not what they should be; the
    /// message names the row.</exception>
    public Connectome Store(string directory) => _store(directory);
}
