namespace Connecto.Benchmarks;

/// <summary>A run of the kernel benchmark.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Rows">One for each kernel, layer, sparsity and group of peers.</param>
public sealed record KernelReport(MachinePeaks Machine, IReadOnlyList<KernelRow> Rows);

/// <summary>What the machine does when a kernel waits for nothing else; measured at the start of the run.</summary>
/// <param name="Threads">Threads that worked together.</param>
/// <param name="Fp32Gflops">Peak of fp32 multiply-adds, GFLOP/s.</param>
/// <param name="Int8Gflops">Peak of 8-bit multiply-adds with 32-bit sums: four times that of fp32, since a dot
/// product of four bytes goes through the same units at the same rate.</param>
/// <param name="CacheGigabytesPerSecond">Read bandwidth of 1 MiB, GB/s.</param>
/// <param name="MemoryGigabytesPerSecond">Read bandwidth of 256 MiB, GB/s.</param>
/// <param name="Peers">The peers' libraries and versions.</param>
/// <param name="Missing">Why a peer is left out, a sentence each.</param>
public sealed record MachinePeaks(
    int Threads, double Fp32Gflops, double Int8Gflops, double CacheGigabytesPerSecond, double MemoryGigabytesPerSecond,
    IReadOnlyList<string> Peers, IReadOnlyList<string> Missing);
