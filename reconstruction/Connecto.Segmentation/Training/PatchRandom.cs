using System.Numerics;

namespace Connecto.Segmentation.Training;

/// <summary>A stream of random numbers that depends on its seeds alone, the same on every machine.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014): a counter through a mixing function, so any (seed, step, patch) starts
/// its own stream at no cost, and a resumed run draws what an uninterrupted one would have.</remarks>
internal struct PatchRandom(ulong seed, ulong step, ulong patch)
{
    private ulong _state = Mix(Mix(Mix(seed + 0x9E3779B97F4A7C15) ^ step) ^ BitOperations.RotateLeft(patch, 32));

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Next(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform in 0 .. count - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>True with that probability.</summary>
    public bool Chance(double probability) => Next() < probability;

    /// <summary>True with that probability; draws nothing where it is 0.</summary>
    public bool IsFault(double probability) => probability > 0 && Chance(probability);

    /// <summary>Normal with mean 0 and deviation 1 (sum of twelve uniforms: bounded, and no special functions).</summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Next();
        return sum;
    }

    /// <summary>A cheap near-normal of deviation 1 for pixel noise, from one draw: the sum of four 16-bit uniforms.</summary>
    public float NextNoise()
    {
        var bits = NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1f / 37837f);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
