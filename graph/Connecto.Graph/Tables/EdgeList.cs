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
