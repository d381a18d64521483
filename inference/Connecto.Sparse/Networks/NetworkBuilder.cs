namespace Connecto.Sparse;

/// <summary>Writes a network's graph node by node, and gives it starting weights.</summary>
/// <remarks>Every method adds one node and returns its name, to be handed to the next.</remarks>
/// <example><code> var net = new NetworkBuilder(inputs: 7); var x = net.Conv2d("first", NetworkModel.InputName,
/// channels: 16, kernel: 3); x = net.Sigmoid("probability", net.Conv2d("last", net.Relu("first.relu", x), channels:
/// 5, kernel: 1)); NetworkModel model = net.Build(x, seed: 1);
/// </code></example>
public sealed class NetworkBuilder
{
    private readonly int inputs;
    private readonly List<NetworkNode> nodes = [];

    /// <summary>Starts a network.</summary>
    /// <param name="inputs">Input channels.</param>
    public NetworkBuilder(int inputs) => this.inputs = inputs;

    /// <summary>Adds a convolution with a square kernel, padding "same" and a bias.</summary>
    public string Conv2d(string name, string input, int channels, int kernel, int stride = 1) =>
        Append(new NetworkNode
        {
            Name = name,
            Operator = NetworkOperator.Conv2d,
            Inputs = [input],
            Channels = channels,
            Kernel = kernel,
            Stride = stride,
        });

    /// <summary>Adds max(x, 0).</summary>
    public string Relu(string name, string input) => Append(name, NetworkOperator.Relu, 1, input);

    /// <summary>Adds the maximum of each cell of factor x factor pixels.</summary>
    public string MaxPool2d(string name, string input, int factor = 2) =>
        Append(name, NetworkOperator.MaxPool2d, factor, input);

    /// <summary>Adds nearest-neighbour upsampling.</summary>
    public string Upsample2d(string name, string input, int factor = 2) =>
        Append(name, NetworkOperator.Upsample2d, factor, input);

    /// <summary>Adds a concatenation of channels.</summary>
    public string Concat(string name, params string[] inputs) => Append(name, NetworkOperator.Concat, 1, inputs);

    /// <summary>Adds a sum.</summary>
    public string Add(string name, params string[] inputs) => Append(name, NetworkOperator.Add, 1, inputs);

    /// <summary>Adds 1 / (1 + exp(-x)).</summary>
    public string Sigmoid(string name, string input) => Append(name, NetworkOperator.Sigmoid, 1, input);

    /// <summary>Checks the graph and draws its weights from a seed.</summary>
    /// <param name="output">The node whose planes are the result.</param>
    /// <param name="seed">Same seed, same weights, on every machine.</param>
    /// <returns>Weights are normal with variance 2 / (inputs * kernel^2) (K. He et al., ICCV 2015), biases 0.</returns>
    /// <exception cref="InvalidDataException">The graph cannot be computed; the message says why.</exception>
    public NetworkModel Build(string output, int seed)
    {
        var graph = new NetworkGraph(inputs, nodes, output);
        List<Tensor> tensors = [];
        var normal = new NormalNoise((ulong)(uint)seed);
        foreach (var (name, shape) in NetworkModel.TensorShapes(graph))
        {
            var tensor = new Tensor(name, shape);
            if (shape.Length == 4)
            {
                var deviation = Math.Sqrt(2.0 / (shape[1] * shape[2] * shape[3]));
                foreach (ref var value in tensor.Data.AsSpan()) value = (float)(normal.Next() * deviation);
            }
            tensors.Add(tensor);
        }
        return new NetworkModel(inputs, nodes, output, tensors);
    }

    private string Append(string name, NetworkOperator op, int stride, params string[] from) =>
        Append(new NetworkNode { Name = name, Operator = op, Inputs = from, Stride = stride });

    private string Append(NetworkNode node)
    {
        nodes.Add(node);
        return node.Name;
    }
}
