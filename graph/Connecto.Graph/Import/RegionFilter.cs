using System.Globalization;

namespace Connecto.Graph;

/// <summary>Keeps the rows of some regions of the brain, and counts the others.</summary>
internal sealed class RegionFilter
{
    private const int Named = 12;

    private readonly string[] _patterns;
    private readonly string _what;
    private readonly int _column;
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private long _rows, _contacts, _first;

    /// <param name="table">The table that is filtered.</param>
    /// <param name="column">Its column of regions.</param>
    /// <param name="options">Which regions; all where none is named.</param>
    /// <exception cref="InvalidDataException">Regions are named and the table has none.</exception>
    public RegionFilter(TableReader table, string column, ImportOptions options)
    {
        (_what, _column) = (column, table.Find(column));
        _patterns = options.Regions?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (options.Regions is not null && _patterns.Length == 0)
            throw new InvalidDataException($"'{options.Regions}' names no {column}; nothing was imported.");
        if (_patterns.Length > 0 && _column < 0)
            throw new InvalidDataException(
                $"{table.Name} has no column {column}, so '{options.Regions}' cannot be chosen from it; nothing was imported.");
    }

    /// <summary>Whether a row is of a region that was asked for.</summary>
    public bool Keeps(TableReader table, long contacts)
    {
        if (_patterns.Length == 0) return true;
        var region = table.Text(_column).Trim();
        if (!_known.TryGetValue(region, out var keeps))
            _known[region] = keeps = Array.Exists(_patterns, p => NamePattern.Matches(p, region));
        if (keeps) return true;
        if (_rows++ == 0) _first = table.Row;
        _contacts += Math.Abs(contacts);
        return false;
    }

    /// <summary>What was kept and what was left out, for the provenance.</summary>
    /// <exception cref="InvalidDataException">A pattern is that of no region.</exception>
    public IEnumerable<string> Notes()
    {
        foreach (var pattern in _patterns)
            if (!_known.Keys.Any(region => NamePattern.Matches(pattern, region)))
                throw new InvalidDataException(
                    $"'{pattern}' is no {_what} of the table, which has {List(_known.Keys)}; nothing was imported.");
        if (_patterns.Length == 0) return [];
        return
        [
            $"Of {_known.Count} values of {_what} those were kept that match {string.Join(", ", _patterns)}: {List(_known.Where(k => k.Value).Select(k => k.Key))}.",
            _rows == 0
                ? $"No row is of another {_what}."
                : string.Create(CultureInfo.InvariantCulture,
                    $"{_rows} rows with {_contacts} contacts are of another {_what}, the first in row {_first}; they were left out."),
        ];
    }

    private static string List(IEnumerable<string> regions)
    {
        string[] all = [.. regions.Select(r => r.Length == 0 ? "(empty)" : r).Order(StringComparer.Ordinal)];
        return all.Length <= Named ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Named))} and {all.Length - Named} more";
    }
}
