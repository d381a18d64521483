namespace Connecto.Graph.DuckDb;

/// <summary>DuckDB's types, numbered as in its C header.</summary>
public enum DuckType
{
    /// <summary>None.</summary>
    Invalid = 0,

    /// <summary>bool.</summary>
    Boolean = 1,

    /// <summary>sbyte.</summary>
    TinyInt = 2,

    /// <summary>short.</summary>
    SmallInt = 3,

    /// <summary>int.</summary>
    Integer = 4,

    /// <summary>long.</summary>
    BigInt = 5,

    /// <summary>byte.</summary>
    UTinyInt = 6,

    /// <summary>ushort.</summary>
    USmallInt = 7,

    /// <summary>uint.</summary>
    UInteger = 8,

    /// <summary>ulong.</summary>
    UBigInt = 9,

    /// <summary>float.</summary>
    Float = 10,

    /// <summary>double.</summary>
    Double = 11,

    /// <summary>DateTime, microseconds.</summary>
    Timestamp = 12,

    /// <summary>DateOnly.</summary>
    Date = 13,

    /// <summary>TimeOnly.</summary>
    Time = 14,

    /// <summary>Months, days and microseconds.</summary>
    Interval = 15,

    /// <summary>Int128; what SUM of integers yields.</summary>
    HugeInt = 16,

    /// <summary>string.</summary>
    Varchar = 17,

    /// <summary>byte[].</summary>
    Blob = 18,

    /// <summary>decimal up to 28 digits, else double.</summary>
    Decimal = 19,

    /// <summary>DateTime, seconds.</summary>
    TimestampS = 20,

    /// <summary>DateTime, milliseconds.</summary>
    TimestampMs = 21,

    /// <summary>DateTime, cut to 100 ns.</summary>
    TimestampNs = 22,

    /// <summary>string.</summary>
    Enum = 23,

    /// <summary>object?[].</summary>
    List = 24,

    /// <summary>Dictionary of string to object?.</summary>
    Struct = 25,

    /// <summary>object?[] of structs with "key" and "value".</summary>
    Map = 26,

    /// <summary>Guid.</summary>
    Uuid = 27,

    /// <summary>Not read; cast it to VARCHAR.</summary>
    Union = 28,

    /// <summary>Not read; cast it to VARCHAR.</summary>
    Bit = 29,

    /// <summary>Not read; cast it to VARCHAR.</summary>
    TimeTz = 30,

    /// <summary>DateTime in UTC, microseconds.</summary>
    TimestampTz = 31,

    /// <summary>UInt128.</summary>
    UHugeInt = 32,

    /// <summary>object?[].</summary>
    Array = 33,

    /// <summary>Not a type of results.</summary>
    Any = 34,

    /// <summary>Not read; cast it to VARCHAR.</summary>
    BigNum = 35,

    /// <summary>Only nulls.</summary>
    Null = 36,
}
