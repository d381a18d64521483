using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>All convolutions' weights packed for the forward and the backward pass; shared by all threads.</summary>
internal sealed class WeightTables
{
    private readonly ParameterMap map;
    private readonly List<PlaneOp> convolutions;

    public WeightTables(PlaneProgram program, ParameterMap map)
    {
        this.map = map;
        convolutions = [.. program.Operations.Where(op => op.Operation == PlaneOperation.Convolve)];
        Forward = StepFactory.Weights(program);
        Backward = convolutions.ToDictionary(
            op => op.Node.Name,
            op => ConvolutionPattern.InputGradients(op.Node, program.ChannelsRead(op)).Select(p => new PackedWeights(p)).ToArray());
    }

    public Dictionary<string, PackedWeights> Forward { get; }

    /// <summary>By convolution, one a phase of its stride.</summary>
    public Dictionary<string, PackedWeights[]> Backward { get; }

    /// <summary>Packs one thread's share of the convolutions.</summary>
    public void Pack(float[] parameters, int thread, int threads)
    {
        for (var i = thread; i < convolutions.Count; i += threads)
        {
            var op = convolutions[i];
            var weights = parameters.AsSpan(map.WeightStart(op), Forward[op.Node.Name].Pattern.Weights.Length);
            Forward[op.Node.Name].Pack(weights, parameters.AsSpan(map.BiasStart(op), op.Node.Channels));
            foreach (var gradient in Backward[op.Node.Name]) gradient.Pack(weights, default);
        }
    }
}
