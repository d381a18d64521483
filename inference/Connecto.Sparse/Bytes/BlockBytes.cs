namespace Connecto.Sparse.Bytes;

/// <summary>How a kernel writes bytes by itself.</summary>
/// <param name="Quads">Constants by group; a group is four rows.</param>
/// <param name="LineStep">Bytes from a line's output to the next one's.</param>
internal sealed record BlockBytes(FourScales[] Quads, int LineStep);
