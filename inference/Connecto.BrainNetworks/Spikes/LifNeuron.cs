using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Connecto.BrainNetworks;

/// <summary>A neuron between its inputs; half a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LifNeuron
{
    /// <summary>(slow, fast) of <see cref="LifDecay"/> at the anchor, without <see cref="Contacts"/>.</summary>
    public Vector128<double> State;

    /// <summary>While slow is at most this, contacts cannot make it spike: its threshold, in terms of u; minus infinity where that is 0 or less.</summary>
    public double Bound;

    /// <summary>The step that the state is true at, after that step's inputs; ahead of time while refractory, and then nothing reaches it.</summary>
    public int Anchor;

    /// <summary>Signed contacts that reached it at the anchor. Counted apart, so that their order cannot change a bit.</summary>
    public int Contacts;
}
