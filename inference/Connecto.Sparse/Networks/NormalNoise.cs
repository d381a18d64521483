namespace Connecto.Sparse;

/// <summary>Normal deviates from a seed: SplitMix64 (Steele et al., OOPSLA 2014) through Box-Muller.</summary>
/// <remarks>An own generator, since a model's starting weights must not change with the runtime's.</remarks>
internal sealed class NormalNoise(ulong seed)
{
    private ulong state = seed;

    public double Next()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        return radius * Math.Cos(2 * Math.PI * Uniform());
    }

    private double Uniform()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1ul << 53));
    }
}
