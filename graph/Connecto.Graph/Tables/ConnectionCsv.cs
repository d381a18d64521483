using System.Globalization;

namespace Connecto.Graph;

/// <summary>Connections as CSV: pre, post, contacts, size, score.</summary>
public static class ConnectionCsv
{
    private static readonly string[] Columns = ["pre", "post", "contacts", "size", "score"];

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<Connection> connections) => WholeFile.Write(path, writer =>
    {
        writer.WriteLine(string.Join(',', Columns));
        foreach (var c in connections)
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{c.Pre},{c.Post},{c.Contacts},{c.Size},{c.Score}"));
    });

    /// <summary>Writes all edges of a connectome, ascending by (pre, post).</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Connectome connectome) => Write(path, connectome.Connections());

    /// <summary>Reads a file; columns may stand in any order, and others are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a line is cut short or holds no number where one
    /// belongs; the message names the line.</exception>
    public static IReadOnlyList<Connection> Read(string path)
    {
        using var csv = new CsvTable(path, Columns);
        var rows = new List<Connection>();
        while (csv.Next())
            rows.Add(new Connection(
                csv.Value<ulong>(0), csv.Value<ulong>(1), csv.Value<int>(2), csv.Value<long>(3), csv.Value<float>(4)));
        return rows;
    }
}
