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
        if (recipe.Sign == SignRule.Transmitters) recipe = recipe with { Transmitters = recipe.Transmitters ?? new() };
        var inputs = recipe.Inputs.Select(id => Find(connectome, id)).ToArray();
        var layers = recipe.Form == NetworkForm.Layered ? GraphLayers.From(connectome, inputs, recipe.Layers) : null;
        var signs = new NeuronSigns(connectome, recipe);
        var (order, rows, unscaled) = Cut(connectome, recipe, signs, layers);
        var (scaled, scale, spectrum) = WeightScaling.Apply(unscaled, recipe);
        return new BrainNetwork(recipe, order.Select(connectome.IdOf).ToArray(), scaled, new NetworkFacts
        {
            Edges = connectome.EdgeCount,
            BelowThreshold = rows.BelowThreshold,
            NotForward = layers is null ? 0 : connectome.EdgeCount - layers.Summary.ForwardEdges - layers.Summary.SkipEdges,
            UnreachedNeurons = layers?.Summary.UnreachedNeurons ?? 0,
            ExcitatoryNeurons = order.Count(neuron => signs.OfNeuron(neuron) > 0),
            Counted = connectome.Provenance,
            Scale = scale,
            Spectrum = spectrum,
            Layering = layers?.Summary,
            Transmitters = signs.Transmitters,
            Locality = NetworkLocality.Of(unscaled),
            LocalityById = recipe.Order == OrderRule.ById ? null
                : NetworkLocality.Of(Cut(connectome, recipe with { Order = OrderRule.ById }, signs, layers).Layers),
        });
    }

    private static (int[] Order, WeightRows Rows, List<NetworkLayer> Layers) Cut(
        Connectome connectome, NetworkRecipe recipe, NeuronSigns signs, GraphLayers? layers)
    {
        var order = NeuronOrdering.Of(connectome, recipe.Order);
        // A stable sort: within a layer the order stays.
        if (layers is not null) order = [.. order.Where(n => layers.LayerOf(n) >= 0).OrderBy(layers.LayerOf)];
        var rows = new WeightRows(connectome, recipe, signs, order);
        List<NetworkLayer> result = [];
        if (layers is null)
            result.Add(rows.Layer("recurrent", 0, order.Length, order.Length));
        else
            for (int layer = 1, first = layers.Depth == 0 ? 0 : layers.Members(0).Length; layer < layers.Depth; layer++)
            {
                result.Add(rows.Layer($"layer-{layer}", first, layers.Members(layer).Length, first));
                first += layers.Members(layer).Length;
            }
        return (order, rows, result);
    }

    private static int Find(Connectome connectome, ulong id)
    {
        var index = connectome.IndexOf(id);
        return index >= 0 ? index : throw new InvalidDataException(
            $"Input {id} is not among the {connectome.NeuronCount} neurons; no network was made.");
    }
}
