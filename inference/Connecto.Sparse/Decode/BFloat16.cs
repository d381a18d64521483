using System.Runtime.CompilerServices;

namespace Connecto.Sparse;

/// <summary>A float of 16 bits: the upper half of a 32-bit float, so the same range with 8 bits of precision.</summary>
/// <param name="Bits">Sign, 8 bits of exponent, 7 of fraction.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>The nearest value, ties to even; too large becomes infinity, NaN stays NaN.</summary>
    /// <remarks>|result - value| &lt;= 2^-8 |value| for normal values below the largest.</remarks>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new((ushort)(bits >> 16 | 0x40)); // a payload in the lower half must not become infinity
        return new((ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16));
    }

    /// <summary>The same value as a float; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}
