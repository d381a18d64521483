using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planning;

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

    /// <summary>Why the compiled kernel is expected to be faster, as half a sentence; null where a stream
    /// is.</summary>
    /// <remarks>
    /// A stream spares loads of inputs that several rows share, and pays with some 26 bytes of code a non-zero, which
    /// come from the outer caches anew for every few passes. So it needs enough work an output and enough columns to use
    /// the code on. The thresholds are where the two met on an Ice Lake server core, for M x K x N of 768 x 768 x 128,
    /// 3072 x 768 x 128, 512 x 1024 x 196, 64 x 576 x 4096, 256 x 64 x 3136 and 2048 x 512 x 49 at 50 to 98 % zeros; the
    /// stream then takes 0.55 to 1 of the compiled kernel's time, and else up to three times as long.
    /// </remarks>
    public static string? Drawback(CsrMatrix matrix, int columns)
    {
        var entries = matrix.NonZeros / Math.Max(1.0, matrix.Rows);
        var bytes = 26L * matrix.NonZeros;
        return columns < 80 && bytes > 256 << 10 ? $"{columns} columns use a stream's code too few times"
            : entries < (matrix.Density > 0.3 ? 24 : 48) ? $"{entries:F0} non-zeros a row share too few loads"
            : bytes > 12 << 20 ? $"{matrix.NonZeros} non-zeros make more code than the caches hold"
            : null;
    }

    /// <summary>Why the compiled kernel is expected to be faster at a product, as half a sentence; null where a stream
    /// is.</summary>
    /// <remarks>
    /// A product uses its code on a few passes at a time. Out of a core's own cache it keeps up with the multiply-adds;
    /// what does not fit comes from the shared one at some 5 bytes a cycle, less when other cores use that too. The
    /// compiled kernel reads 8 bytes a non-zero instead of 26. On an Ice Lake server core with 1.25 MB, at 768 inputs,
    /// 90 % zeros and 128 columns: both alike at 768 rows, the stream 10 to 80 % slower at 3072.
    /// </remarks>
    public static string? ProductDrawback(CsrMatrix matrix, int columns) => Drawback(matrix, columns) ??
        (26L * matrix.NonZeros > CacheSizes.OfThisMachine.Second * 5 / 4
            ? $"{matrix.NonZeros} non-zeros make more code than the second-level cache holds" : null);

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
