using System.Globalization;

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
            _ when NativeMethods.DecimalWidth(type) <= 28 =>
                () => new MappedColumn<Int128, decimal>(name, DuckType.Decimal, v => Make(v, scale)),
            _ => () => new MappedColumn<Int128, double>(name, DuckType.Decimal, v => Parse(v, scale)),
        };
    }

    private static decimal Make(Int128 digits, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(digits);
        return new decimal(
            (int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), digits < 0, (byte)scale);
    }

    // By way of text, because that rounds once.
    private static double Parse(Int128 digits, int scale) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}E-{scale}"), CultureInfo.InvariantCulture);
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
