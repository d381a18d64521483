using System.Runtime.Intrinsics.X86;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>Says where the generated kernels can be used.</summary>
internal static class DecodeSupport
{
    private const long MostInputBytes = 1 << 30;

    /// <summary>Why no generated kernel can do it, as half a sentence; null where one can.</summary>
    public static string? Obstacle(DecodeShape shape, int rows, int columns) =>
        shape.Format switch
        {
            DecodeFormat.MaskedFloats => StreamSupport.MachineObstacle,
            DecodeFormat.DenseBytes => StreamSupport.BytesObstacle,
            DecodeFormat.MaskedHalves => StreamSupport.MachineObstacle ?? ExpansionObstacle,
            _ => StreamSupport.BytesObstacle ?? ExpansionObstacle,
        } ?? (rows == 0 || columns == 0 ? "there is nothing to multiply"
            : (columns + 64L) * shape.InputBytes * shape.Batch > MostInputBytes ? "the vectors are larger than 1 GB" : null);

    /// <summary>The same for weights in groups.</summary>
    public static string? Obstacle(GroupedMatrix matrix, GroupedShape shape) => StreamSupport.BytesObstacle ??
        (matrix.Rows == 0 || matrix.Columns == 0 ? "there is nothing to multiply"
            : (matrix.Columns + 512L) * shape.Batch > MostInputBytes ? "the vectors are larger than 1 GB" : null);

    internal static string? ExpansionObstacle { get; } =
        Avx512Vbmi2.IsSupported && Avx512BW.IsSupported ? null : "the machine has no expansion of bytes (AVX-512 VBMI2)";
}
