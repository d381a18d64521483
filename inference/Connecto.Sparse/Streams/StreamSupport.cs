using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Streams;

/// <summary>Says where instruction streams can be used.</summary>
internal static class StreamSupport
{
    /// <summary>More non-zeros than this would be some 100 MB of code.</summary>
    public const int MostNonZeros = 4 << 20;

    /// <summary>Why no stream can do this product, as half a sentence; null where one can.</summary>
    public static string? Obstacle(CsrMatrix matrix, int columns) =>
        MachineObstacle ?? (matrix.NonZeros > MostNonZeros ? $"{matrix.NonZeros} non-zeros are more than {MostNonZeros}"
            : (matrix.Rows + 1L) * columns * sizeof(float) > int.MaxValue / 2 ? "the output is larger than 1 GB"
            : (matrix.Columns + 1L) * 256 > int.MaxValue / 2 ? "the input has too many rows"
            : null);

    /// <summary>Why no stream can run on this machine; null where one can.</summary>
    // Generated for the System V calling convention, where all vector registers are the callee's to use.
    public static string? MachineObstacle { get; } =
        !KernelTable.StreamsAllowed ? $"{KernelTable.Variable} forces another kernel"
        : RuntimeInformation.ProcessArchitecture != Architecture.X64 || !Avx512F.IsSupported || !Avx512DQ.IsSupported
            ? "the machine has no AVX-512, or it is switched off"
        : OperatingSystem.IsWindows() ? "the code is not made for Windows' calling convention"
        : null;

    /// <summary>Why no stream of bytes can run on this machine; null where one can.</summary>
    // .NET 10 has no property for 512-bit VNNI: leaf 7, ECX bit 11.
    public static string? BytesObstacle { get; } = MachineObstacle ??
        ((X86Base.CpuId(7, 0).Ecx & 1 << 11) == 0 ? "the machine has no 512-bit VNNI" : null);
}
