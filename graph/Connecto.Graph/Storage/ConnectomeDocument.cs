using System.Globalization;
using System.Text.Json.Serialization;

namespace Connecto.Graph;

/// <summary>connectome.json: what a stored connectome consists of.</summary>
internal sealed record ConnectomeDocument
{
    public const string File = "connectome.json", Format = "connecto-connectome";
    public const int Version = 1;

    [JsonPropertyName("format")]
    public string FormatName { get; init; } = "";

    [JsonPropertyName("version")]
    public int FormatVersion { get; init; }

    public int Neurons { get; init; }

    public int Edges { get; init; }

    public long Contacts { get; init; }

    public int Synapses { get; init; }

    public int UnassignedSynapses { get; init; }

    public long Autapses { get; init; }

    public ConnectomeProvenance? Provenance { get; init; }

    public IReadOnlyList<LabelEntry> Labels { get; init; } = [];

    public IReadOnlyList<ColumnEntry> Columns { get; init; } = [];
}

/// <summary>A column's file.</summary>
internal sealed record ColumnEntry(string Name, string Kind, long Count, string Checksum)
{
    [JsonIgnore]
    public string File => Name + ".column";

    [JsonIgnore]
    public ulong ChecksumValue => ulong.TryParse(Checksum, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var sum) ? sum : 0;

    public static ColumnEntry Of(string name, ColumnHeader header) =>
        new(name, ColumnHeader.NameOf(header.Kind), header.Count, header.Checksum.ToString("x16", CultureInfo.InvariantCulture));
}

/// <summary>A column of labels: its different texts; the codes are a column of their own.</summary>
internal sealed record LabelEntry(string Name, string Column, IReadOnlyList<string> Values);
