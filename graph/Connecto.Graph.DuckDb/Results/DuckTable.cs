namespace Connecto.Graph.DuckDb;

/// <summary>All rows of a result, by column.</summary>
public sealed class DuckTable
{
    internal DuckTable(IReadOnlyList<DuckColumn> columns, int rows) => (Columns, RowCount) = (columns, rows);

    /// <summary>The columns in the statement's order; names may repeat.</summary>
    public IReadOnlyList<DuckColumn> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>One value; null where it is NULL.</summary>
    public object? this[int row, int column] => Columns[column][row];

    /// <summary>The first column of that name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public DuckColumn Column(string name) =>
        Columns.FirstOrDefault(c => c.Name == name)
        ?? throw new InvalidDataException(
            $"There is no column {name}; found {string.Join(", ", Columns.Select(c => c.Name))}.");

    /// <summary>All values of the first column of that name.</summary>
    /// <exception cref="InvalidDataException">There is none, it holds another type, or it holds a NULL.</exception>
    public T[] Values<T>(string name)
    {
        var column = Column(name);
        if (column is not DuckColumn<T> typed)
            throw new InvalidDataException(
                $"Column {name} has the type {column.Type}; {typeof(T).Name} was expected.");
        for (var row = 0; row < column.Count; row++)
            if (column.IsNull(row))
                throw new InvalidDataException($"Column {name} is NULL in row {row}; a value was expected.");
        return typed.Values;
    }
}

/// <summary>One column of a result.</summary>
public abstract class DuckColumn
{
    private protected DuckColumn(string name, DuckType type) => (Name, Type) = (name, type);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>DuckDB's type; its comment says what .NET type the values have.</summary>
    public DuckType Type { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>True where the value is NULL.</summary>
    public abstract bool IsNull(int row);

    /// <summary>The value, or null where it is NULL.</summary>
    public abstract object? this[int row] { get; }
}

/// <summary>A column whose values have the .NET type T.</summary>
public sealed class DuckColumn<T> : DuckColumn
{
    private readonly bool[]? _nulls;

    internal DuckColumn(string name, DuckType type, T[] values, bool[]? nulls) : base(name, type) =>
        (Values, _nulls) = (values, nulls);

    /// <summary>The values; default(T) where they are NULL.</summary>
    public T[] Values { get; }

    /// <inheritdoc/>
    public override int Count => Values.Length;

    /// <inheritdoc/>
    public override bool IsNull(int row) => _nulls is not null && _nulls[row];

    /// <inheritdoc/>
    public override object? this[int row] => IsNull(row) ? null : Values[row];
}
