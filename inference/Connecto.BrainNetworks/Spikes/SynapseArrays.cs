using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Columns in memory: 6 bytes an edge and 8 a neuron.</summary>
public sealed class SynapseArrays : SynapseColumns
{
    private readonly long[] _starts;
    private readonly int[] _targets;
    private readonly short[] _contacts;

    private SynapseArrays(long[] starts, int[] targets, short[] contacts) =>
        (_starts, _targets, _contacts) = (starts, targets, contacts);

    /// <summary>Counts the contacts of a connectome with their signs; numbers are the connectome's indices.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="recipe">Its signs and its threshold; weights must be contacts, without scaling, and recurrent.</param>
    /// <exception cref="InvalidDataException">The recipe asks for anything else.</exception>
    public static SynapseArrays From(Connectome connectome, NetworkRecipe recipe) =>
        Copy(new ConnectomeSynapses(connectome, recipe));

    /// <summary>Takes columns into memory, from wherever they come.</summary>
    /// <exception cref="OverflowException">2^31 edges or more.</exception>
    public static SynapseArrays Copy(SynapseColumns columns)
    {
        var (starts, targets, contacts) = (new long[columns.Neurons + 1], new int[checked((int)columns.Edges)], new short[columns.Edges]);
        for (var neuron = 0; neuron < columns.Neurons; neuron++)
        {
            var at = (int)starts[neuron];
            var column = columns.Of(neuron);
            column.Targets.CopyTo(targets.AsSpan(at));
            column.Contacts.CopyTo(contacts.AsSpan(at));
            starts[neuron + 1] = at + column.Targets.Length;
        }
        return new SynapseArrays(starts, targets, contacts);
    }

    /// <inheritdoc/>
    public override int Neurons => _starts.Length - 1;

    /// <inheritdoc/>
    public override long Edges => _targets.Length;

    /// <summary>Bytes of all columns.</summary>
    public long Bytes => 6L * _targets.Length + 8L * _starts.Length;

    /// <inheritdoc/>
    public override SynapseColumn Of(int neuron)
    {
        var (begin, length) = ((int)_starts[neuron], (int)(_starts[neuron + 1] - _starts[neuron]));
        return new SynapseColumn(_targets.AsSpan(begin, length), _contacts.AsSpan(begin, length));
    }
}
