using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>A connectome's edges as columns, made when they are asked for, one at a time: what writing a file of them needs.
/// Neither safe from several threads nor valid beyond the next column.</summary>
internal sealed class ConnectomeSynapses : SynapseColumns
{
    private readonly Connectome _connectome;
    private readonly NetworkRecipe _recipe;
    private readonly NeuronSigns _signs;
    private int[] _targets = [];
    private short[] _contacts = [];

    public ConnectomeSynapses(Connectome connectome, NetworkRecipe recipe)
    {
        Check(recipe);
        (_connectome, _recipe, _signs) = (connectome, recipe, new NeuronSigns(connectome, recipe));
        foreach (var count in connectome.ContactCounts) Edges += Entries(count, recipe);
    }

    public override int Neurons => _connectome.NeuronCount;

    public override long Edges { get; }

    public override SynapseColumn Of(int neuron)
    {
        var at = 0;
        var posts = _connectome.Partners(neuron, Direction.Out);
        for (var k = 0; k < posts.Length; k++)
        {
            var edge = _connectome.EdgeTo(neuron, Direction.Out, k);
            var left = _connectome.ContactCounts[edge];
            for (var entry = Entries(left, _recipe); entry > 0; entry--, at++)
            {
                if (at == _targets.Length)
                {
                    Array.Resize(ref _targets, Math.Max(64, 2 * at));
                    Array.Resize(ref _contacts, _targets.Length);
                }
                var some = Math.Min(left, short.MaxValue);
                (_targets[at], _contacts[at]) = (posts[k], (short)(_signs.OfEdge(edge) * some));
                left -= some;
            }
        }
        return new SynapseColumn(_targets.AsSpan(0, at), _contacts.AsSpan(0, at));
    }

    private static void Check(NetworkRecipe recipe)
    {
        recipe.Check();
        if (recipe.Weight != WeightSource.Contacts || recipe.Scaling != ScalingRule.None || recipe.Form != NetworkForm.Recurrent)
            throw new InvalidDataException(
                $"A spiking network counts contacts, unscaled and recurrent, but the recipe '{recipe.Name}' has {recipe.Weight}, {recipe.Scaling} and {recipe.Form}; nothing was run.");
    }

    // An edge of more contacts than 16 bits hold comes several times.
    private static int Entries(int contacts, NetworkRecipe recipe) =>
        contacts < recipe.Threshold ? 0 : (contacts + short.MaxValue - 1) / short.MaxValue;
}
