namespace Connecto.Sparse;

/// <summary>When the steps of a network take turns.</summary>
/// <param name="Bytes">Bytes that two steps in a row write in one band at most; 0 for no bands.</param>
/// <param name="LeastFloats">Floats a plane that each step has in a band at least: with fewer, tiles are cut to pieces and
/// threads meet too often.</param>
/// <param name="LeastRows">Rows that each step has in a band at least.</param>
internal sealed record BandOptions(long Bytes, int LeastFloats, int LeastRows)
{
    /// <summary>Each step for the whole of its planes.</summary>
    public static BandOptions None { get; } = new(0, 0, 0);

    private static readonly long SecondCache = Planning.CacheSizes.Read().Second;

    /// <summary>What sessions use: threads share a band, and each has a cache of its own.</summary>
    /// <remarks>
    /// Measured on an Ice Lake server core with 1.25 MiB, shares of the time without bands: a chain of depthwise and
    /// pointwise convolutions with residuals, 32 channels of 512 x 512, bound by memory, took 0.70 to 0.80 (0.95 on two
    /// threads); convolutions of 64 channels with 90 % zeros 0.94; a dense U-Net of 16 to 96 channels 0.87 to 1.02 from run
    /// to run (0.94 to 1.13 on two threads), the same with 90 % zeros 0.97 to 1.11, and a chain of 3 x 3 convolutions of 16
    /// channels 0.92 to 1.05, as these are bound by their kernels. Budgets of half the cache and less cost up to 7 %.
    /// </remarks>
    public static BandOptions For(int threads) => new(SecondCache * 3 / 2 * threads, 1024 * threads, 8 * threads);
}
