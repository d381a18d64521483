namespace Connecto.Benchmarks;

/// <summary>One line of the benchmark's tables: a name, what it is compared as, and how it is made.</summary>
/// <param name="Name">As rows have it; by itself the name of the product, as "oneDNN gemm" is of a peer.</param>
/// <param name="Group">What it is compared as; null for a kernel of Connecto that is no rival to others.</param>
/// <param name="Family">Whether its work shrinks with the weights kept.</param>
/// <param name="Prepare">Packs the weights for a workload, or gives null where the kernel does not apply.</param>
internal sealed record KernelEntry(
    string Name, PeerGroup? Group, KernelFamily Family, Func<KernelWorkload, PreparedKernel?> Prepare)
{
    /// <summary>The precisions that it is asked about.</summary>
    public IReadOnlyList<KernelPrecision> Precisions { get; init; } =
        [KernelPrecision.Fp32, KernelPrecision.Int8, KernelPrecision.Int8Block4];
}

/// <summary>What a kernel does with zeros.</summary>
internal enum KernelFamily
{
    /// <summary>Skips weights that are zero.</summary>
    Sparse,

    /// <summary>Multiplies them too: its time does not depend on sparsity.</summary>
    Dense,
}

/// <summary>Peers that are alike; a row compares with the fastest of one group.</summary>
internal enum PeerGroup
{
    /// <summary>Dense products and direct convolutions.</summary>
    Dense,

    /// <summary>Dense convolutions with fewer multiplications than the definition has.</summary>
    Winograd,

    /// <summary>Other sparse kernels.</summary>
    Sparse,
}
