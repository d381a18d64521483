namespace Connecto.Sparse.Bytes;

/// <summary>How a kernel writes bytes by itself.</summary>
/// <param name="Quads">Constants by group; a group is four rows.</param>
/// <param name="LineStep">Bytes from a line's output to the next one's.</param>
internal sealed record BlockBytes(FourScales[] Quads, int LineStep)
{
    /// <summary>Whether any offset is not 0; else nothing need be added.</summary>
    public bool HasOffsets { get; } = Array.Exists(Quads, q => Array.Exists(q.Offsets, o => o != 0));

    /// <summary>Whether the least byte is not 0, to which packing cuts anyway.</summary>
    public bool HasFloor { get; } = Array.Exists(Quads, q => q.Floor != 0);
}
