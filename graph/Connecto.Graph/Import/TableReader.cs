using System.Globalization;

namespace Connecto.Graph;

/// <summary>A table with named columns, read a row at a time; the same whether it is text or Parquet.</summary>
/// <remarks>Every error names the table and the row, and says that nothing was imported. Not for several threads.</remarks>
public abstract class TableReader : IDisposable
{
    /// <summary>A reader of a table.</summary>
    /// <param name="name">What errors call it.</param>
    protected TableReader(string name) => Name = name;

    /// <summary>What errors call the table: its path.</summary>
    public string Name { get; }

    /// <summary>The columns' names, each once; a published index column may be called "".</summary>
    public IReadOnlyList<string> Header { get; protected set; } = [];

    /// <summary>The current row as errors count it: lines of a text from 1, the header included; rows of Parquet from 1.</summary>
    public abstract long Row { get; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The row is cut short.</exception>
    public abstract bool Next();

    /// <summary>The row's text in a column; "" where it has none.</summary>
    public abstract string Text(int column);

    /// <summary>True where the row has nothing in a column.</summary>
    public abstract bool IsEmpty(int column);

    /// <summary>A neuron's or synapse's id: a whole number from 0 to 2^64 - 1.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public abstract ulong Id(int column);

    /// <summary>A finite number.</summary>
    /// <exception cref="InvalidDataException">It is none, as NaN is.</exception>
    public abstract double Number(int column);

    /// <summary>A whole number, also when written as 9.0.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public virtual long Whole(int column)
    {
        var value = Number(column);
        return value == Math.Floor(value) && Math.Abs(value) <= 1L << 53
            ? (long)value
            : throw BadValue(column, "a whole number");
    }

    /// <summary>A number of contacts, 1 to 2^31 - 1.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public int Contacts(int column) =>
        Whole(column) is >= 1 and <= int.MaxValue and var contacts ? (int)contacts : throw BadValue(column, "a number of contacts from 1");

    /// <summary>The place of a column, or -1.</summary>
    public int Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            for (var i = 0; i < Header.Count; i++)
                if (string.Equals(Header[i], name, StringComparison.OrdinalIgnoreCase))
                    return i;
        return -1;
    }

    /// <summary>The place of a column that must be there, under one of its names.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public int Require(params ReadOnlySpan<string> names)
    {
        var place = Find(names);
        return place >= 0 ? place : throw new InvalidDataException(
            $"{Name} has no column {string.Join(" or ", names.ToArray())}; its header is '{Shown(string.Join(',', Header))}'; nothing was imported.");
    }

    /// <summary>An error that names the table and the row.</summary>
    public InvalidDataException Bad(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Row {Row} of {Name} {what}; nothing was imported."));

    /// <summary>An error about one value.</summary>
    public InvalidDataException BadValue(int column, string expected) =>
        Bad($"has '{Shown(Text(column))}' as {Header[column]}; {expected} was expected");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the table.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Refuses a header that names a column twice.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    protected void CheckHeader()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in Header)
            if (!seen.Add(column))
                throw new InvalidDataException($"The header of {Name} names the column '{Shown(column)}' twice; nothing was imported.");
    }

    private static string Shown(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
