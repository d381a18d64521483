using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse;

/// <summary>The cache that a core has to itself, second level.</summary>
internal static class PrivateCache
{
    private const long Guess = 1 << 20;

    /// <summary>Its bytes as the processor says; 1 MiB where it says nothing.</summary>
    public static long Bytes { get; } = Ask();

    private static long Ask()
    {
        if (!X86Base.IsSupported) return Guess;
        // Intel's leaf 4 and AMD's 0x8000001D list the caches in one form.
        var amd = (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax >= 0x8000001D;
        var leaf = amd && X86Base.CpuId(unchecked((int)0x8000001D), 0).Eax != 0 ? unchecked((int)0x8000001D) : 4;
        if (leaf == 4 && X86Base.CpuId(0, 0).Eax < 4) return Guess;
        for (var index = 0; index < 8; index++)
        {
            var (a, b, c, _) = X86Base.CpuId(leaf, index);
            if ((a & 31) == 0) break;
            if ((a >> 5 & 7) != 2) continue;
            var (ways, parts, line) = ((uint)b >> 22, (uint)b >> 12 & 1023, (uint)b & 4095);
            return (ways + 1L) * (parts + 1) * (line + 1) * ((uint)c + 1L);
        }
        return Guess;
    }
}
