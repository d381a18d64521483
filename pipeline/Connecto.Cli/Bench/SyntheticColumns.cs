using Connecto.BrainNetworks;

namespace Connecto.Cli.Bench;

/// <summary>Columns of a made-up brain, each worked out when it is asked for, so that a file of any length is written with one in
/// memory: every neuron has the same number of targets, half of them within 500 neurons, the others anywhere; three neurons of ten
/// inhibit; contacts are geometric with a mean of 3.6. Same settings, same columns. One thread.</summary>
internal sealed class SyntheticColumns(int neurons, int targetsPerNeuron, ulong seed) : SynapseColumns
{
    private const int Near = 500;
    private const double MeanContacts = 3.6;

    private readonly int[] _targets = new int[targetsPerNeuron];
    private readonly short[] _contacts = new short[targetsPerNeuron];

    public override int Neurons => neurons;

    public override long Edges => (long)neurons * targetsPerNeuron;

    public override SynapseColumn Of(int neuron)
    {
        var state = Mix(seed + 0x9E3779B97F4A7C15 * ((ulong)neuron + 1));
        var sign = Mix(state) % 10 < 3 ? -1 : 1;
        for (var k = 0; k < targetsPerNeuron; k++)
        {
            var draw = Mix(state += 0x9E3779B97F4A7C15);
            var near = (long)neuron + (long)(draw % (2 * Near)) - Near + neurons;
            _targets[k] = (int)(k % 2 == 0 ? near % neurons : (long)(draw % (ulong)neurons));
            var unit = (Mix(draw) >> 11) * (1.0 / (1UL << 53));
            _contacts[k] = (short)(sign * (1 + (int)Math.Min(1000, Math.Log(1 - unit) / Math.Log(1 - 1 / MeanContacts))));
        }
        _targets.AsSpan().Sort();
        return new SynapseColumn(_targets, _contacts);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
