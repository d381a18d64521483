namespace Connecto.BrainNetworks;

/// <summary>Excitatory or inhibitory, by a hash of seed and id (SplitMix64, Steele et al. 2014): no state, no order.</summary>
internal static class NeuronSigns
{
    public static int Of(ulong neuron, NetworkRecipe recipe)
    {
        if (recipe.Sign == SignRule.Unsigned) return 1;
        var draw = Mix(neuron ^ Mix((ulong)recipe.Seed + 0x9E3779B97F4A7C15)) >> 11;
        return draw < recipe.ExcitatoryFraction * (1UL << 53) ? 1 : -1;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
