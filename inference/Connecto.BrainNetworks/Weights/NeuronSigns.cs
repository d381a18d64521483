using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Excitatory or inhibitory, by a hash of seed and id (SplitMix64, Steele et al. 2014): no state, no order.</summary>
internal static class NeuronSigns
{
    /// <summary>The sign of an edge's weight.</summary>
    public static int OfEdge(Connectome connectome, int edge, NetworkRecipe recipe) => recipe.Sign == SignRule.Edges
        ? connectome.Signs.IsEmpty || connectome.Signs[edge] >= 0 ? 1 : -1
        : Of(connectome.IdOf(connectome.Pre[edge]), recipe);

    /// <summary>The sign of a neuron; where edges have their own, that of most of its contacts, 1 if as many excite.</summary>
    public static int OfNeuron(Connectome connectome, ulong neuron, NetworkRecipe recipe)
    {
        if (recipe.Sign != SignRule.Edges) return Of(neuron, recipe);
        var (at, balance) = (connectome.IndexOf(neuron), 0L);
        for (var k = 0; k < connectome.Degree(at, Direction.Out); k++)
        {
            var edge = connectome.EdgeTo(at, Direction.Out, k);
            balance += OfEdge(connectome, edge, recipe) * (long)connectome.ContactCounts[edge];
        }
        return balance >= 0 ? 1 : -1;
    }

    private static int Of(ulong neuron, NetworkRecipe recipe)
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
