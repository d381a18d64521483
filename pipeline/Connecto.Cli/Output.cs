using System.Text.Json;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>What commands print: JSON for programs, aligned text for people; always on standard output.</summary>
internal static class Output
{
    /// <summary>Prints a record as indented JSON, ids as strings.</summary>
    public static void WriteJson(object value) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, value.GetType(), RunManifest.Json));

    /// <summary>Prints rows of text with columns aligned; the first row is the heading, numbers go to the right.</summary>
    public static void WriteTable(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) return;
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((text, c) =>
                c > 0 && rows.Skip(1).All(r => r[c].Length == 0 || char.IsDigit(r[c][0]) || r[c][0] == '-')
                    ? text.PadLeft(widths[c]) : text.PadRight(widths[c]));
            Console.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
