using System.Runtime.InteropServices;

namespace Connecto.Benchmarks;

/// <summary>The layer as a peer's library sees it; the same fields in the same order as in peer.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PeerProblem
{
    public int Kind, Precision, Threads, M, K, N, Channels, Kernel, Height, Width;
    public nint Weights, RowStarts, Columns, Values;
}
