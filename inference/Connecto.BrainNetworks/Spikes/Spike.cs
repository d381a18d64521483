namespace Connecto.BrainNetworks;

/// <summary>A spike.</summary>
/// <param name="Step">The step, from 0; its time is step times the length of a step.</param>
/// <param name="Neuron">Number of the neuron.</param>
public readonly record struct Spike(int Step, int Neuron) : IComparable<Spike>
{
    /// <summary>By step, then by neuron.</summary>
    public int CompareTo(Spike other) => Step != other.Step ? Step.CompareTo(other.Step) : Neuron.CompareTo(other.Neuron);
}
