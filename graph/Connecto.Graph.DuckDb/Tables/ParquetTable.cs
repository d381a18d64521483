using System.Globalization;

namespace Connecto.Graph.DuckDb;

/// <summary>A Parquet file as rows for an import, a chunk in memory at a time. Numbers stay numbers; whatever is none becomes
/// text.</summary>
public sealed class ParquetTable : TableReader
{
    private readonly DuckDatabase _database;
    private readonly IEnumerator<DuckTable> _chunks;
    private DuckColumn[] _columns = [];
    private int _row, _rows;
    private long _before;

    private ParquetTable(string path, DuckDatabase database) : base(path)
    {
        _database = database;
        var file = $"read_parquet({DuckDatabase.FileLiteral(Path.GetFullPath(path))})";
        var schema = database.Query($"DESCRIBE SELECT * FROM {file}");
        Header = schema.Column("column_name") is DuckColumn<string> names ? names.Values : [];
        CheckHeader();
        var types = schema.Column("column_type") is DuckColumn<string> kinds ? kinds.Values : [];
        var columns = Header.Zip(types, (name, type) =>
            Numbers.Contains(type) ? DuckDatabase.Name(name) : $"CAST({DuckDatabase.Name(name)} AS VARCHAR) AS {DuckDatabase.Name(name)}");
        _chunks = database.Stream($"SELECT {string.Join(", ", columns)} FROM {file}").GetEnumerator();
    }

    private static HashSet<string> Numbers { get; } =
        ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE"];

    /// <inheritdoc/>
    public override long Row => _before + _row + 1;

    /// <summary>Opens a Parquet file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Threads and memory of DuckDB.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no whole Parquet file, or names a column twice.</exception>
    public static ParquetTable Open(string path, DuckOptions? options = null)
    {
        ParquetFile.Require(path);
        var database = DuckDatabase.OpenMemory(options);
        try
        {
            return new ParquetTable(path, database);
        }
        catch (InvalidDataException e)
        {
            database.Dispose();
            throw e.Message.Contains("nothing was imported", StringComparison.Ordinal)
                ? e
                : new InvalidDataException($"{path} cannot be read as Parquet: {e.Message} Nothing was imported.", e);
        }
    }

    /// <inheritdoc/>
    public override bool Next()
    {
        if (++_row < _rows) return true;
        _before += _rows;
        (_row, _rows) = (0, 0);
        do
        {
            if (!Advance()) return false;
            _columns = [.. _chunks.Current.Columns];
            _rows = _chunks.Current.RowCount;
        }
        while (_rows == 0);
        return true;
    }

    /// <inheritdoc/>
    public override bool IsEmpty(int column) => _columns[column].IsNull(_row);

    /// <inheritdoc/>
    public override string Text(int column) =>
        _columns[column] is DuckColumn<string> texts ? texts.Values[_row] ?? ""
        : _columns[column].IsNull(_row) ? ""
        : Convert.ToString(_columns[column][_row], CultureInfo.InvariantCulture) ?? "";

    /// <inheritdoc/>
    public override ulong Id(int column)
    {
        if (!_columns[column].IsNull(_row))
            switch (_columns[column])
            {
                case DuckColumn<long> c when c.Values[_row] >= 0: return (ulong)c.Values[_row];
                case DuckColumn<ulong> c: return c.Values[_row];
                case DuckColumn<int> c when c.Values[_row] >= 0: return (ulong)c.Values[_row];
                case DuckColumn<uint> c: return c.Values[_row];
                case DuckColumn<ushort> c: return c.Values[_row];
                case DuckColumn<byte> c: return c.Values[_row];
                case DuckColumn<short> c when c.Values[_row] >= 0: return (ulong)c.Values[_row];
                case DuckColumn<sbyte> c when c.Values[_row] >= 0: return (ulong)c.Values[_row];
                case DuckColumn<string> c when ulong.TryParse(c.Values[_row], NumberStyles.None, CultureInfo.InvariantCulture, out var id): return id;
                case DuckColumn<double> or DuckColumn<float>: throw BadValue(column, "an id as a whole number (as a float it has lost digits)");
            }
        throw BadValue(column, "an id from 0 to 18446744073709551615");
    }

    /// <inheritdoc/>
    public override double Number(int column)
    {
        var value = _columns[column].IsNull(_row) ? double.NaN : _columns[column] switch
        {
            DuckColumn<double> c => c.Values[_row],
            DuckColumn<float> c => c.Values[_row],
            DuckColumn<long> c => c.Values[_row],
            DuckColumn<int> c => c.Values[_row],
            DuckColumn<string> c when double.TryParse(c.Values[_row], NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            DuckColumn<string> => double.NaN,
            var other => Convert.ToDouble(other[_row], CultureInfo.InvariantCulture),
        };
        return double.IsFinite(value) ? value : throw BadValue(column, "a number");
    }

    /// <inheritdoc/>
    public override long Whole(int column) => _columns[column] switch
    {
        DuckColumn<long> c when !c.IsNull(_row) => c.Values[_row],
        DuckColumn<int> c when !c.IsNull(_row) => c.Values[_row],
        _ => base.Whole(column),
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _chunks.Dispose();
        _database.Dispose();
    }

    private bool Advance()
    {
        try
        {
            return _chunks.MoveNext();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{Name} is damaged or cut short after row {_before}: {e.Message} Nothing was imported."), e);
        }
    }
}
