using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>The last step of a recipe: weights times one factor, or one factor a row.</summary>
internal static class WeightScaling
{
    public static (NetworkLayer[] Layers, double Scale, SpectralEstimate? Spectrum) Apply(
        IReadOnlyList<NetworkLayer> layers, NetworkRecipe recipe)
    {
        switch (recipe.Scaling)
        {
            case ScalingRule.InDegree:
                return ([.. layers.Select(layer => Rescale(layer, row => RowFactor(layer.Weights, row, recipe.Gain)))], 1, null);
            case ScalingRule.SpectralRadius:
                // A layered network has no cycle, and so no eigenvalue but 0.
                var spectrum = recipe.Form == NetworkForm.Recurrent
                    ? SpectralEstimate.Of(layers[0].Weights)
                    : new SpectralEstimate(0, 0, true);
                var scale = spectrum.Radius > 0 ? recipe.Gain / spectrum.Radius : 1;
                return ([.. layers.Select(layer => Rescale(layer, _ => scale))], scale, spectrum);
            default:
                return ([.. layers], 1, null);
        }
    }

    private static double RowFactor(CsrMatrix weights, int row, double gain)
    {
        var sum = 0.0;
        foreach (var value in weights.Values[weights.RowStarts[row]..weights.RowStarts[row + 1]]) sum += Math.Abs(value);
        return sum > 0 ? gain / sum : 1;
    }

    private static NetworkLayer Rescale(NetworkLayer layer, Func<int, double> factor)
    {
        var weights = layer.Weights;
        var values = weights.Values.ToArray();
        for (var row = 0; row < weights.Rows; row++)
        {
            var by = factor(row);
            for (var i = weights.RowStarts[row]; i < weights.RowStarts[row + 1]; i++) values[i] = (float)(values[i] * by);
        }
        var scaled = new CsrMatrix(
            weights.Rows, weights.Columns, weights.RowStarts.ToArray(), weights.ColumnIndices.ToArray(), values);
        return new NetworkLayer(layer.Name, layer.FirstRow, scaled, layer.SynapseStarts.ToArray(), layer.SynapseIds.ToArray());
    }
}
