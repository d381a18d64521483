namespace Connecto.Sparse;

/// <summary>When the steps of a network take turns.</summary>
/// <param name="Bytes">Bytes that the steps of a segment write in one band at most; 0 for no bands.</param>
/// <param name="LeastFloats">Floats a plane that each step has in a band at least: with fewer, tiles are cut to pieces and
/// threads meet too often.</param>
/// <param name="LeastRows">Rows that each step has in a band at least.</param>
internal sealed record BandOptions(long Bytes, int LeastFloats, int LeastRows)
{
    /// <summary>Each step for the whole of its planes.</summary>
    public static BandOptions None { get; } = new(0, 0, 0);

    /// <summary>What sessions use: threads share a band, and each has a cache of its own.</summary>
    /// <remarks>What a step has written is read once or twice soon after and then left, so that a segment may write
    /// somewhat more than the cache holds: on an Ice Lake server core with 1.25 MiB, budgets of 0.5, 1, 2 and 4 MiB took
    /// 1.01, 0.94, 0.90 and 0.92 of the time without bands (a U-Net of 16 to 96 channels, 512 x 512).</remarks>
    public static BandOptions For(int threads) => new(PrivateCache.Bytes * 3 / 2 * threads, 2048 * threads, 8 * threads);
}
