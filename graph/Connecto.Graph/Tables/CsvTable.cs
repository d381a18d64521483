using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Connecto.Graph;

/// <summary>A CSV file with a header, read a row at a time; columns are found by name, in any order, and others are
/// passed over. Fields hold no line breaks; quotes around a field are taken off.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly string _path;
    private readonly TextReader _reader;
    private readonly int[] _places;
    private readonly string[] _names;
    private readonly int _width;
    private string[] _fields = [];
    private long _line = 1;

    public CsvTable(string path, params string[] columns)
    {
        (_path, _names) = (path, columns);
        _reader = new StreamReader(path);
        try
        {
            string[] header = _reader.ReadLine() is { } line ? Split(line) : [];
            _width = header.Length;
            _places = [.. columns.Select(name => Place(header, name))];
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; empty lines are none.</summary>
    public bool Next()
    {
        while (_reader.ReadLine() is { } line)
        {
            _line++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            _fields = Split(line);
            if (_fields.Length != _width)
                throw Bad($"has {_fields.Length} fields; the header has {_width}");
            return true;
        }
        return false;
    }

    /// <summary>The row's value in one of the columns asked for, by its place in that list.</summary>
    /// <exception cref="InvalidDataException">It is no number of that type.</exception>
    public T Value<T>(int column) where T : INumberBase<T>
    {
        var text = _fields[_places[column]];
        return T.TryParse(text, NumberStyles.Integer | NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Bad($"has '{text}' as {_names[column]}; {Kind<T>()} was expected");
    }

    /// <summary>The row's text in one of the columns asked for.</summary>
    public string Text(int column) => _fields[_places[column]];

    /// <summary>An error that names the file and the line.</summary>
    public InvalidDataException Bad(string what) => new($"Line {_line} of {_path} {what}; nothing was read.");

    public void Dispose() => _reader.Dispose();

    private int Place(string[] header, string name)
    {
        var place = Array.IndexOf(header, name);
        if (place < 0) ThrowMissing(header, name);
        if (Array.IndexOf(header, name, place + 1) >= 0) throw Bad($"names the column {name} twice");
        return place;
    }

    [DoesNotReturn]
    private void ThrowMissing(string[] header, string name) => throw new InvalidDataException(
        $"{_path} has no column {name}; its header is '{string.Join(',', header)}'; nothing was read.");

    private static string[] Split(string line)
    {
        var fields = line.Split(',');
        for (var i = 0; i < fields.Length; i++) fields[i] = fields[i].Trim().Trim('"');
        return fields;
    }

    private static string Kind<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double)
        ? "a number"
        : typeof(T) == typeof(ulong) ? "a whole number from 0" : "a whole number";
}
