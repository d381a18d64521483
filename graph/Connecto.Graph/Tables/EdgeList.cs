using System.Globalization;

namespace Connecto.Graph;

/// <summary>A published edge list: lines "pre post contacts" with spaces, tabs or commas between; '#' opens a comment.</summary>
public static class EdgeList
{
    private static readonly char[] Separators = [' ', '\t', ',', ';'];

    /// <summary>Reads a file; contacts may be written as 9 or 9.0, and 1 is taken where a line has only the pair.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">A line is no edge; the message names it.</exception>
    public static IReadOnlyList<Connection> Read(string path)
    {
        var rows = new List<Connection>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith('#') || string.IsNullOrWhiteSpace(line)) continue;
            var fields = line.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            var contacts = 1.0;
            if (fields.Length is < 2 or > 3
                || !ulong.TryParse(fields[0], CultureInfo.InvariantCulture, out var pre)
                || !ulong.TryParse(fields[1], CultureInfo.InvariantCulture, out var post)
                || (fields.Length == 3 && !double.TryParse(fields[2], CultureInfo.InvariantCulture, out contacts))
                || contacts != Math.Floor(contacts) || contacts is < 1 or > int.MaxValue)
                throw new InvalidDataException(
                    $"Line {number} of {path} is '{line}'; two ids and a whole number of contacts were expected; nothing was read.");
            rows.Add(new Connection(pre, post, (int)contacts, 0, 0));
        }
        return rows;
    }
}

/// <summary>A published connectivity matrix as CSV: row = presynaptic, column = postsynaptic, neuron ids in the first row
/// and the first column, contacts in the cells.</summary>
public static class AdjacencyMatrix
{
    /// <summary>Reads a matrix a row at a time.</summary>
    /// <param name="text">The CSV text.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>All neurons of the header, also those without connections, and a connection for every cell that is not 0.</returns>
    /// <exception cref="InvalidDataException">A row's length differs from the header's, or a cell is no whole number from 0.</exception>
    public static (IReadOnlyList<Neuron> Neurons, IReadOnlyList<Connection> Connections) Read(TextReader text, string name)
    {
        var header = (text.ReadLine() ?? "").Split(',');
        var columns = header.Skip(1).Select(field => Id(field, name, 1)).ToArray();
        var ids = new HashSet<ulong>(columns);
        var rows = new List<Connection>();
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            var fields = line.Split(',');
            if (fields.Length != header.Length)
                throw new InvalidDataException(
                    $"Line {number} of {name} has {fields.Length} fields; the header has {header.Length}; nothing was read.");
            var pre = Id(fields[0], name, number);
            ids.Add(pre);
            for (var i = 0; i < columns.Length; i++)
                if (Cell(fields[i + 1], name, number) is > 0 and var contacts)
                    rows.Add(new Connection(pre, columns[i], contacts, 0, 0));
        }
        return ([.. ids.Order().Select(id => new Neuron(id, 0, default, default, default))], rows);
    }

    private static ulong Id(string field, string name, int line) =>
        ulong.TryParse(field, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidDataException($"Line {line} of {name} has '{field}' where a neuron's id was expected; nothing was read.");

    private static int Cell(string field, string name, int line) =>
        double.TryParse(field, CultureInfo.InvariantCulture, out var value)
        && value == Math.Floor(value) && value is >= 0 and <= int.MaxValue
            ? (int)value
            : throw new InvalidDataException($"Line {line} of {name} has '{field}' where a number of contacts was expected; nothing was read.");
}
