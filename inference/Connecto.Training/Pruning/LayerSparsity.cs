using Connecto.Sparse;

namespace Connecto.Training;

/// <summary>How sparse one layer of a network is, and what it costs.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Weights">Its weights, biases not counted.</param>
/// <param name="Zeros">Those that are 0.</param>
/// <param name="ZeroBlocks">Those that lie in blocks of four input channels of one tap that are 0 throughout.</param>
/// <param name="MultiplyAdds">Multiply-adds an input pixel, zeros included.</param>
public sealed record LayerSparsity(string Name, int Weights, int Zeros, int ZeroBlocks, double MultiplyAdds)
{
    /// <summary>Multiply-adds an input pixel without those by 0.</summary>
    public double SparseMultiplyAdds => MultiplyAdds * (Weights - Zeros) / Weights;

    /// <summary>Multiply-adds an input pixel without those by blocks of 0.</summary>
    public double BlockMultiplyAdds => MultiplyAdds * (Weights - ZeroBlocks) / Weights;

    /// <summary>The convolutions and linear layers of a network, in the order of computation.</summary>
    public static IReadOnlyList<LayerSparsity> Of(NetworkModel model)
    {
        var layers = new List<LayerSparsity>();
        for (var i = 0; i < model.Nodes.Count; i++)
        {
            if (!OperatorRules.Of(model.Nodes[i].Operator).Weighted) continue;
            var tensor = model.Tensors[NetworkModel.WeightName(model.Nodes[i])];
            var layer = PrunableLayer.Of(tensor, start: 0);
            var blocks = layer.Groups(PruningPattern.Blocks).Sum(first =>
            {
                var size = layer.GroupSize(first, PruningPattern.Blocks);
                return Enumerable.Range(0, size).All(k => tensor.Data[first + k * layer.ChannelStep] == 0) ? size : 0;
            });
            var scale = model.Graph.Scale[i + 1];
            var pixels = scale > 0 ? (double)scale * scale * model.Graph.DepthScale[i + 1] : double.PositiveInfinity;
            layers.Add(new(model.Nodes[i].Name, layer.Length, tensor.Data.Count(v => v == 0), blocks, layer.Length / pixels));
        }
        return layers;
    }
}
