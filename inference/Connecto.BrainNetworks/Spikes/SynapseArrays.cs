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
    public static SynapseArrays From(Connectome connectome, NetworkRecipe recipe)
    {
        recipe.Check();
        if (recipe.Weight != WeightSource.Contacts || recipe.Scaling != ScalingRule.None || recipe.Form != NetworkForm.Recurrent)
            throw new InvalidDataException(
                $"A spiking network counts contacts, unscaled and recurrent, but the recipe '{recipe.Name}' has {recipe.Weight}, {recipe.Scaling} and {recipe.Form}; nothing was run.");
        var counts = connectome.ContactCounts;
        var entries = 0L;
        for (var edge = 0; edge < counts.Length; edge++) entries += Entries(counts[edge], recipe);
        var (starts, targets, contacts) = (new long[connectome.NeuronCount + 1], new int[entries], new short[entries]);
        var (signs, at) = (new NeuronSigns(connectome, recipe), 0);
        for (var neuron = 0; neuron < connectome.NeuronCount; neuron++)
        {
            starts[neuron] = at;
            var posts = connectome.Partners(neuron, Direction.Out);
            for (var k = 0; k < posts.Length; k++)
            {
                var edge = connectome.EdgeTo(neuron, Direction.Out, k);
                var sign = signs.OfEdge(edge);
                for (var (entry, left) = (Entries(counts[edge], recipe), counts[edge]); entry > 0; entry--)
                {
                    var some = Math.Min(left, short.MaxValue);
                    (targets[at], contacts[at++]) = (posts[k], (short)(sign * some));
                    left -= some;
                }
            }
        }
        starts[^1] = at;
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

    // An edge of more contacts than 16 bits hold comes several times.
    private static int Entries(int contacts, NetworkRecipe recipe) =>
        contacts < recipe.Threshold ? 0 : (contacts + short.MaxValue - 1) / short.MaxValue;
}
