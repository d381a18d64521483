namespace Connecto.Sparse.Bytes;

/// <summary>The register tile of a kernel for blocks of bytes.</summary>
/// <param name="Rows">Output rows of a group, 1 to 4.</param>
/// <param name="Vectors">Vectors of 16 columns of a pass.</param>
/// <param name="Step">Bytes from one vector's input to the next one's.</param>
/// <param name="LineVectors">Vectors of a line of pixels; a multiple of it begins a new line.</param>
/// <param name="LineStep">Bytes from a line's input to the next one's.</param>
/// <remarks>
/// Sums take Rows * Vectors registers of 32, weights Rows, inputs the rest. An Ice Lake server core does 5.0 vpdpbusd of whole
/// registers a nanosecond but only 3.6 loads, and memory operands of the former run at 2.1 to 2.9: so inputs are loaded
/// apart, and shared by the rows of a group wherever two use the same.
/// </remarks>
internal readonly record struct BlockShape(int Rows, int Vectors, int Step, int LineVectors, int LineStep)
{
    /// <summary>Vectors that a tile of so many rows has room for.</summary>
    public static int MostVectors(int rows) => rows switch { 4 => 6, 3 => 9, 2 => 13, _ => 26 };

    /// <summary>Bytes from the first vector's input to another's.</summary>
    public int Place(int vector) => vector / LineVectors * LineStep + vector % LineVectors * Step;

    /// <summary>32-bit sums of a group.</summary>
    public int Sums => Rows * Vectors * 16;
}
