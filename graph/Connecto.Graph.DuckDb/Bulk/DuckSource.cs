using System.Text;

namespace Connecto.Graph.DuckDb;

/// <summary>A column to be inserted: its name, its type, and how to fill a stretch of it.</summary>
public abstract unsafe class DuckSource
{
    private protected DuckSource(string name, DuckType type, string sqlType) =>
        (Name, Type, SqlType) = (name, type, sqlType);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    internal DuckType Type { get; }

    internal string SqlType { get; }

    /// <summary>Fills the first values of a vector with a stretch of the column.</summary>
    internal abstract void Fill(int first, int count, nint vector);

    /// <summary>A column that an array holds.</summary>
    /// <typeparam name="T">sbyte to ulong, float or double.</typeparam>
    /// <exception cref="NotSupportedException">T is none of these.</exception>
    public static DuckSource Of<T>(string name, ReadOnlyMemory<T> values) where T : unmanaged =>
        new Filled<T>(name, (first, target) => values.Span.Slice(first, target.Length).CopyTo(target));

    /// <summary>A column that is worked out a stretch at a time, straight into DuckDB's memory.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="fill">Given the first row, writes the span in full.</param>
    /// <typeparam name="T">sbyte to ulong, float or double.</typeparam>
    /// <exception cref="NotSupportedException">T is none of these.</exception>
    public static DuckSource Of<T>(string name, Action<int, Span<T>> fill) where T : unmanaged =>
        new Filled<T>(name, (first, target) => fill(first, target));

    /// <summary>A column of text, of few different ones.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">The different texts.</param>
    /// <param name="code">The place in <paramref name="values"/> of a row's text.</param>
    public static DuckSource OfText(string name, IReadOnlyList<string> values, Func<int, int> code) =>
        new Texts(name, [.. values.Select(Encoding.UTF8.GetBytes)], code);

    private delegate void Filler<T>(int first, Span<T> target);

    private sealed class Filled<T>(string name, Filler<T> fill) : DuckSource(name, Kind<T>().Type, Kind<T>().Sql)
        where T : unmanaged
    {
        internal override void Fill(int first, int count, nint vector) =>
            fill(first, new Span<T>(NativeMethods.VectorData(vector), count));
    }

    private sealed class Texts(string name, byte[][] values, Func<int, int> code) : DuckSource(name, DuckType.Varchar, "VARCHAR")
    {
        internal override void Fill(int first, int count, nint vector)
        {
            for (var i = 0; i < count; i++)
            {
                var text = values[code(first + i)];
                fixed (byte* bytes = text) NativeMethods.AssignText(vector, (ulong)i, bytes, (ulong)text.Length);
            }
        }
    }

    private static (DuckType Type, string Sql) Kind<T>() => System.Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.SByte => (DuckType.TinyInt, "TINYINT"),
        TypeCode.Int16 => (DuckType.SmallInt, "SMALLINT"),
        TypeCode.Int32 => (DuckType.Integer, "INTEGER"),
        TypeCode.Int64 => (DuckType.BigInt, "BIGINT"),
        TypeCode.Byte => (DuckType.UTinyInt, "UTINYINT"),
        TypeCode.UInt16 => (DuckType.USmallInt, "USMALLINT"),
        TypeCode.UInt32 => (DuckType.UInteger, "UINTEGER"),
        TypeCode.UInt64 => (DuckType.UBigInt, "UBIGINT"),
        TypeCode.Single => (DuckType.Float, "FLOAT"),
        TypeCode.Double => (DuckType.Double, "DOUBLE"),
        _ => throw new NotSupportedException($"A column of {typeof(T).Name} cannot be inserted."),
    };
}
