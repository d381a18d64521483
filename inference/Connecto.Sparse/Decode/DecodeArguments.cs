using System.Runtime.InteropServices;

namespace Connecto.Sparse.Decode;

/// <summary>What a generated kernel is called with; it reads these by their offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DecodeArguments
{
    /// <summary>The first group's words of bits, [group][word][row].</summary>
    public ulong* Masks;
    /// <summary>The first group's values in the order of use.</summary>
    public byte* Values;
    /// <summary>The inputs, [word][vector][64]: with whole vectors one after another, their distance would often be a
    /// multiple of 4 KB, and they would push one another out of the first cache.</summary>
    public byte* X;
    /// <summary>Takes the sums, [group][row][vector][16].</summary>
    public int* Sums;
    /// <summary>Groups to do, at least 1.</summary>
    public long Groups;
    /// <summary>Words a row, at least 1.</summary>
    public long Words;

    /// <summary>Vectors of constants, for the formats that have some.</summary>
    public int* Constants;

    public const int MasksAt = 0, ValuesAt = 8, XAt = 16, SumsAt = 24, GroupsAt = 32, WordsAt = 40, ConstantsAt = 48;
}
