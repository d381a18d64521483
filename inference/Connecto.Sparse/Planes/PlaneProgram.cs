namespace Connecto.Sparse.Planes;

/// <summary>What one operation of a program does.</summary>
internal enum PlaneOperation
{
    Convolve,
    Phases,
    MaxPool,
    Upsample,
    Add,
    Relu,
    Sigmoid,
}

/// <summary>A set of planes of one resolution.</summary>
/// <param name="Channels">Number of planes.</param>
/// <param name="Scale">Input pixels an edge of one pixel.</param>
/// <param name="Parts">For a concatenation, the values that it consists of; it has no planes of its own.</param>
internal sealed record PlaneValue(int Channels, int Scale, int[]? Parts);

/// <summary>One operation: reads values, writes one value.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Node">The node that asked for it; of a convolution, the one with the weights.</param>
/// <param name="Inputs">Values read.</param>
/// <param name="Output">Value written.</param>
/// <param name="Rectified">True for a convolution that also does the Relu behind it.</param>
internal sealed record PlaneOp(PlaneOperation Operation, NetworkNode Node, int[] Inputs, int Output, bool Rectified);

/// <summary>A network as a list of operations on sets of planes, without sizes.</summary>
/// <remarks>A Relu is done by the convolution before it where nobody else reads that convolution; a concatenation is no
/// operation, only a list of planes; a strided convolution reads the phases of its input.</remarks>
internal sealed class PlaneProgram
{
    private readonly List<PlaneValue> values = [];
    private readonly List<PlaneOp> operations = [];

    public PlaneProgram(NetworkGraph graph)
    {
        var readers = new int[graph.Nodes.Length + 1];
        readers[graph.OutputPlace]++;
        for (var place = 1; place < readers.Length; place++)
            foreach (var from in graph.InputsOf(place)) readers[from]++;

        var valueOf = new int[readers.Length];
        Input = valueOf[0] = Declare(graph.Channels[0], 1);
        for (var place = 1; place < valueOf.Length; place++)
        {
            var node = graph.Nodes[place - 1];
            var from = graph.InputsOf(place).ToArray().Select(p => valueOf[p]).ToArray();
            if (readers[place] == 0) valueOf[place] = -1; // nobody reads it, so nothing need be done
            else valueOf[place] = Translate(graph, node, place, from, readers);
        }
        Output = valueOf[graph.OutputPlace];
        Halos = FindHalos();
    }

    public IReadOnlyList<PlaneValue> Values => values;

    public IReadOnlyList<PlaneOp> Operations => operations;

    public int Input { get; }

    public int Output { get; }

    /// <summary>Zeros needed around the planes, by scale.</summary>
    public IReadOnlyDictionary<int, int> Halos { get; }

    /// <summary>The values with planes of their own that a value consists of, in order.</summary>
    public IEnumerable<int> Owners(int value) => values[value].Parts is { } parts ? parts.SelectMany(Owners) : [value];

    /// <summary>Input channels of a convolution, whether strided or not.</summary>
    public int ChannelsRead(PlaneOp op) => values[op.Inputs[0]].Channels / (op.Node.Stride * op.Node.Stride);

    private int Translate(NetworkGraph graph, NetworkNode node, int place, int[] from, int[] readers)
    {
        var (channels, scale) = (graph.Channels[place], graph.Scale[place]);
        switch (node.Operator)
        {
            case NetworkOperator.Concat:
                values.Add(new PlaneValue(channels, scale, from));
                return values.Count - 1;
            case NetworkOperator.Conv2d when node.Stride > 1:
                var inputs = values[from[0]].Channels;
                var phases = Emit(PlaneOperation.Phases, node, from, inputs * node.Stride * node.Stride, scale);
                return Emit(PlaneOperation.Convolve, node, [phases], channels, scale);
            case NetworkOperator.Relu when Rectifies(from[0], readers[graph.InputsOf(place)[0]]):
                var last = operations.FindIndex(op => op.Output == from[0]);
                operations[last] = operations[last] with { Rectified = true };
                return from[0];
            default:
                return Emit(OperationOf(node.Operator), node, from, channels, scale);
        }
    }

    private bool Rectifies(int value, int readers) =>
        readers == 1 && operations.Exists(op => op.Output == value && op.Operation == PlaneOperation.Convolve && !op.Rectified);

    private int Emit(PlaneOperation operation, NetworkNode node, int[] from, int channels, int scale)
    {
        var value = Declare(channels, scale);
        operations.Add(new PlaneOp(operation, node, from, value, Rectified: false));
        return value;
    }

    private int Declare(int channels, int scale)
    {
        values.Add(new PlaneValue(channels, scale, null));
        return values.Count - 1;
    }

    private Dictionary<int, int> FindHalos()
    {
        Dictionary<int, int> halos = [];
        foreach (var value in values) halos.TryAdd(value.Scale, 0);
        foreach (var op in operations)
            if (op.Operation == PlaneOperation.Convolve)
            {
                // Enough for the gradient too, whose taps are mirrored.
                var reach = op.Node.Kernel - 1 - NetworkGraph.Before(op.Node.Kernel);
                var halo = (reach + op.Node.Stride - 1) / op.Node.Stride;
                var scale = values[op.Output].Scale;
                halos[scale] = Math.Max(halos[scale], halo);
            }
        return halos;
    }

    private static PlaneOperation OperationOf(NetworkOperator op) => op switch
    {
        NetworkOperator.Conv2d => PlaneOperation.Convolve,
        NetworkOperator.MaxPool2d => PlaneOperation.MaxPool,
        NetworkOperator.Upsample2d => PlaneOperation.Upsample,
        NetworkOperator.Add => PlaneOperation.Add,
        NetworkOperator.Relu => PlaneOperation.Relu,
        NetworkOperator.Sigmoid => PlaneOperation.Sigmoid,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "No operation of its own."),
    };
}
