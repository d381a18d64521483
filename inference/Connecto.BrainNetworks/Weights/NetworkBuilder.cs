using Connecto.Graph;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>From edges to weights: the edges into each neuron of the network's order are its row; those that the layers or
/// the threshold leave out are counted; sign and scale come last, so that a threshold means contacts and not units.</summary>
internal static class NetworkBuilder
{
    public static BrainNetwork Build(Connectome connectome, NetworkRecipe recipe)
    {
        recipe.Check();
        var inputs = recipe.Inputs.Select(id => Find(connectome, id)).ToArray();
        var layers = recipe.Form == NetworkForm.Layered ? GraphLayers.From(connectome, inputs, recipe.Layers) : null;
        int[] order = layers is null
            ? [.. Enumerable.Range(0, connectome.NeuronCount)]
            : [.. Enumerable.Range(0, layers.Depth).SelectMany(l => layers.Members(l).ToArray())];
        var neurons = order.Select(connectome.IdOf).ToArray();
        var rows = new WeightRows(connectome, recipe, order);
        List<NetworkLayer> result = [];
        if (layers is null)
            result.Add(rows.Layer("recurrent", 0, order.Length, order.Length));
        else
            for (int layer = 1, first = layers.Members(0).Length; layer < layers.Depth; layer++)
            {
                result.Add(rows.Layer($"layer-{layer}", first, layers.Members(layer).Length, first));
                first += layers.Members(layer).Length;
            }
        var (scaled, scale, spectrum) = WeightScaling.Apply(result, recipe);
        return new BrainNetwork(recipe, neurons, scaled, new NetworkFacts
        {
            Edges = connectome.EdgeCount,
            BelowThreshold = rows.BelowThreshold,
            NotForward = layers is null ? 0 : connectome.EdgeCount - layers.Summary.ForwardEdges - layers.Summary.SkipEdges,
            UnreachedNeurons = layers?.Summary.UnreachedNeurons ?? 0,
            ExcitatoryNeurons = neurons.Count(id => NeuronSigns.OfNeuron(connectome, id, recipe) > 0),
            Counted = connectome.Provenance,
            Scale = scale,
            Spectrum = spectrum,
            Layering = layers?.Summary,
        });
    }

    private static int Find(Connectome connectome, ulong id)
    {
        var index = connectome.IndexOf(id);
        return index >= 0 ? index : throw new InvalidDataException(
            $"Input {id} is not among the {connectome.NeuronCount} neurons; no network was made.");
    }
}
