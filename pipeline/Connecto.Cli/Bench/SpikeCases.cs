using Connecto.Benchmarks;
using Connecto.BrainNetworks;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Cli.Bench;

/// <summary>The networks that `connecto bench simulate` runs.</summary>
internal static class SpikeCases
{
    /// <summary>Names of the cases: the synthetic brain in two states, and published connectomes.</summary>
    public static IReadOnlyList<string> All { get; } = ["brain", "brain-10pct", "celegans", "larva", "flyvis"];

    private static readonly Dictionary<string, (string Kind, string Path)> Published = new()
    {
        ["celegans"] = ("celegans-edges", "connectomes/celegans"),
        ["larva"] = ("larva", "connectomes/larva"),
        ["flyvis"] = ("flyvis", "connectomes/flyvis"),
    };

    /// <summary>Makes a case; the synthetic brain is made once.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <param name="brain">The synthetic brain.</param>
    /// <param name="data">The folder of the public data sets; null for none.</param>
    /// <param name="seconds">Biological time.</param>
    /// <returns>Null where its data is not there.</returns>
    public static SpikeCase? Of(string name, Lazy<SynapseArrays> brain, string? data, double seconds)
    {
        if (name == "brain")
            return Case("brain, 200 neurons at 150 Hz", brain.Value, Drawn(brain.Value.Neurons, Math.Min(200, brain.Value.Neurons)), 150, seconds);
        if (name == "brain-10pct")
            return Case("brain, 10 % of neurons at 10 Hz", brain.Value, Drawn(brain.Value.Neurons, brain.Value.Neurons / 10), 10, seconds);
        var (kind, path) = Published[name];
        if (data is null || !Directory.Exists(Path.Combine(data, path))) return null;
        var folder = Directory.CreateTempSubdirectory("connecto-bench-");
        try
        {
            using var connectome = ImportKind.Of(kind).Read(new ImportSource(Path.Combine(data, path), file => ParquetTable.Open(file)), new ImportOptions())
                .Store(Path.Combine(folder.FullName, "connectome"));
            var inputs = NetworkInputs.Choose(connectome, Math.Max(5, connectome.NeuronCount / 50)).Select(connectome.IndexOf).ToArray();
            return Case($"{name}, {inputs.Length} neurons at 150 Hz", SynapseArrays.From(connectome, Spiking.RecipeOf(connectome)), inputs, 150, seconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A brain of the size of a fly's: log-normal degrees, 3.6 contacts an edge, 30 % of neurons inhibit, half of the edges to neurons
    /// nearby.</summary>
    public static SynapseArrays Brain(int neurons, int edges, ulong seed)
    {
        using var connectome = SyntheticConnectome.Generate(new SyntheticOptions
        {
            Neurons = neurons,
            Edges = edges,
            MeanContacts = 3.6,
            InhibitoryShare = 0.3,
            LocalShare = 0.5,
            Seed = seed,
        });
        return SynapseArrays.From(connectome, NetworkRecipe.SignedContacts);
    }

    private static SpikeCase Case(string name, SynapseArrays columns, int[] stimulated, double rateHz, double seconds) =>
        new(name, columns, columns.Bytes / (double)Math.Max(1, columns.Edges), new SpikeInputs
        {
            Poisson = [.. stimulated.Select(i => new PoissonInput(i, rateHz, PoissonInput.DefaultJumpMv, (ulong)i))],
        }, seconds);

    private static int[] Drawn(int neurons, int count)
    {
        var all = Enumerable.Range(0, neurons).ToArray();
        new Random(1).Shuffle(all);
        return [.. all.Take(count).Order()];
    }
}
