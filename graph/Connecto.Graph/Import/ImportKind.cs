using System.Globalization;

namespace Connecto.Graph;

/// <summary>A kind of published connectome that can be imported.</summary>
public sealed class ImportKind
{
    private readonly Func<ImportSource, ImportOptions, ImportedGraph> _read;

    private ImportKind(string name, string description, Func<ImportSource, ImportOptions, ImportedGraph> read) =>
        (Name, Description, _read) = (name, description, read);

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ImportKind> All { get; } =
    [
        new("larva", "larva brain, Supplementary-Data-S1.zip (matrices, annotations)", LarvaMatrices.Read),
        new("larva-edges", "larva brain, G_edgelist.txt and meta_data.csv", LarvaEdges.Read),
        new("celegans", "C. elegans, synapse_list.csv: one animal's contacts with sections and size", CElegansSynapses.Read),
        new("celegans-edges", "C. elegans, herm_full_edgelist.csv: chemical or electrical", CElegansEdges.Read),
        new("flyvis", "typed graph of the fly's visual system, JSON, tiled to an extent", FlyvisGraph.Read),
        new("synful", "partner pairs, JSON", SynfulPairs.Read),
        new("flywire", "FlyWire Codex: connections.csv, neurons.csv, classification.csv, ... (also .gz)", FlyWire.Read),
        new("hemibrain", "neuPrint exports: traced-neurons.csv, traced-total-connections.csv or per region", Hemibrain.Read),
        new("cave", "CAVE synapse rows, CSV or Parquet", CaveSynapses.Read),
        new("synapses", "a synapse table of this program: binary rows, or CSV or Parquet with pre, post, and any of id, size, score, z_nm, ...", SynapseTables.Read),
        new("shiu", "whole-brain model of 2024: Connectivity_783.parquet, Completeness_783.csv", ShiuModel.Read),
        new("edges", "any CSV or Parquet edge list with a header: pre, post, count", PlainEdges.Read),
    ];

    /// <summary>The kind's name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it is, in a line.</summary>
    public string Description { get; }

    /// <summary>A kind by its name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ImportKind Of(string name) =>
        All.FirstOrDefault(k => k.Name == name)
        ?? throw new InvalidDataException($"'{name}' is no kind of connectome; {string.Join(", ", All.Select(k => k.Name))} are. Nothing was imported.");

    /// <summary>Tells the kind of a file or folder from its name and its first bytes.</summary>
    /// <exception cref="FileNotFoundException">It does not exist.</exception>
    /// <exception cref="InvalidDataException">It is of no kind known here.</exception>
    public static ImportKind Detect(ImportSource source)
    {
        if (!source.IsFolder && !File.Exists(source.Path))
            throw new FileNotFoundException($"'{source.Path}' does not exist; nothing was imported.", source.Path);
        var name = source.IsFolder ? DetectFolder(source) : DetectFile(source);
        return name is not null ? Of(name) : throw new InvalidDataException(
            $"'{source.Path}' is of no kind known here; name one of {string.Join(", ", All.Select(k => k.Name))}. Nothing was imported.");
    }

    /// <summary>Reads a data set. Counted connections are read and checked here, synapses when they are stored.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A row is not what it should be; the message names it.</exception>
    public ImportedGraph Read(ImportSource source, ImportOptions options) =>
        options.Regions is null || Name is "flywire" or "hemibrain"
            ? _read(source, options)
            : throw new InvalidDataException(
                $"'{options.Regions}' cannot be chosen: of the kinds known here flywire and hemibrain have regions, and this is {Name}. Nothing was imported.");

    private static string? DetectFolder(ImportSource source) =>
        source.Beside("Supplementary-Data-S1.zip") is not null ? "larva"
        : source.Beside("G_edgelist.txt") is not null ? "larva-edges"
        : source.Beside("synapse_list.csv") is not null ? "celegans"
        : source.Beside("herm_full_edgelist.csv") is not null ? "celegans-edges"
        : source.Beside("fib25-fib19_v2.2.json") is not null ? "flyvis"
        : source.Beside("pbfull_gt.json") is not null ? "synful"
        : source.Beside("traced-neurons.csv") is not null ? "hemibrain"
        : source.Beside("Connectivity_783.parquet", "2025_Connectivity_783.parquet") is not null ? "shiu"
        : source.Beside("connections.csv", "connections_no_threshold.csv", "connections_princeton.csv") is { } file ? DetectTable(source, file)
        : source.Beside("synapses.csv", "synapses.parquet") is not null ? "cave"
        : source.Beside("edges.csv", "edges.parquet") is not null ? "edges"
        : null;

    private static string? DetectFile(ImportSource source)
    {
        var file = source.Path;
        if (file.EndsWith(".zip", true, CultureInfo.InvariantCulture)) return "larva";
        if (Path.GetFileName(file) == "G_edgelist.txt") return "larva-edges";
        if (SynapseRowFile.IsOne(file)) return "synapses";
        if (!file.EndsWith(".json", true, CultureInfo.InvariantCulture)) return DetectTable(source, file);
        using var text = new StreamReader(file);
        int first;
        do first = text.Read();
        while (first >= 0 && char.IsWhiteSpace((char)first));
        return first == '{' ? "flyvis" : "synful";
    }

    private static string? DetectTable(ImportSource source, string file)
    {
        using var table = source.Peek(file);
        bool Has(params ReadOnlySpan<string> columns)
        {
            foreach (var column in columns)
                if (table.Find(column) < 0)
                    return false;
            return true;
        }
        return Has("pre_pt_root_id", "post_pt_root_id") ? "cave"
            : Has("pre_root_id", "post_root_id", "syn_count") ? "flywire"
            : Has("bodyId_pre", "bodyId_post", "weight") ? "hemibrain"
            : Has("Presynaptic_Index", "Postsynaptic_Index") ? "shiu"
            : Has("dataset", "pre", "post", "syn_id") ? "celegans"
            : Has("Source", "Target", "Weight", "Type") ? "celegans-edges"
            : Has("pre", "post", "z_nm", "y_nm", "x_nm") ? "synapses"
            : "edges";
    }
}
