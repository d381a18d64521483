using System.Runtime.CompilerServices;

namespace Connecto.Phantom;

/// <summary>Random numbers as a pure function of (seed, place): a counter-based hash, no state.</summary>
/// <remarks>The mixer is the finalizer of SplitMix64 (Steele, Lea, Flood 2014). Any slice or region can be made alone
/// and comes out the same.</remarks>
internal static class PlaceRandom
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong key, ulong a) => Mix(key + 0x9E3779B97F4A7C15UL * (a + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong key, int z, int y, int x) =>
        Mix(Mix(key + 0x9E3779B97F4A7C15UL * (uint)z + 0xD1B54A32D192ED03UL * (uint)y) + 0x8CB92BA72F3D8DD7UL * (uint)x);

    /// <summary>Uniform in [0, 1) from 24 bits of a hash that start at <paramref name="bit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Unit(ulong hash, int bit = 0) => ((hash >> bit) & 0xFFFFFF) * (1f / 16777216f);

    /// <summary>Nearly normal, mean 0, variance 1: a sum of four 16-bit uniforms. Bounded by 3.46.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Normal(ulong hash)
    {
        var sum = (int)(hash & 0xFFFF) + (int)((hash >> 16) & 0xFFFF) + (int)((hash >> 32) & 0xFFFF) + (int)(hash >> 48);
        return (sum - 131070) * (1.7320508f / 65536f);
    }
}
