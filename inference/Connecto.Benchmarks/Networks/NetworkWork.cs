using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>What a network multiplies.</summary>
/// <param name="DenseKmac">Thousand multiply-adds an input pixel, zero weights included.</param>
/// <param name="KeptKmac">The same of the weights that are not zero.</param>
/// <param name="Weights">Weights of convolutions and linear layers, biases left out.</param>
/// <param name="ZeroWeights">How many of them are zero.</param>
public sealed record NetworkWork(double DenseKmac, double KeptKmac, long Weights, long ZeroWeights)
{
    /// <summary>Counts a network's weights.</summary>
    public static NetworkWork Of(NetworkModel model)
    {
        double dense = 0, kept = 0;
        long weights = 0, zeros = 0;
        for (var i = 0; i < model.Nodes.Count; i++)
        {
            if (!OperatorRules.Of(model.Nodes[i].Operator).Weighted || model.Graph.Scale[i + 1] == 0) continue;
            var values = model.Tensors[NetworkModel.WeightName(model.Nodes[i])].Data;
            var nonZeros = 0;
            foreach (var value in values)
                if (value != 0)
                    nonZeros++;
            var pixels = 1000.0 * model.Graph.Scale[i + 1] * model.Graph.Scale[i + 1] * model.Graph.DepthScale[i + 1];
            (dense, kept) = (dense + values.Length / pixels, kept + nonZeros / pixels);
            (weights, zeros) = (weights + values.Length, zeros + values.Length - nonZeros);
        }
        return new NetworkWork(dense, kept, weights, zeros);
    }
}
