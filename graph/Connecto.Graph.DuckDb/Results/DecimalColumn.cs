namespace Connecto.Graph.DuckDb;

/// <summary>DECIMAL(p, s): an integer of 2, 4, 8 or 16 bytes over 10^s.</summary>
internal static class DecimalColumn
{
    public static Func<ColumnBuilder> For(string name, nint type)
    {
        int scale = NativeMethods.DecimalScale(type);
        return NativeMethods.DecimalStorage(type) switch
        {
            DuckType.SmallInt => () => new MappedColumn<short, decimal>(name, DuckType.Decimal, v => Make(v, scale)),
            DuckType.Integer => () => new MappedColumn<int, decimal>(name, DuckType.Decimal, v => Make(v, scale)),
            DuckType.BigInt => () => new MappedColumn<long, decimal>(name, DuckType.Decimal, v => Make(v, scale)),
            _ => () => new MappedColumn<Int128, double>(name, DuckType.Decimal, v => (double)v / Math.Pow(10, scale)),
        };
    }

    private static decimal Make(long digits, int scale)
    {
        var magnitude = (ulong)Int128.Abs(digits);
        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, digits < 0, (byte)scale);
    }
}

/// <summary>ENUM: a number in the type's list of names.</summary>
internal static unsafe class EnumColumn
{
    public static Func<ColumnBuilder> For(string name, nint type)
    {
        var names = new string[NativeMethods.EnumCount(type)];
        for (var i = 0; i < names.Length; i++) names[i] = NativeMethods.TakeText(NativeMethods.EnumName(type, (ulong)i));
        return NativeMethods.EnumStorage(type) switch
        {
            DuckType.UTinyInt => () => new MappedColumn<byte, string>(name, DuckType.Enum, v => names[v]),
            DuckType.USmallInt => () => new MappedColumn<ushort, string>(name, DuckType.Enum, v => names[v]),
            _ => () => new MappedColumn<uint, string>(name, DuckType.Enum, v => names[(int)v]),
        };
    }
}
