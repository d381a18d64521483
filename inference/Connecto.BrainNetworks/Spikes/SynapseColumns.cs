namespace Connecto.BrainNetworks;

/// <summary>Where the columns of a spiking network's weights come from: memory, a mapped file, a part of a graph.</summary>
/// <remarks>
/// The column of neuron j holds what a spike of j does, and a run asks for the columns of neurons that spiked and for no others, so
/// the columns of silent neurons need never be read. A run asks from several threads at once, and for the same column once
/// for every thread and once again for every spike. The weights of the matrix stand in row target, column j.
/// </remarks>
public abstract class SynapseColumns
{
    /// <summary>Neurons, presynaptic and postsynaptic alike.</summary>
    public abstract int Neurons { get; }

    /// <summary>Entries of all columns.</summary>
    public abstract long Edges { get; }

    /// <summary>The column of a neuron.</summary>
    /// <param name="neuron">0 to <see cref="Neurons"/> - 1.</param>
    /// <returns>Spans that stay valid while this object lives.</returns>
    /// <remarks>Must be safe from several threads.</remarks>
    public abstract SynapseColumn Of(int neuron);
}

/// <summary>What a neuron's spike does.</summary>
/// <param name="targets">Postsynaptic neurons, ascending; one may come twice, and its contacts add up.</param>
/// <param name="contacts">Contacts with each, negative where they inhibit; as many.</param>
public readonly ref struct SynapseColumn(ReadOnlySpan<int> targets, ReadOnlySpan<short> contacts)
{
    /// <summary>Postsynaptic neurons, ascending.</summary>
    public ReadOnlySpan<int> Targets { get; } = targets;

    /// <summary>Contacts with each, negative where they inhibit.</summary>
    public ReadOnlySpan<short> Contacts { get; } = contacts;

    /// <summary>The part of the column with targets from one neuron to before another; two binary searches.</summary>
    public SynapseColumn Within(int begin, int end)
    {
        var (from, to) = (LowerBound(begin), LowerBound(end));
        return new SynapseColumn(Targets[from..to], Contacts[from..to]);
    }

    private int LowerBound(int target)
    {
        var (low, high) = (0, Targets.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Targets[middle] < target) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
