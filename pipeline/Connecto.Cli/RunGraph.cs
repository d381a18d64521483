using Connecto.Graph;
using Connecto.Graph.DuckDb;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>Opens the connectome of a finished run.</summary>
internal static class RunGraph
{
    /// <summary>Reads the tables and builds the connectome.</summary>
    /// <exception cref="InvalidDataException">The run has no tables yet, or they cannot be read.</exception>
    public static Connectome Read(RunDirectory run)
    {
        if (!Directory.Exists(run.Tables))
            throw new InvalidDataException($"'{run.Root}' has no tables yet; run `connecto run` or `connecto graph` first.");
        var (neurons, synapses) = GraphTables.Read(run.Root);
        return Connectome.Build(neurons, synapses);
    }
}
