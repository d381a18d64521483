using System.Globalization;

namespace Connecto.Graph;

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
