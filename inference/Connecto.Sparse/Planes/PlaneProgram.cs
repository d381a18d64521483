using Connecto.Sparse.Convolutions;

namespace Connecto.Sparse.Planes;

/// <summary>What one operation of a program does.</summary>
internal enum PlaneOperation
{
    Convolve,
    Phases,
    MaxPool,
    AveragePool,
    GlobalPool,
    Upsample,
    Bilinear,
    Add,
    Relu,
    Sigmoid,
    Tanh,
    Gelu,
    BatchNorm,
    LayerNorm,
    Softmax,
}

/// <summary>A set of planes of one size.</summary>
/// <param name="Channels">Number of planes.</param>
/// <param name="Place">The place of the graph whose size they have.</param>
/// <param name="Divisor">What that size is divided by, rounded up: the stride for the phases of a
/// convolution's input.</param>
/// <param name="Parts">For a concatenation, the values that it consists of; it has no planes of its own.</param>
internal sealed record PlaneValue(int Channels, int Place, Extent Divisor, int[]? Parts);

/// <summary>One operation: reads values, writes one value.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Node">The node that asked for it; of a convolution, the one with the weights.</param>
/// <param name="Inputs">Values read.</param>
/// <param name="Output">Value written.</param>
internal sealed record PlaneOp(PlaneOperation Operation, NetworkNode Node, int[] Inputs, int Output)
{
    /// <summary>True for a convolution or a sum that also does the Relu behind it.</summary>
    public bool Rectified { get; init; }

    /// <summary>The BatchNorm that a convolution also does, in its weights.</summary>
    public NetworkNode? Norm { get; init; }

    /// <summary>The convolution's numbers; null for others.</summary>
    public ConvolutionGeometry? Convolution { get; init; }
}

/// <summary>A network as a list of operations on sets of planes, without sizes.</summary>
/// <remarks>
/// Where nobody else reads what lies between, a Relu is done by the convolution or sum before it and a BatchNorm by the
/// convolution before it. A concatenation is no operation, only a list of planes; a strided convolution reads the phases
/// of its input.
/// </remarks>
internal sealed class PlaneProgram
{
    private readonly List<PlaneValue> values = [];
    private readonly List<PlaneOp> operations = [];

    public PlaneProgram(NetworkGraph graph)
    {
        Graph = graph;
        var readers = new int[graph.Nodes.Length + 1];
        readers[graph.OutputPlace]++;
        for (var place = 1; place < readers.Length; place++)
            foreach (var from in graph.InputsOf(place)) readers[from]++;

        var valueOf = new int[readers.Length];
        Input = valueOf[0] = Declare(graph.Channels[0], 0);
        for (var place = 1; place < valueOf.Length; place++)
        {
            var node = graph.Nodes[place - 1];
            var from = graph.InputsOf(place).ToArray().Select(p => valueOf[p]).ToArray();
            if (readers[place] == 0) valueOf[place] = -1; // nobody reads it, so nothing need be done
            else valueOf[place] = Translate(node, place, from, readers[graph.InputsOf(place)[0]]);
        }
        Output = valueOf[graph.OutputPlace];
    }

    public NetworkGraph Graph { get; }

    public IReadOnlyList<PlaneValue> Values => values;

    public IReadOnlyList<PlaneOp> Operations => operations;

    public int Input { get; }

    public int Output { get; }

    /// <summary>The values with planes of their own that a value consists of, in order.</summary>
    public IEnumerable<int> Owners(int value) => values[value].Parts is { } parts ? parts.SelectMany(Owners) : [value];

    /// <summary>Input channels of a convolution, whether strided or not.</summary>
    public int ChannelsRead(PlaneOp op) => op.Convolution!.Inputs;

    private int Translate(NetworkNode node, int place, int[] from, int readersOfFirst)
    {
        switch (node.Operator)
        {
            case NetworkOperator.Concat:
                values.Add(new PlaneValue(Graph.Channels[place], place, Extent.Cube(1), from));
                return values.Count - 1;
            case NetworkOperator.Conv2d or NetworkOperator.Conv3d or NetworkOperator.Linear:
                return Convolve(node, place, from);
            case NetworkOperator.Relu when Writer(from[0], readersOfFirst) is { } last
                && operations[last] is { Rectified: false, Operation: PlaneOperation.Convolve or PlaneOperation.Add }:
                operations[last] = operations[last] with { Rectified = true };
                return from[0];
            case NetworkOperator.BatchNorm when Writer(from[0], readersOfFirst) is { } last
                && operations[last] is { Rectified: false, Norm: null, Operation: PlaneOperation.Convolve }:
                operations[last] = operations[last] with { Norm = node };
                return from[0];
            default:
                return Emit(new PlaneOp(OperationOf(node.Operator), node, from, Declare(Graph.Channels[place], place)));
        }
    }

    private int Convolve(NetworkNode node, int place, int[] from)
    {
        var geometry = ConvolutionGeometry.Of(node, values[from[0]].Channels);
        if (geometry.Phases > 1)
        {
            var phases = Declare(geometry.Inputs * geometry.Phases, values[from[0]].Place, geometry.Stride);
            from = [Emit(new PlaneOp(PlaneOperation.Phases, node, from, phases) { Convolution = geometry })];
        }
        var output = Declare(node.Channels, place);
        return Emit(new PlaneOp(PlaneOperation.Convolve, node, from, output) { Convolution = geometry });
    }

    /// <summary>The operation that writes a value with one reader.</summary>
    private int? Writer(int value, int readers)
    {
        if (readers != 1) return null;
        var last = operations.FindIndex(op => op.Output == value);
        return last < 0 ? null : last;
    }

    private int Emit(PlaneOp op)
    {
        operations.Add(op);
        return op.Output;
    }

    private int Declare(int channels, int place, Extent? divisor = null)
    {
        values.Add(new PlaneValue(channels, place, divisor ?? Extent.Cube(1), null));
        return values.Count - 1;
    }

    private static PlaneOperation OperationOf(NetworkOperator op) => op switch
    {
        NetworkOperator.MaxPool2d or NetworkOperator.MaxPool3d => PlaneOperation.MaxPool,
        NetworkOperator.AveragePool2d or NetworkOperator.AveragePool3d => PlaneOperation.AveragePool,
        NetworkOperator.GlobalAveragePool => PlaneOperation.GlobalPool,
        NetworkOperator.Upsample2d or NetworkOperator.Upsample3d => PlaneOperation.Upsample,
        NetworkOperator.UpsampleBilinear2d => PlaneOperation.Bilinear,
        NetworkOperator.Add => PlaneOperation.Add,
        NetworkOperator.Relu => PlaneOperation.Relu,
        NetworkOperator.Sigmoid => PlaneOperation.Sigmoid,
        NetworkOperator.Tanh => PlaneOperation.Tanh,
        NetworkOperator.Gelu => PlaneOperation.Gelu,
        NetworkOperator.BatchNorm => PlaneOperation.BatchNorm,
        NetworkOperator.LayerNorm => PlaneOperation.LayerNorm,
        NetworkOperator.Softmax => PlaneOperation.Softmax,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "No operation of its own."),
    };
}
