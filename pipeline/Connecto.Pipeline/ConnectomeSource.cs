using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Pipeline;

/// <summary>A connectome that questions are asked of, wherever it came from.</summary>
/// <param name="Path">Full path of its directory.</param>
/// <param name="Connectome">Neurons, edges and contacts.</param>
/// <param name="Names">Names of its neurons; none for a run.</param>
/// <param name="Rule">How contacts became weights, in a sentence.</param>
public sealed record ConnectomeSource(string Path, Connectome Connectome, NeuronNames Names, string Rule)
{
    /// <summary>The rule of a run's tables.</summary>
    public const string RunRule =
        "contacts are the synapses of a pair, counted; size is their summed cleft voxels, score their mean; synapses of a neuron on " +
        "itself and those without a known partner make no edge";

    /// <summary>Opens the directory of a run or an import, or any directory with a run's tables.</summary>
    /// <param name="path">A directory with connectome/, which is mapped; or with tables/neurons.parquet, synapses.parquet and connections.parquet, and where neurons
    /// have names, tables/names.csv. Without synapses the connections are taken.</param>
    /// <exception cref="InvalidDataException">The directory holds no connectome, or its tables cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A table is missing.</exception>
    public static ConnectomeSource Open(string path)
    {
        var run = new RunDirectory(path);
        if (Directory.Exists(run.Connectome))
        {
            var stored = Connectome.Open(run.Connectome);
            return new ConnectomeSource(run.Root, stored, NeuronNames.Of(stored), stored.Provenance is { } p ? Sentence(p.Rule) : RunRule);
        }
        if (!Directory.Exists(run.Tables))
            throw new InvalidDataException(
                $"'{run.Root}' has no tables: it is not the directory of a run (with run.json) after its graph stage, nor of another connectome. " +
                "Nothing was read.");
        var (neurons, labels, synapses) = GraphTables.Read(run.Root);
        var connectome = (synapses.Count > 0
            ? Connectome.Build(neurons, synapses)
            : Connectome.FromConnections(neurons, GraphTables.ReadConnections(run.Root))).With(labels);
        var names = System.IO.Path.Combine(run.Tables, NameCsv.File);
        return new ConnectomeSource(
            run.Root, connectome,
            File.Exists(names) ? NeuronNames.Of(connectome, NameCsv.Read(names)) : NeuronNames.Of(connectome), RunRule);
    }

    private static string Sentence(AggregationRule rule) =>
        $"{rule.Name}: contacts are {rule.Contacts}; size is {rule.Size}; score is {rule.Score}; sign is {rule.Sign}";
}
