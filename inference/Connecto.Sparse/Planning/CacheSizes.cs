using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Planning;

/// <summary>What each level of the caches holds, bytes.</summary>
/// <param name="Data">First level, data; of one core.</param>
/// <param name="Code">First level, instructions; of one core.</param>
/// <param name="Second">Second level; taken as one core's own.</param>
/// <param name="Third">Third level, shared; the second's where there is none.</param>
/// <remarks>From the processor itself on x86 (CPUID leaf 4, or 0x8000001D of AMD, which are laid out alike), else from
/// what Linux says in /sys, else a small guess.</remarks>
internal sealed record CacheSizes(long Data, long Code, long Second, long Third)
{
    private static readonly CacheSizes Guess = new(32 << 10, 32 << 10, 512 << 10, 4 << 20);

    /// <summary>The caches of this machine.</summary>
    public static CacheSizes OfThisMachine { get; } = Read();

    public static CacheSizes Read()
    {
        var found = new Dictionary<(int Level, char Kind), long>();
        if (X86Base.IsSupported)
        {
            AskProcessor(4, found);
            if (found.Count == 0) AskProcessor(unchecked((int)0x8000001D), found);
        }
        if (found.Count == 0) AskLinux("/sys/devices/system/cpu/cpu0/cache", found);
        long Size(int level, char kind, long otherwise) =>
            found.TryGetValue((level, kind), out var own) || found.TryGetValue((level, 'U'), out own) ? own : otherwise;
        var second = Size(2, 'U', Guess.Second);
        return new CacheSizes(
            Size(1, 'D', Guess.Data), Size(1, 'I', Guess.Code), second, Size(3, 'U', found.Count > 0 ? second : Guess.Third));
    }

    private static void AskProcessor(int leaf, Dictionary<(int, char), long> found)
    {
        var (lastLeaf, _, _, _) = X86Base.CpuId(leaf & int.MinValue, 0);
        if ((uint)lastLeaf < (uint)leaf) return;
        for (var index = 0; index < 8; index++)
        {
            var (kinds, lines, sets, _) = X86Base.CpuId(leaf, index);
            if ((kinds & 31) == 0) return;
            // Ways, partitions and bytes of a line, each less one, and the number of sets less one.
            var bytes = (((long)lines >>> 22 & 0x3FF) + 1) * ((lines >>> 12 & 0x3FF) + 1) * ((lines & 0xFFF) + 1) * (sets + 1L);
            found.TryAdd((kinds >> 5 & 7, (kinds & 31) switch { 1 => 'D', 2 => 'I', _ => 'U' }), bytes);
        }
    }

    private static void AskLinux(string folder, Dictionary<(int, char), long> found)
    {
        for (var index = 0; Directory.Exists($"{folder}/index{index}"); index++)
        {
            var (level, kind, size) = (Line("level"), Line("type"), Line("size"));
            if (size.EndsWith('K') && int.TryParse(level, out var at) && kind.Length > 0 &&
                long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var thousands))
                found.TryAdd((at, kind[0]), thousands << 10);

            string Line(string name) =>
                File.Exists($"{folder}/index{index}/{name}") ? File.ReadAllText($"{folder}/index{index}/{name}").Trim() : "";
        }
    }
}
