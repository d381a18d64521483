using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connecto.Graph;

/// <summary>The fly's visual system as cell types and filters (Lappalainen et al. 2024, Nature): every type has a neuron in
/// each column of a hexagonal eye, or in every u-th and v-th, and every edge goes from a column to those at its offsets.
/// Tiled here to columns (u, v) with |u|, |v| and |u + v| up to the extent; what would leave the eye is left out. Counts are
/// means over measured columns, so an edge's contacts are rounded, 1 at least, and its score is the mean itself.</summary>
internal static class FlyvisGraph
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        if (options.Extent is < 0 or > 1000)
            throw new InvalidDataException($"The extent {options.Extent} is not between 0 and 1000; nothing was imported.");
        var path = source.Require("fib25-fib19_v2.2.json");
        source.Note(path);
        var graph = Parse(path);
        var neurons = new LabelTable();
        var types = new Dictionary<string, Dictionary<(int U, int V), ulong>>(StringComparer.Ordinal);
        var next = 1UL;
        foreach (var node in graph.Nodes)
        {
            var places = new Dictionary<(int, int), ulong>();
            if (!types.TryAdd(node.Name, places)) throw Bad(path, $"names the cell type {node.Name} twice");
            foreach (var (u, v) in Places(path, node, options.Extent))
            {
                places.Add((u, v), next);
                neurons.Add(next);
                neurons.Set(next, NeuronLabels.Name, string.Create(CultureInfo.InvariantCulture, $"{node.Name} {u} {v}"));
                neurons.Set(next, NeuronLabels.Type, node.Name);
                neurons.Set(next, NeuronLabels.Class, graph.Inputs.Contains(node.Name) ? "input" : graph.Outputs.Contains(node.Name) ? "output" : "intermediate");
                neurons.Set(next, "u", u.ToString(CultureInfo.InvariantCulture));
                neurons.Set(next, "v", v.ToString(CultureInfo.InvariantCulture));
                next++;
            }
        }
        var rows = new List<Connection>();
        for (var i = 0; i < graph.Edges.Count; i++) Tile(path, i, graph.Edges[i], types, options.GapSynapses, rows);
        var list = neurons.Neurons();
        var connectome = Connectome.FromConnections(list, rows, new ConnectomeOptions { Autapses = options.Autapses });
        return new ImportedGraph(connectome.With(neurons.Labels(list)).With(new ConnectomeProvenance
        {
            Kind = "flyvis",
            Sources = source.Sources(),
            Rows = graph.Edges.Count,
            Rule = new AggregationRule(
                "flyvis-filters", "the mean number of synapses of the filter's place, rounded, 1 at least", "0: the source has none",
                "the mean number of synapses itself", "the filter's"),
            Notes =
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"Tiled to the extent {options.Extent}, {3 * options.Extent * (options.Extent + 1) + 1} columns; gaps inside filters {(options.GapSynapses > 0 ? $"have {options.GapSynapses} synapses" : "stay empty")}."),
            ],
        }));
    }

    private static void Tile(
        string path, int number, FlyvisEdge edge, Dictionary<string, Dictionary<(int U, int V), ulong>> types, double gap, List<Connection> rows)
    {
        if (!types.TryGetValue(edge.Source, out var sources) || !types.TryGetValue(edge.Target, out var targets))
            throw Bad(path, $"connects {edge.Source} with {edge.Target} in edge {number}, but has no such cell types");
        if (edge.Sign is not (-1 or 1)) throw Bad(path, $"gives edge {number} the sign {edge.Sign}; -1 or 1 was expected");
        foreach (var (du, dv, synapses) in HexFilter.Read(path, number, edge.Offsets, gap))
            foreach (var ((u, v), pre) in sources)
                if (targets.TryGetValue((u + du, v + dv), out var post))
                    rows.Add(new Connection(pre, post, Math.Max(1, (int)Math.Round(synapses)), 0, (float)synapses, (sbyte)edge.Sign));
    }

    private static IEnumerable<(int U, int V)> Places(string path, FlyvisNode node, int extent)
    {
        var (kind, strides) = (node.Pattern[0].GetString(), node.Pattern[1]);
        int du, dv;
        switch (kind)
        {
            case "stride":
                (du, dv) = (strides[0].GetInt32(), strides[1].GetInt32());
                break;
            case "tile":
                du = dv = strides.GetInt32();
                break;
            case "single":
                (du, dv, extent) = (1, 1, 0);
                break;
            default:
                throw Bad(path, $"gives {node.Name} the pattern '{kind}'; stride, tile or single was expected");
        }
        if (du < 1 || dv < 1) throw Bad(path, $"gives {node.Name} the strides {du} and {dv}; 1 or more was expected");
        for (var u = -extent; u <= extent; u++)
            for (var v = Math.Max(-extent, -extent - u); v <= Math.Min(extent, extent - u); v++)
                if (u % du == 0 && v % dv == 0)
                    yield return (u, v);
    }

    private static FlyvisDocument Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FlyvisDocument>(File.ReadAllBytes(path)) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no whole JSON file of cell types and filters: {e.Message} Nothing was imported.", e);
        }
    }

    internal static InvalidDataException Bad(string path, string what) => new($"{path} {what}; nothing was imported.");
}

internal sealed record FlyvisDocument(
    [property: JsonPropertyName("nodes"), JsonRequired] IReadOnlyList<FlyvisNode> Nodes,
    [property: JsonPropertyName("edges"), JsonRequired] IReadOnlyList<FlyvisEdge> Edges,
    [property: JsonPropertyName("input_units")] IReadOnlyList<string>? InputUnits,
    [property: JsonPropertyName("output_units")] IReadOnlyList<string>? OutputUnits)
{
    [JsonIgnore]
    public HashSet<string> Inputs { get; } = [.. InputUnits ?? []];

    [JsonIgnore]
    public HashSet<string> Outputs { get; } = [.. OutputUnits ?? []];
}

internal sealed record FlyvisNode(
    [property: JsonPropertyName("name"), JsonRequired] string Name,
    [property: JsonPropertyName("pattern"), JsonRequired] IReadOnlyList<JsonElement> Pattern);

internal sealed record FlyvisEdge(
    [property: JsonPropertyName("src"), JsonRequired] string Source,
    [property: JsonPropertyName("tar"), JsonRequired] string Target,
    [property: JsonPropertyName("alpha"), JsonRequired] int Sign,
    [property: JsonPropertyName("offsets"), JsonRequired] IReadOnlyList<JsonElement> Offsets);
