using Connecto.Sparse.Planes;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse;

/// <summary>One node of a network with weights, and how its kernel was chosen.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Channels">Channels that it reads.</param>
/// <param name="Size">The size of its planes.</param>
/// <param name="Plan">The choice.</param>
public sealed record NetworkLayerPlan(string Name, NetworkOperator Operator, int Channels, Extent Size, LayerPlan Plan)
{
    /// <summary>Plans the layers of a network for one size of its input, in the order of a run.</summary>
    /// <param name="model">The network.</param>
    /// <param name="size">The input's size.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="threads">Threads, 1 or more.</param>
    /// <exception cref="ArgumentException">The network cannot be computed for that size, or there is no
    /// thread.</exception>
    /// <remarks>Convolutions and linear layers only: the others move data, and take little. A session chooses by the same
    /// model. O(weights).</remarks>
    public static IReadOnlyList<NetworkLayerPlan> Of(NetworkModel model, Extent size, MachineProfile machine, int threads = 1)
    {
        var program = new PlaneProgram(model.Graph);
        var geometry = new PlaneGeometry(program, size);
        List<NetworkLayerPlan> layers = [];
        foreach (var op in program.Operations)
            if (op is { Operation: PlaneOperation.Convolve, Convolution: { } convolution })
            {
                var weights = Convolutions.ConvolutionGeometry.Ungroup(
                    model.Tensors[NetworkModel.WeightName(op.Node)].Data, op.Node.Channels, convolution.Inputs, op.Node.Groups);
                var pattern = ConvolutionPattern.Forward(convolution);
                var matrix = SparseWeights.TryCreate(pattern, weights, new float[op.Node.Channels], highestDensity: 1)!.Matrix;
                var shape = ConvolutionChoice.Shape(matrix, geometry.LayoutOf(op.Output).Length, (int)convolution.Kernel.Count);
                layers.Add(new NetworkLayerPlan(
                    op.Node.Name, op.Node.Operator, convolution.Inputs, geometry.SizeOf(op.Output),
                    Planner.Plan(shape, machine, threads, ConvolutionChoice.Variants)));
            }
        return layers;
    }
}
