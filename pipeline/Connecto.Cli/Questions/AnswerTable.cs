using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Questions;

/// <summary>Rows of an answer under named columns, printed as a table, as CSV or as JSON; ids are strings in JSON.</summary>
/// <param name="columns">Their names, as CSV and JSON have them.</param>
internal sealed class AnswerTable(params IReadOnlyList<string> columns)
{
    private readonly List<object?[]> _rows = [];

    public IReadOnlyList<string> Columns => columns;

    public int Count => _rows.Count;

    /// <summary>The columns that say which neuron: an id, and where the connectome has names, name and type.</summary>
    public static string[] Neuron(ConnectomeSource source, string id = "id") => source.Names.Any ? [id, $"{Prefix(id)}name", $"{Prefix(id)}type"] : [id];

    /// <summary>The cells of these columns.</summary>
    public static object?[] Neuron(ConnectomeSource source, int neuron) => source.Names.Any
        ? [source.Connectome.IdOf(neuron), source.Names.NameOf(neuron), source.Names.TypeOf(neuron)]
        : [source.Connectome.IdOf(neuron)];

    public void Add(params object?[] cells) => _rows.Add(cells);

    /// <summary>The first rows as aligned text.</summary>
    public void Print(int rows) =>
        Output.WriteTable([[.. columns], .. _rows.Take(rows).Select(row => row.Select(Short).ToArray())]);

    /// <summary>The first rows as CSV with a header.</summary>
    public void WriteCsv(TextWriter writer, int rows)
    {
        writer.WriteLine(string.Join(',', columns.Select(Quoted)));
        foreach (var row in _rows.Take(rows)) writer.WriteLine(string.Join(',', row.Select(cell => Quoted(Exact(cell)))));
    }

    /// <summary>The first rows as an array of objects.</summary>
    public JsonArray ToJson(int rows) =>
        [.. _rows.Take(rows).Select(row => new JsonObject(columns.Select((name, i) => KeyValuePair.Create(name, Node(row[i])))))];

    private static JsonNode? Node(object? cell) => cell switch
    {
        null => null,
        ulong id => JsonValue.Create(id.ToString(CultureInfo.InvariantCulture)),
        int value => JsonValue.Create(value),
        long value => JsonValue.Create(value),
        float value => float.IsFinite(value) ? JsonValue.Create(value) : null,
        double value => double.IsFinite(value) ? JsonValue.Create(value) : null,
        bool value => JsonValue.Create(value),
        sbyte or byte or short or ushort or uint or decimal =>
            JsonValue.Create(Convert.ToDecimal(cell, CultureInfo.InvariantCulture)),
        IEnumerable list and not string => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonValue.Create(Exact(cell)),
    };

    private static string Short(object? cell) => cell switch
    {
        double value => value.ToString("0.######", CultureInfo.InvariantCulture),
        float value => value.ToString("0.######", CultureInfo.InvariantCulture),
        _ => Exact(cell),
    };

    private static string Exact(object? cell) => cell switch
    {
        null => "",
        string text => text,
        bool value => value ? "true" : "false",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Exact))}]",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;

    private static string Prefix(string id) => id == "id" ? "" : id + "_";
}
