namespace Connecto.Graph.DuckDb;

/// <summary>Lists, arrays and structs: the child vectors are read as columns of their own, then cut up by row.</summary>
internal sealed unsafe class ListColumn(string name, DuckType type, Func<ColumnBuilder> child) : ColumnBuilder(name, type)
{
    private readonly List<object?[]?> _values = [];

    public override DuckColumn Finish() => new DuckColumn<object?[]?>(Name, Type, [.. _values], Nulls);

    protected override void AppendValues(nint vector, int count, int before)
    {
        var items = child();
        items.Append(NativeMethods.ListChild(vector), (int)NativeMethods.ListChildCount(vector));
        var column = items.Finish();
        var entries = (ulong*)NativeMethods.VectorData(vector);
        for (var i = 0; i < count; i++)
            _values.Add(IsNull(before + i) ? null : NestedType.Cut(column, (int)entries[2 * i], (int)entries[2 * i + 1]));
    }
}

/// <summary>Arrays of a fixed length.</summary>
internal sealed class ArrayColumn(string name, DuckType type, int length, Func<ColumnBuilder> child)
    : ColumnBuilder(name, type)
{
    private readonly List<object?[]?> _values = [];

    public override DuckColumn Finish() => new DuckColumn<object?[]?>(Name, Type, [.. _values], Nulls);

    protected override void AppendValues(nint vector, int count, int before)
    {
        var items = child();
        items.Append(NativeMethods.ArrayChild(vector), count * length);
        var column = items.Finish();
        for (var i = 0; i < count; i++)
            _values.Add(IsNull(before + i) ? null : NestedType.Cut(column, i * length, length));
    }
}

/// <summary>Structs: one child vector a field.</summary>
internal sealed class StructColumn(string name, DuckType type, IReadOnlyList<Func<ColumnBuilder>> fields)
    : ColumnBuilder(name, type)
{
    private readonly List<Dictionary<string, object?>?> _values = [];

    public override DuckColumn Finish() =>
        new DuckColumn<Dictionary<string, object?>?>(Name, Type, [.. _values], Nulls);

    protected override void AppendValues(nint vector, int count, int before)
    {
        var columns = new DuckColumn[fields.Count];
        for (var f = 0; f < columns.Length; f++)
        {
            var field = fields[f]();
            field.Append(NativeMethods.StructChild(vector, (ulong)f), count);
            columns[f] = field.Finish();
        }
        for (var i = 0; i < count; i++)
            _values.Add(IsNull(before + i) ? null : columns.ToDictionary(c => c.Name, c => c[i]));
    }
}

/// <summary>How to make builders of nested types; the children's handles are freed at once.</summary>
internal static unsafe class NestedType
{
    public static Func<ColumnBuilder> List(string name, DuckType type, nint handle)
    {
        var child = Child("", NativeMethods.ListChildType(handle));
        return () => new ListColumn(name, type, child);
    }

    public static Func<ColumnBuilder> Array(string name, nint handle)
    {
        var length = (int)NativeMethods.ArrayLength(handle);
        var child = Child("", NativeMethods.ArrayChildType(handle));
        return () => new ArrayColumn(name, DuckType.Array, length, child);
    }

    public static Func<ColumnBuilder> Struct(string name, nint handle)
    {
        var fields = new Func<ColumnBuilder>[NativeMethods.StructFieldCount(handle)];
        for (var f = 0; f < fields.Length; f++)
            fields[f] = Child(
                NativeMethods.TakeText(NativeMethods.StructFieldName(handle, (ulong)f)),
                NativeMethods.StructFieldType(handle, (ulong)f));
        return () => new StructColumn(name, DuckType.Struct, fields);
    }

    public static object?[] Cut(DuckColumn column, int begin, int length)
    {
        var items = new object?[length];
        for (var i = 0; i < length; i++) items[i] = column[begin + i];
        return items;
    }

    private static Func<ColumnBuilder> Child(string name, nint handle)
    {
        try
        {
            return ColumnBuilder.For(name, handle);
        }
        finally
        {
            NativeMethods.DestroyLogicalType(ref handle);
        }
    }
}
