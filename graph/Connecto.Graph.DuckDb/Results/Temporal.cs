using System.Buffers.Binary;

namespace Connecto.Graph.DuckDb;

/// <summary>DuckDB's dates, times and UUIDs as .NET's. Values beyond .NET's range (years 1 to 9999, infinity) throw.</summary>
internal static class Temporal
{
    /// <summary>Days since 1970-01-01.</summary>
    public static DateOnly Date(int days) =>
        DateOnly.FromDayNumber(checked(days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber));

    /// <summary>Units of so many ticks (100 ns) since 1970-01-01, without a time zone.</summary>
    public static DateTime At(long units, long ticks) => new(checked(DateTime.UnixEpoch.Ticks + units * ticks));

    /// <summary>The same in UTC.</summary>
    public static DateTime Utc(long units, long ticks) => DateTime.SpecifyKind(At(units, ticks), DateTimeKind.Utc);

    /// <summary>A UUID is stored as a 128-bit number with its highest bit flipped, so that it sorts as text does.</summary>
    public static Guid Uuid(Int128 stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, stored ^ ((Int128)1 << 127));
        return new Guid(bytes, bigEndian: true);
    }
}
