using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Volumes.Precomputed;

/// <summary>Indices of 1, 2, 4, 8 or 16 bits packed in words, the lowest bits first.</summary>
/// <remarks>Eight indices are one 64-bit word of bytes; where the machine has bit deposit and extract, that word is
/// packed or unpacked in one instruction.</remarks>
internal static class LabelBits
{
    /// <summary>Packs; the words are written in full as far as the indices reach.</summary>
    public static void Pack(ReadOnlySpan<ushort> indices, int bits, Span<uint> words)
    {
        if (Bmi2.X64.IsSupported && bits <= 8 && indices.Length % 32 == 0)
        {
            ref var to = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(words));
            var mask = Mask(bits);
            var length = indices.Length / 8;
            if (words.Length * 4 < length * bits) throw new ArgumentException("Too few words.", nameof(words));
            for (var i = 0; i < length; i++)
            {
                var eight = Vector128.Narrow(Vector128.Create(indices.Slice(i * 8, 8)), Vector128<ushort>.Zero);
                var packed = Bmi2.X64.ParallelBitExtract(eight.AsUInt64().ToScalar(), mask);
                ref var place = ref Unsafe.Add(ref to, i * bits);
                switch (bits)
                {
                    case 1: place = (byte)packed; break;
                    case 2: Unsafe.WriteUnaligned(ref place, (ushort)packed); break;
                    case 4: Unsafe.WriteUnaligned(ref place, (uint)packed); break;
                    default: Unsafe.WriteUnaligned(ref place, packed); break;
                }
            }
            return;
        }
        var perWord = 32 / bits;
        for (int i = 0, at = 0; i < indices.Length; i += perWord, at++)
        {
            var word = 0u;
            var group = indices.Slice(i, Math.Min(perWord, indices.Length - i));
            for (var j = 0; j < group.Length; j++) word |= (uint)group[j] << (j * bits);
            words[at] = word;
        }
    }

    /// <summary>Unpacks as many indices as there is room for.</summary>
    public static void Unpack(ReadOnlySpan<uint> words, int bits, Span<ushort> indices)
    {
        if (Bmi2.X64.IsSupported && bits <= 8 && indices.Length % 32 == 0)
        {
            var bytes = MemoryMarshal.AsBytes(words)[..(indices.Length / 8 * bits)];
            ref var from = ref MemoryMarshal.GetReference(bytes);
            var mask = Mask(bits);
            for (var i = 0; i < indices.Length / 8; i++)
            {
                ref var place = ref Unsafe.Add(ref from, i * bits);
                ulong packed = bits switch
                {
                    1 => place,
                    2 => Unsafe.ReadUnaligned<ushort>(ref place),
                    4 => Unsafe.ReadUnaligned<uint>(ref place),
                    _ => Unsafe.ReadUnaligned<ulong>(ref place),
                };
                var eight = Vector128.CreateScalar(Bmi2.X64.ParallelBitDeposit(packed, mask)).AsByte();
                Vector128.WidenLower(eight).CopyTo(indices.Slice(i * 8, 8));
            }
            return;
        }
        var (perWord, low) = (32 / bits, (1u << bits) - 1);
        for (var i = 0; i < indices.Length; i++)
            indices[i] = (ushort)(words[i / perWord] >> i % perWord * bits & low);
    }

    private static ulong Mask(int bits) => bits switch
    {
        1 => 0x0101010101010101,
        2 => 0x0303030303030303,
        4 => 0x0F0F0F0F0F0F0F0F,
        _ => ulong.MaxValue,
    };
}
