using System.Runtime.InteropServices;
using System.Text;

namespace Connecto.Graph.DuckDb;

/// <summary>Values that DuckDB stores as .NET does: copied in one piece a vector.</summary>
internal sealed unsafe class FlatColumn<T>(string name, DuckType type) : ColumnBuilder(name, type) where T : unmanaged
{
    private readonly List<T> _values = [];

    public override DuckColumn Finish() => new DuckColumn<T>(Name, Type, [.. _values], Nulls);

    protected override void AppendValues(nint vector, int count, int before)
    {
        CollectionsMarshal.SetCount(_values, before + count);
        var target = CollectionsMarshal.AsSpan(_values)[before..];
        new ReadOnlySpan<T>(NativeMethods.VectorData(vector), count).CopyTo(target);
        for (var i = 0; i < count; i++)
            if (IsNull(before + i))
                target[i] = default;
    }
}

/// <summary>Values that are stored as TStored and become T, one by one.</summary>
internal sealed unsafe class MappedColumn<TStored, T>(string name, DuckType type, Func<TStored, T> map)
    : ColumnBuilder(name, type) where TStored : unmanaged
{
    private readonly List<T> _values = [];

    public override DuckColumn Finish() => new DuckColumn<T>(Name, Type, [.. _values], Nulls);

    protected override void AppendValues(nint vector, int count, int before)
    {
        var stored = (TStored*)NativeMethods.VectorData(vector);
        for (var i = 0; i < count; i++)
            _values.Add(IsNull(before + i) ? default! : Map(stored[i]));
    }

    private T Map(TStored stored)
    {
        try
        {
            return map(stored);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException(
                $"Column {Name} holds a {Type} beyond the range of {typeof(T).Name}; cast it to VARCHAR in the statement.", e);
        }
    }
}

/// <summary>duckdb_string_t: 16 bytes, with up to 12 bytes of text in place, else 4 of prefix and a pointer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeString
{
    [FieldOffset(0)]
    private readonly uint _length;

    [FieldOffset(4)]
    private fixed byte _inPlace[12];

    [FieldOffset(8)]
    private readonly byte* _elsewhere;

    public readonly byte[] ToArray() => Bytes(in this).ToArray();

    public override readonly string ToString() => Encoding.UTF8.GetString(Bytes(in this));

    private static ReadOnlySpan<byte> Bytes(ref readonly NativeString text)
    {
        if (text._length > 12) return new ReadOnlySpan<byte>(text._elsewhere, (int)text._length);
        return MemoryMarshal.CreateReadOnlySpan(in text._inPlace[0], (int)text._length);
    }
}
