using Connecto.Sparse.Planning;

namespace Connecto.Sparse.Planes;

/// <summary>All that the steps of a network need of its tensors, in the order in which kernels read it; shared by the
/// plans of all sizes.</summary>
internal sealed class NetworkWeights
{
    /// <summary>By convolution, of those done densely.</summary>
    public required IReadOnlyDictionary<string, PackedWeights> Packed { get; init; }

    /// <summary>By convolution, of those with few non-zeros.</summary>
    public IReadOnlyDictionary<string, SparseWeights> Sparse { get; init; } = new Dictionary<string, SparseWeights>();

    /// <summary>By BatchNorm that no convolution does.</summary>
    public IReadOnlyDictionary<string, ChannelScale> Scales { get; init; } = new Dictionary<string, ChannelScale>();

    /// <summary>Weight and bias by LayerNorm.</summary>
    public IReadOnlyDictionary<string, (float[] Weight, float[] Bias)> Norms { get; init; } =
        new Dictionary<string, (float[], float[])>();

    /// <summary>Copies a model's weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="program">Its program.</param>
    /// <param name="sparseShare">Share of non-zeros up to which a convolution is done by sparse kernels; null
    /// to ask the cost model. One in groups always is.</param>
    /// <exception cref="InvalidDataException">A norm's statistics give no scale.</exception>
    public static NetworkWeights Of(NetworkModel model, PlaneProgram program, double? sparseShare)
    {
        Dictionary<string, PackedWeights> packed = [];
        Dictionary<string, SparseWeights> sparse = [];
        Dictionary<string, ChannelScale> scales = [];
        Dictionary<string, (float[] Weight, float[] Bias)> norms = [];
        foreach (var op in program.Operations)
        {
            var node = op.Node;
            if (op.Operation == PlaneOperation.BatchNorm) scales.Add(node.Name, new ChannelScale(model, node));
            if (op.Operation == PlaneOperation.LayerNorm)
                norms.Add(node.Name, (
                    (float[])model.Tensors[NetworkModel.WeightName(node)].Data.Clone(),
                    (float[])model.Tensors[NetworkModel.BiasName(node)].Data.Clone()));
            if (op.Operation != PlaneOperation.Convolve) continue;
            var (weights, bias) = (model.Tensors[NetworkModel.WeightName(node)].Data, model.Tensors[NetworkModel.BiasName(node)].Data);
            if (op.Norm is { } norm) (weights, bias) = new ChannelScale(model, norm).Fold(weights, bias);
            weights = Convolutions.ConvolutionGeometry.Ungroup(weights, node.Channels, op.Convolution!.Inputs, node.Groups);
            var pattern = ConvolutionPattern.Forward(op.Convolution);
            if (SparseWeights.TryCreate(pattern, weights, bias, node.Groups > 1 ? 1
                    : sparseShare ?? ConvolutionChoice.SparseShare(weights, node.Channels, op.Convolution.Kernel.Count)) is { } few)
                sparse.Add(node.Name, few);
            else
            {
                var dense = new PackedWeights(pattern);
                dense.Pack(weights, bias);
                packed.Add(node.Name, dense);
            }
        }
        return new NetworkWeights { Packed = packed, Sparse = sparse, Scales = scales, Norms = norms };
    }
}
