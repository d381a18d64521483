using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse;

/// <summary>What one core of a machine does in a nanosecond, and what its caches hold: the terms of the cost
/// model.</summary>
/// <remarks>
/// <see cref="Current"/> is measured, once a process, when first asked for: the best of several turns of some
/// microseconds each, some 20 ms in all with compiling (as much again for <see cref="MemoryBytesPerNs"/>, which is only measured when read). Times
/// differ from process to process by some per cent, so a plan near the edge of two kernels may too; results of kernels
/// do not depend on it. Another machine's profile can be written down by hand. Rates are for one thread that has a core
/// to itself. Immutable, and safe from several threads.
/// </remarks>
public sealed record MachineProfile
{
    private static readonly Lazy<MachineProfile> Measured = new(Measure);

    private readonly Lazy<double> memory = new(0.0);

    /// <summary>This machine; measured at the first use.</summary>
    public static MachineProfile Current => Measured.Value;

    /// <summary>Names of the vector instruction sets that kernels can use, for people.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Cores the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes of a core's first-level data cache.</summary>
    public required long L1Bytes { get; init; }

    /// <summary>Bytes of a core's first-level instruction cache.</summary>
    public required long L1CodeBytes { get; init; }

    /// <summary>Bytes of a core's own second-level cache.</summary>
    public required long L2Bytes { get; init; }

    /// <summary>Bytes of the cache that all cores share.</summary>
    public required long L3Bytes { get; init; }

    /// <summary>Floats of the vectors that compiled kernels use.</summary>
    public required int Lanes { get; init; }

    /// <summary>Multiply-adds of such vectors, operands in registers, a nanosecond.</summary>
    public required double MultiplyAddsPerNs { get; init; }

    /// <summary>Loads of such vectors out of the first-level cache, a nanosecond.</summary>
    public required double LoadsPerNs { get; init; }

    /// <summary>Generated multiply-adds of 16 lanes with one operand broadcast from memory, a nanosecond; 0 where no
    /// code can be generated.</summary>
    public required double BroadcastMultiplyAddsPerNs { get; init; }

    /// <summary>Generated dot products of four bytes in each of 16 lanes, weights broadcast from memory, a nanosecond;
    /// 0 where the machine has none.</summary>
    public required double ByteDotsPerNs { get; init; }

    /// <summary>Bytes read from the second-level cache, a nanosecond.</summary>
    public required double L2BytesPerNs { get; init; }

    /// <summary>Bytes read from the third-level cache, a nanosecond.</summary>
    public required double L3BytesPerNs { get; init; }

    /// <summary>Bytes read from memory, a nanosecond.</summary>
    public double MemoryBytesPerNs
    {
        get => memory.Value;
        init => memory = new(value);
    }

    /// <summary>Bytes of straight-line code run out of the first-level cache, a nanosecond; 0 where no code can be
    /// generated.</summary>
    public required double L1CodeBytesPerNs { get; init; }

    /// <summary>The same out of the second level.</summary>
    public required double L2CodeBytesPerNs { get; init; }

    /// <summary>The same from beyond the second level.</summary>
    public required double L3CodeBytesPerNs { get; init; }

    /// <summary>Bytes a nanosecond of reading something of that size again and again.</summary>
    /// <param name="footprint">Bytes, 0 or more.</param>
    public double BytesPerNs(double footprint) =>
        footprint <= L1Bytes ? LoadsPerNs * Lanes * sizeof(float)
        : footprint <= L2Bytes ? L2BytesPerNs
        : footprint <= L3Bytes / 2 ? L3BytesPerNs : MemoryBytesPerNs;

    /// <summary>Bytes a nanosecond of running straight-line code of that size again and again; 0 where no code can be
    /// generated.</summary>
    /// <param name="footprint">Bytes, 0 or more.</param>
    public double CodeBytesPerNs(double footprint)
    {
        if (footprint <= L1CodeBytes) return L1CodeBytesPerNs;
        // Between half and one and a half times the second level, ever more of every turn comes from beyond.
        var beyond = Math.Clamp(footprint / L2Bytes - 0.5, 0, 1);
        return 1 / ((1 - beyond) / L2CodeBytesPerNs + beyond / L3CodeBytesPerNs);
    }

    private static MachineProfile Measure()
    {
        var caches = CacheSizes.Read();
        var kernels = KernelTable.Chosen;
        var rates = RateProbe.For(kernels);
        var code = CodeProbe.Measure(caches);
        // A compiled loop of the same instructions runs at anything from 60 % of the generated one's rate up, by where it
        // happens to lie; so where both are of one width, the better one tells what the core can do.
        var same = kernels.Width == 16 ? 1.0 : 0;
        return new MachineProfile(new Lazy<double>(() => rates.BytesPerNs(Math.Clamp(2 * caches.Third, 16 << 20, 64 << 20), 2)))
        {
            InstructionSets = InstructionNames.Read(),
            Cores = Environment.ProcessorCount,
            L1Bytes = caches.Data,
            L1CodeBytes = caches.Code,
            L2Bytes = caches.Second,
            L3Bytes = caches.Third,
            Lanes = kernels.Width,
            MultiplyAddsPerNs = Math.Max(rates.MultiplyAddsPerNs(), same * code.MultiplyAdds),
            LoadsPerNs = Math.Max(rates.BytesPerNs(caches.Data / 2, 12) / sizeof(float) / kernels.Width, same * code.Loads),
            L2BytesPerNs = rates.BytesPerNs(caches.Second / 2, 8),
            L3BytesPerNs = rates.BytesPerNs(Math.Min(4 * caches.Second, Math.Max(caches.Third / 2, caches.Second)), 4),
            BroadcastMultiplyAddsPerNs = code.BroadcastMultiplyAdds,
            ByteDotsPerNs = code.ByteDots,
            L1CodeBytesPerNs = code.First,
            L2CodeBytesPerNs = code.Second,
            L3CodeBytesPerNs = code.Third,
        };
    }

    /// <summary>A profile to be written down by hand; all rates are for one thread.</summary>
    public MachineProfile() { }

    private MachineProfile(Lazy<double> memory) => this.memory = memory;
}
