namespace Connecto.Graph.DuckDb;

/// <summary>Gathers the vectors of one column; <see cref="For"/> is the table of what DuckDB type becomes which .NET type.</summary>
internal abstract unsafe class ColumnBuilder(string name, DuckType type)
{
    private List<bool>? _nulls;
    private int _count;

    protected string Name => name;

    protected DuckType Type => type;

    protected bool[]? Nulls => _nulls?.ToArray();

    /// <summary>Takes the first <paramref name="count"/> entries of a vector.</summary>
    public void Append(nint vector, int count)
    {
        AppendNulls(NativeMethods.VectorValidity(vector), count);
        AppendValues(vector, count, _count);
        _count += count;
    }

    public abstract DuckColumn Finish();

    protected abstract void AppendValues(nint vector, int count, int before);

    protected bool IsNull(int row) => _nulls is not null && _nulls[row];

    /// <summary>How to make builders for a logical type, whose handle is not kept.</summary>
    /// <exception cref="InvalidDataException">The type is not read here.</exception>
    public static Func<ColumnBuilder> For(string name, nint logicalType)
    {
        var type = NativeMethods.TypeId(logicalType);
        return type switch
        {
            DuckType.Boolean => () => new MappedColumn<byte, bool>(name, type, v => v != 0),
            DuckType.TinyInt => () => new FlatColumn<sbyte>(name, type),
            DuckType.SmallInt => () => new FlatColumn<short>(name, type),
            DuckType.Integer => () => new FlatColumn<int>(name, type),
            DuckType.BigInt => () => new FlatColumn<long>(name, type),
            DuckType.UTinyInt => () => new FlatColumn<byte>(name, type),
            DuckType.USmallInt => () => new FlatColumn<ushort>(name, type),
            DuckType.UInteger => () => new FlatColumn<uint>(name, type),
            DuckType.UBigInt => () => new FlatColumn<ulong>(name, type),
            DuckType.HugeInt => () => new FlatColumn<Int128>(name, type),
            DuckType.UHugeInt => () => new FlatColumn<UInt128>(name, type),
            DuckType.Float => () => new FlatColumn<float>(name, type),
            DuckType.Double => () => new FlatColumn<double>(name, type),
            DuckType.Varchar => () => new MappedColumn<NativeString, string>(name, type, s => s.ToString()),
            DuckType.Blob => () => new MappedColumn<NativeString, byte[]>(name, type, s => s.ToArray()),
            DuckType.Date => () => new MappedColumn<int, DateOnly>(name, type, Temporal.Date),
            DuckType.Time => () => new MappedColumn<long, TimeOnly>(name, type, v => new TimeOnly(checked(v * 10))),
            DuckType.Timestamp => () => new MappedColumn<long, DateTime>(name, type, v => Temporal.At(v, 10)),
            DuckType.TimestampTz => () => new MappedColumn<long, DateTime>(name, type, v => Temporal.Utc(v, 10)),
            DuckType.TimestampS => () => new MappedColumn<long, DateTime>(name, type, v => Temporal.At(v, 10_000_000)),
            DuckType.TimestampMs => () => new MappedColumn<long, DateTime>(name, type, v => Temporal.At(v, 10_000)),
            DuckType.TimestampNs => () => new MappedColumn<long, DateTime>(name, type, v => Temporal.At(v / 100, 1)),
            DuckType.Uuid => () => new MappedColumn<Int128, Guid>(name, type, Temporal.Uuid),
            DuckType.Decimal => DecimalColumn.For(name, logicalType),
            DuckType.Enum => EnumColumn.For(name, logicalType),
            DuckType.List or DuckType.Map => NestedType.List(name, type, logicalType),
            DuckType.Array => NestedType.Array(name, logicalType),
            DuckType.Struct => NestedType.Struct(name, logicalType),
            DuckType.Null => () => new MappedColumn<int, object>(name, type, _ => throw new InvalidOperationException()),
            _ => throw new InvalidDataException(
                $"Column {name} has DuckDB's type {type}, which is not read here; cast it to VARCHAR in the statement."),
        };
    }

    private void AppendNulls(ulong* validity, int count)
    {
        if (validity is null)
        {
            if (_nulls is null) return;
            for (var i = 0; i < count; i++) _nulls.Add(false);
            return;
        }
        _nulls ??= [.. Enumerable.Repeat(false, _count)];
        for (var i = 0; i < count; i++) _nulls.Add(((validity[i >> 6] >> (i & 63)) & 1) == 0);
    }
}
