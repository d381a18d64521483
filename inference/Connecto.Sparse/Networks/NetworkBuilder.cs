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

    /// <summary>Adds a convolution over sections, rows and columns with a cubic kernel, padding "same" and a
    /// bias.</summary>
    public string Conv3d(string name, string input, int channels, int kernel, int stride = 1) =>
        Append(new NetworkNode
        {
            Name = name,
            Operator = NetworkOperator.Conv3d,
            Inputs = [input],
            Channels = channels,
            Kernel = kernel,
            DepthKernel = kernel,
            Stride = stride,
            DepthStride = stride,
        });

    /// <summary>Adds a linear layer on the channels of every position.</summary>
    public string Linear(string name, string input, int channels) => Append(
        new NetworkNode { Name = name, Operator = NetworkOperator.Linear, Inputs = [input], Channels = channels });

    /// <summary>Adds any node, for the attributes that the other methods do not take.</summary>
    public string Node(NetworkNode node) => Append(node);

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

    /// <summary>Adds the hyperbolic tangent.</summary>
    public string Tanh(string name, string input) => Append(name, NetworkOperator.Tanh, 1, input);

    /// <summary>Adds x (1 + erf(x / sqrt 2)) / 2.</summary>
    public string Gelu(string name, string input) => Append(name, NetworkOperator.Gelu, 1, input);

    /// <summary>Adds a softmax over the channels of every position.</summary>
    public string Softmax(string name, string input) => Append(name, NetworkOperator.Softmax, 1, input);

    /// <summary>Adds a normalisation by fixed statistics; a convolution before it does it at no cost.</summary>
    public string BatchNorm(string name, string input) => Append(name, NetworkOperator.BatchNorm, 1, input);

    /// <summary>Adds a normalisation over the channels of every position.</summary>
    public string LayerNorm(string name, string input) => Append(name, NetworkOperator.LayerNorm, 1, input);

    /// <summary>Adds the mean of each cell of factor x factor pixels.</summary>
    public string AveragePool2d(string name, string input, int factor = 2) =>
        Append(name, NetworkOperator.AveragePool2d, factor, input);

    /// <summary>Adds the mean of all positions.</summary>
    public string GlobalAveragePool(string name, string input) => Append(name, NetworkOperator.GlobalAveragePool, 1, input);

    /// <summary>Adds upsampling by linear interpolation.</summary>
    public string UpsampleBilinear2d(string name, string input, int factor = 2) =>
        Append(name, NetworkOperator.UpsampleBilinear2d, factor, input);

    /// <summary>Adds the maximum of each cell of factor^3 voxels.</summary>
    public string MaxPool3d(string name, string input, int factor = 2) => Cubic(name, NetworkOperator.MaxPool3d, input, factor);

    /// <summary>Adds the mean of each cell of factor^3 voxels.</summary>
    public string AveragePool3d(string name, string input, int factor = 2) =>
        Cubic(name, NetworkOperator.AveragePool3d, input, factor);

    /// <summary>Adds nearest-neighbour upsampling of volumes.</summary>
    public string Upsample3d(string name, string input, int factor = 2) => Cubic(name, NetworkOperator.Upsample3d, input, factor);

    /// <summary>Checks the graph and draws its weights from a seed.</summary>
    /// <param name="output">The node whose planes are the result.</param>
    /// <param name="seed">Same seed, same weights, on every machine.</param>
    /// <returns>Weights are normal with variance 2 / (weights an output) (K. He et al., ICCV 2015), biases and means 0,
    /// variances and the weights of norms 1.</returns>
    /// <exception cref="InvalidDataException">The graph cannot be computed; the message says why.</exception>
    public NetworkModel Build(string output, int seed)
    {
        var graph = new NetworkGraph(inputs, nodes, output);
        List<Tensor> tensors = [];
        var normal = new NormalNoise((ulong)(uint)seed);
        foreach (var (name, shape) in NetworkModel.TensorShapes(graph))
        {
            var tensor = new Tensor(name, shape);
            if (shape.Length > 1)
            {
                var deviation = Math.Sqrt(2.0 / (tensor.Data.Length / shape[0]));
                foreach (ref var value in tensor.Data.AsSpan()) value = (float)(normal.Next() * deviation);
            }
            else if (!name.EndsWith(".bias") && !name.EndsWith(".mean")) tensor.Data.AsSpan().Fill(1);
            tensors.Add(tensor);
        }
        return new NetworkModel(inputs, nodes, output, tensors);
    }

    private string Append(string name, NetworkOperator op, int stride, params string[] from) =>
        Append(new NetworkNode { Name = name, Operator = op, Inputs = from, Stride = stride });

    private string Cubic(string name, NetworkOperator op, string from, int factor) => Append(
        new NetworkNode { Name = name, Operator = op, Inputs = [from], Stride = factor, DepthStride = factor });

    private string Append(NetworkNode node)
    {
        nodes.Add(node);
        return node.Name;
    }
}
