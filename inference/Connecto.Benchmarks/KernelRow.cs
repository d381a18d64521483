namespace Connecto.Benchmarks;

/// <summary>One kernel on one layer, beside the fastest peer of one group that was measured in turn with it.</summary>
/// <param name="Shape">The layer: KIND-MxKxN.</param>
/// <param name="Precision">fp32, int8, int8-block4, bf16, int4-group64 or int3-group64.</param>
/// <param name="Sparsity">Share of weights that are zero, percent; 0 for a dense kernel, whose time does not depend
/// on it.</param>
/// <param name="Threads">Threads, of the kernel and of the peer.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Us">Median time of a run, microseconds; packing of activations included.</param>
/// <param name="Gflops">Multiplications and additions of the weights kept (of all, for a dense kernel) a second, in
/// thousand millions. Winograd is credited with those of the definition.</param>
/// <param name="Bound">What the machine allows.</param>
/// <param name="Peer">The fastest peer of its group; null where there is none.</param>
/// <param name="PeerUs">The peer's median time, microseconds.</param>
/// <param name="Speedup">PeerUs / Us.</param>
/// <param name="Spread">Us / the fastest run of the kernel: near 1 on a quiet machine. Above about 1.3 other programs
/// took the processor, and neither Us nor Speedup should be quoted.</param>
public sealed record KernelRow(
    string Shape, string Precision, double Sparsity, int Threads, string Kernel, double Us, double Gflops,
    KernelBound Bound, string? Peer, double? PeerUs, double? Speedup, double Spread);

/// <summary>The roofline of one kernel on one layer.</summary>
/// <param name="By">"multiply-add" or "memory": which takes longer at the rates measured in the same run.</param>
/// <param name="Us">The least time that it allows, microseconds: all multiplications at the peak, or all bytes of
/// weights, activations and results once at the bandwidth of a footprint of that size.</param>
/// <param name="Reached">Us of the bound / Us of the kernel; 1 is the roof. Winograd may pass it.</param>
public sealed record KernelBound(string By, double Us, double Reached);
