using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse;

/// <summary>What one core of a machine does in a nanosecond, and what its caches hold: the terms of the cost
/// model.</summary>
/// <remarks>
/// <see cref="Current"/> is measured, once a process, when first asked for: the best of several turns of some
/// microseconds each, some 50 ms in all with compiling (as much again for <see cref="MemoryBytesPerNs"/>, which is only
/// measured when read). Times
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

    /// <summary>Generated dot products of four bytes in each of 16 lanes, operands in registers, a nanosecond; 0
    /// where the machine has none.</summary>
    public required double ByteDotsPerNs { get; init; }

    /// <summary>Generated expansions of packed bytes to the places of a mask of 64 bits, a nanosecond; 0 where the machine
    /// has none.</summary>
    public required double ExpansionsPerNs { get; init; }

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
    public double BytesPerNs(double footprint)
    {
        if (footprint <= L1Bytes) return LoadsPerNs * Lanes * sizeof(float);
        if (footprint > L3Bytes / 2) return MemoryBytesPerNs;
        var beyond = Beyond(footprint);
        return 1 / ((1 - beyond) / L2BytesPerNs + beyond / L3BytesPerNs);
    }

    /// <summary>Bytes a nanosecond of running straight-line code of that size again and again; 0 where no code can be
    /// generated.</summary>
    /// <param name="footprint">Bytes, 0 or more.</param>
    public double CodeBytesPerNs(double footprint)
    {
        if (footprint <= L1CodeBytes) return L1CodeBytesPerNs;
        var beyond = Beyond(footprint);
        return 1 / ((1 - beyond) / L2CodeBytesPerNs + beyond / L3CodeBytesPerNs);
    }

    // From a quarter of the second level up to a quarter more than all of it, ever more of every turn comes from beyond:
    // other data take room too, and where it lies is up to chance.
    private double Beyond(double footprint) => Math.Clamp(footprint / L2Bytes - 0.25, 0, 1);

    private static MachineProfile Measure()
    {
        var caches = CacheSizes.Read();
        var kernels = KernelTable.Chosen;
        var compiled = RateProbe.For(kernels);
        var probes = new ProbeSet();
        var scalar = new ProbeSet(); // apart: between turns without vectors a core would switch these off
        using var code = new CodeProbe(probes, scalar);
        var (multiplyAdds, generatedMultiplyAdds) = (compiled.MultiplyAdds(probes), code.MultiplyAdds());
        var (reads, generatedLoads) = (compiled.Reads(probes, caches.Data / 2), code.Loads());
        var second = compiled.Reads(probes, caches.Second / 2);
        var third = compiled.Reads(probes, Math.Min(4 * caches.Second, Math.Max(caches.Third / 2, caches.Second)));
        var (broadcasts, dots, expansions) = (code.BroadcastMultiplyAdds(), code.ByteDots(), code.Expansions());
        var (firstCode, secondCode) = (code.Straight(caches.Code / 2), code.Straight(caches.Second / 3));
        var thirdCode = code.Straight(Math.Min(2 * caches.Second, 8 << 20));
        probes.Run(milliseconds: 15);
        scalar.Run(milliseconds: 3);

        // A compiled loop of the same instructions runs at anything from 60 % of the generated one's rate up, by where it
        // happens to lie; so where both are of one width, the better one tells what the core can do.
        double Better(double own, Probe? generated) => kernels.Width == 16 ? Math.Max(own, generated?.PerNs ?? 0) : own;
        return new MachineProfile(new Lazy<double>(() => ReadMemory(compiled, caches)))
        {
            InstructionSets = InstructionNames.Read(),
            Cores = Environment.ProcessorCount,
            L1Bytes = caches.Data,
            L1CodeBytes = caches.Code,
            L2Bytes = caches.Second,
            L3Bytes = caches.Third,
            Lanes = kernels.Width,
            MultiplyAddsPerNs = Better(Better(multiplyAdds.PerNs, generatedMultiplyAdds), broadcasts),
            LoadsPerNs = Better(reads.PerNs / sizeof(float) / kernels.Width, generatedLoads),
            L2BytesPerNs = second.PerNs,
            L3BytesPerNs = third.PerNs,
            BroadcastMultiplyAddsPerNs = broadcasts?.PerNs ?? 0,
            ByteDotsPerNs = dots?.PerNs ?? 0,
            ExpansionsPerNs = expansions?.PerNs ?? 0,
            L1CodeBytesPerNs = firstCode?.PerNs ?? 0,
            L2CodeBytesPerNs = secondCode?.PerNs ?? 0,
            // A kernel's code shares the way from there with its data.
            L3CodeBytesPerNs = 0.7 * (thirdCode?.PerNs ?? 0),
        };
    }

    private static double ReadMemory(RateProbe compiled, CacheSizes caches)
    {
        var probes = new ProbeSet();
        var reads = compiled.Reads(probes, Math.Clamp(2 * caches.Third, 16 << 20, 64 << 20));
        probes.Run(milliseconds: 0);
        return reads.PerNs;
    }

    /// <summary>A profile to be written down by hand; all rates are for one thread.</summary>
    public MachineProfile() { }

    private MachineProfile(Lazy<double> memory) => this.memory = memory;
}
