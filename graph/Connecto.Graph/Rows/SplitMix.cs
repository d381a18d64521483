namespace Connecto.Graph;

/// <summary>Random numbers by SplitMix64 (Steele, Lea and Flood 2014): a counter, stirred. The same seed and stream give the
/// same numbers on every machine.</summary>
internal struct SplitMix(ulong seed, ulong stream)
{
    private ulong _state = Stir(seed) ^ Stir(stream * 0xD1B54A32D192ED03 + 1);

    public ulong Next() => Stir(_state += 0x9E3779B97F4A7C15);

    /// <summary>0 to below the bound, every value as likely to within bound / 2^64 (Lemire's multiplication).</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>0 (inclusive) to 1 (exclusive), in steps of 2^-53.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Stir(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
