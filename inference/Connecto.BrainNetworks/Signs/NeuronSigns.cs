using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Excitatory or inhibitory: by the edge's own sign, by the neuron's transmitter, or by a hash of seed and id
/// (SplitMix64, Steele et al. 2014), which has no state and no order.</summary>
internal sealed class NeuronSigns
{
    private readonly Connectome _connectome;
    private readonly sbyte[] _ofNeuron;
    private readonly bool _byEdge;

    public NeuronSigns(Connectome connectome, NetworkRecipe recipe)
    {
        _connectome = connectome;
        _byEdge = recipe.Sign == SignRule.Edges;
        if (recipe.Sign == SignRule.Transmitters) (_ofNeuron, Transmitters) = (recipe.Transmitters ?? new()).Signs(connectome);
        else
        {
            _ofNeuron = new sbyte[connectome.NeuronCount];
            for (var n = 0; n < _ofNeuron.Length; n++)
                _ofNeuron[n] = (sbyte)(_byEdge ? OfContacts(n) : Drawn(connectome.IdOf(n), recipe));
        }
    }

    /// <summary>Neurons by transmitter; null where signs come from elsewhere.</summary>
    public IReadOnlyList<TransmitterCount>? Transmitters { get; }

    /// <summary>The sign of an edge's weight.</summary>
    public int OfEdge(int edge) => _byEdge ? OwnSign(edge) : _ofNeuron[_connectome.Pre[edge]];

    /// <summary>The sign of a neuron; where edges have their own, that of most of its contacts, 1 if as many excite.</summary>
    public int OfNeuron(int neuron) => _ofNeuron[neuron];

    private int OwnSign(int edge) => _connectome.Signs.IsEmpty || _connectome.Signs[edge] >= 0 ? 1 : -1;

    private int OfContacts(int neuron)
    {
        var balance = 0L;
        for (var k = 0; k < _connectome.Degree(neuron, Direction.Out); k++)
        {
            var edge = _connectome.EdgeTo(neuron, Direction.Out, k);
            balance += OwnSign(edge) * (long)_connectome.ContactCounts[edge];
        }
        return balance >= 0 ? 1 : -1;
    }

    private static int Drawn(ulong neuron, NetworkRecipe recipe)
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
