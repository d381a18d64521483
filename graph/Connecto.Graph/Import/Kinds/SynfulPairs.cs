using System.Text.Json;

namespace Connecto.Graph;

/// <summary>Partner pairs as synful keeps them (Buhmann et al. 2021, Nat Methods): a JSON array of id, id_skel_pre,
/// id_skel_post, location_pre and location_post, in nm and the order z, y, x.</summary>
internal static class SynfulPairs
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("pbfull_gt.json");
        source.Note(path);
        var rows = new SynapseRows(options);
        return rows.Finish(Rows(), SynapseFields.Cleft | SynapseFields.PreSite | SynapseFields.PostSite, new LabelTable(), ListedNeurons.None, notes => new ConnectomeProvenance
        {
            Kind = "synful",
            Sources = source.Sources(),
            Rule = AggregationRule.Synapses with { Name = "synful-pairs", Size = "0: the source has none", Score = "0: the source has none" },
            Notes = [.. notes, "The cleft is taken half way between the two sites."],
        });

        IEnumerable<Synapse> Rows()
        {
            using var table = new JsonRows(path);
            while (table.Next())
            {
                Site pre = table.Site("location_pre"), post = table.Site("location_post");
                yield return rows.Check(table, new Synapse(
                    table.Id("id"), table.Id("id_skel_pre"), table.Id("id_skel_post"),
                    new Site((pre.Z + post.Z) / 2, (pre.Y + post.Y) / 2, (pre.X + post.X) / 2), pre, post, 0, 0, 0));
            }
        }
    }
}

/// <summary>A JSON array of objects as rows, counted from 1.</summary>
internal sealed class JsonRows : TableReader
{
    private readonly JsonDocument _document;
    private int _row;
    private JsonElement _current;

    public JsonRows(string path) : base(path)
    {
        _document = Parse(path);
        if (_document.RootElement.ValueKind == JsonValueKind.Array) return;
        _document.Dispose();
        throw new InvalidDataException($"{path} is no JSON array of rows; nothing was imported.");
    }

    public override long Row => _row;

    public static JsonDocument Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonDocument.Parse(file);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no whole JSON file: {e.Message} Nothing was imported.", e);
        }
    }

    public override bool Next()
    {
        if (_row >= _document.RootElement.GetArrayLength()) return false;
        _current = _document.RootElement[_row++];
        return _current.ValueKind == JsonValueKind.Object ? true : throw Bad("is no JSON object");
    }

    public ulong Id(string name) =>
        Value(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetUInt64(out var id) ? id : throw Wrong(name, "an id from 0");

    public Site Site(string name)
    {
        if (Value(name) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() != 3) throw Wrong(name, "three numbers");
        Span<float> zyx = stackalloc float[3];
        for (var i = 0; i < 3; i++)
            zyx[i] = list[i].ValueKind == JsonValueKind.Number && list[i].TryGetSingle(out var value) && float.IsFinite(value)
                ? value
                : throw Wrong(name, "three numbers");
        return new Site(zyx[0], zyx[1], zyx[2]);
    }

    public override string Text(int column) => throw new NotSupportedException("Rows of JSON have names, not places.");

    public override bool IsEmpty(int column) => throw new NotSupportedException("Rows of JSON have names, not places.");

    public override ulong Id(int column) => throw new NotSupportedException("Rows of JSON have names, not places.");

    public override double Number(int column) => throw new NotSupportedException("Rows of JSON have names, not places.");

    protected override void Dispose(bool disposing) => _document.Dispose();

    private JsonElement? Value(string name) => _current.TryGetProperty(name, out var value) ? value : null;

    private InvalidDataException Wrong(string name, string expected) =>
        Bad($"has {(Value(name) is { } value ? $"'{value.GetRawText()}'" : "nothing")} as {name}; {expected} was expected");
}
