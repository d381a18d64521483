namespace Connecto.Sparse;

/// <summary>A convolutional network: a graph of nodes and the tensors that they use. Immutable but for the tensors'
/// values.</summary>
/// <remarks>
/// It reads planes [Inputs][H][W] and yields [Outputs][H / OutputScale][W / OutputScale]; outside its planes everything
/// is 0, at every convolution. The constructor proves the graph and the tensors' shapes. Run it with
/// <see cref="NetworkSession"/>.
/// </remarks>
public sealed class NetworkModel
{
    /// <summary>The name by which nodes read the network's input.</summary>
    public const string InputName = "input";

    /// <summary>Checks a graph and its tensors; tensors are kept, not copied.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <param name="output">The node whose planes are the result.</param>
    /// <param name="tensors">NAME.weight and NAME.bias for every convolution; no others.</param>
    /// <exception cref="InvalidDataException">The graph has a cycle, an unknown name, or channels or scales that do not
    /// agree; or a tensor is missing, unknown, or of another shape.</exception>
    public NetworkModel(int inputs, IReadOnlyList<NetworkNode> nodes, string output, IEnumerable<Tensor> tensors)
    {
        Graph = new NetworkGraph(inputs, nodes, output);
        Output = output;
        Dictionary<string, Tensor> byName = [];
        foreach (var tensor in tensors)
            if (!byName.TryAdd(tensor.Name, tensor)) throw Bad($"two tensors are named '{tensor.Name}'");
        var expected = 0;
        foreach (var (name, shape) in TensorShapes(Graph))
        {
            expected++;
            if (!byName.TryGetValue(name, out var tensor)) throw Bad($"tensor '{name}' is missing");
            if (!tensor.Shape.SequenceEqual(shape))
                throw Bad(
                    $"tensor '{name}' has shape {Tensor.Describe(tensor.Shape)}; the graph needs {Tensor.Describe(shape)}");
        }
        if (expected != byName.Count)
            throw Bad(
                $"tensor '{byName.Keys.Except(TensorShapes(Graph).Select(t => t.Name)).First()}' belongs to no node");
        Tensors = byName;
    }

    /// <summary>Input channels.</summary>
    public int Inputs => Graph.Channels[0];

    /// <summary>Output channels.</summary>
    public int Outputs => Graph.Channels[Graph.OutputPlace];

    /// <summary>Input pixels an edge of one output pixel; 1 where the output has the input's resolution.</summary>
    public int OutputScale => Graph.Scale[Graph.OutputPlace];

    /// <summary>Height and width of an input must be multiples of this.</summary>
    public int SizeMultiple => Graph.SizeMultiple;

    /// <summary>How far the receptive field of any output pixel reaches beyond it, input pixels.</summary>
    /// <remarks>A tile whose origin is a multiple of <see cref="SizeMultiple"/> gives, further than this from its
    /// borders, the same result as a larger plane.</remarks>
    public int Radius => Graph.Radius;

    /// <summary>The node whose planes are the result.</summary>
    public string Output { get; }

    /// <summary>The nodes in the order of computation.</summary>
    public IReadOnlyList<NetworkNode> Nodes => Graph.Nodes;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Number of trained values.</summary>
    public long Parameters => Tensors.Values.Sum(t => (long)t.Data.Length);

    /// <summary>Multiply-adds of the convolutions an input pixel, zero weights included.</summary>
    public double MultiplyAddsPerPixel
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < Nodes.Count; i++)
                if (Nodes[i].Operator == NetworkOperator.Conv2d)
                    sum += Tensors[WeightName(Nodes[i])].Data.Length / Math.Pow(Graph.Scale[i + 1], 2);
            return sum;
        }
    }

    internal NetworkGraph Graph { get; }

    /// <summary>The same graph with other tensors.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, unknown, or of another shape.</exception>
    public NetworkModel With(IEnumerable<Tensor> tensors) => new(Inputs, Graph.Nodes, Output, tensors);

    /// <summary>Reads network.json and network.safetensors from a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">One of the files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message says what and
    /// where.</exception>
    public static NetworkModel Load(string directory) => NetworkModelFiles.Load(directory);

    /// <summary>Writes network.json and network.safetensors into a folder, which is made if need be; each file is
    /// written under a temporary name and renamed, the graph last.</summary>
    public void Save(string directory) => NetworkModelFiles.Save(this, directory);

    internal static string WeightName(NetworkNode node) => node.Name + ".weight";

    internal static string BiasName(NetworkNode node) => node.Name + ".bias";

    /// <summary>The tensors that a graph needs, in the order of its nodes.</summary>
    internal static IEnumerable<(string Name, int[] Shape)> TensorShapes(NetworkGraph graph)
    {
        for (var i = 0; i < graph.Nodes.Length; i++)
        {
            var node = graph.Nodes[i];
            if (node.Operator != NetworkOperator.Conv2d) continue;
            yield return (WeightName(node), [node.Channels, graph.Channels[graph.InputsOf(i + 1)[0]], node.Kernel, node.Kernel]);
            yield return (BiasName(node), [node.Channels]);
        }
    }

    private static InvalidDataException Bad(string what) => new(
        $"The network cannot be used: {what}. Restore its tensors; nothing was changed.");
}
