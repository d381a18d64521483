namespace Connecto.Sparse;

/// <summary>When the steps of a network take turns.</summary>
/// <param name="Bytes">Bytes that one band of a segment's steps writes at most; 0 for no bands.</param>
/// <param name="LeastFloats">Floats a plane that a step has in a band at least: with fewer, tiles are cut to pieces and
/// threads meet too often.</param>
internal sealed record BandOptions(long Bytes, int LeastFloats)
{
    /// <summary>Each step for the whole of its planes.</summary>
    public static BandOptions None { get; } = new(0, 0);

    /// <summary>What sessions use.</summary>
    public static BandOptions Default { get; } = None;
}
