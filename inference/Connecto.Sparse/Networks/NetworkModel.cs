namespace Connecto.Sparse;

/// <summary>A network on planes, volumes or tokens: a graph of nodes and the tensors that they use. Immutable but for the
/// tensors' values.</summary>
/// <remarks>
/// It reads [Inputs][D][H][W] (planes: D = 1; tokens: D = H = 1) and yields [Outputs] and <see cref="OutputSize"/>;
/// outside its planes everything is 0, at every convolution. The constructor proves the graph and the tensors' shapes. Run
/// it with <see cref="NetworkSession"/>. All operators:
/// <list type="table">
/// <listheader><term>Operator (attributes)</term><description>What it yields; its tensors</description></listheader>
/// <item><term>Conv2d (channels, kernel, stride, padding, dilation, groups)</term><description>cross-correlation plus
/// bias; weight [out][in / groups][k][k], bias [out]</description></item>
/// <item><term>Conv3d (the same; depthKernel, depthStride, depthPadding)</term><description>the same over sections; weight
/// [out][in / groups][kd][k][k], bias [out]</description></item>
/// <item><term>Linear (channels)</term><description>a matrix times the channels of every position, plus bias; weight
/// [out][in], bias [out]</description></item>
/// <item><term>BatchNorm (epsilon)</term><description>fixed scale and shift by channel; weight, bias, mean, variance
/// [C]</description></item>
/// <item><term>LayerNorm (epsilon)</term><description>normalised over the channels of every position; weight, bias
/// [C]</description></item>
/// <item><term>Softmax</term><description>over the channels of every position</description></item>
/// <item><term>Relu, Gelu, Tanh, Sigmoid</term><description>value by value</description></item>
/// <item><term>Add, Concat</term><description>the sum of inputs; their channels one after the other</description></item>
/// <item><term>MaxPool2d, AveragePool2d (stride)</term><description>of cells of stride x stride</description></item>
/// <item><term>MaxPool3d, AveragePool3d (stride, depthStride)</term><description>of cells of depthStride x stride x
/// stride</description></item>
/// <item><term>GlobalAveragePool</term><description>the mean of each channel, one position</description></item>
/// <item><term>Upsample2d (stride), Upsample3d (stride, depthStride)</term><description>nearest
/// neighbour</description></item>
/// <item><term>UpsampleBilinear2d (stride)</term><description>linear between pixel centres</description></item>
/// </list>
/// See <see cref="NetworkOperator"/> and <see cref="NetworkNode"/> for each in full.
/// </remarks>
public sealed class NetworkModel
{
    /// <summary>The name by which nodes read the network's input.</summary>
    public const string InputName = "input";

    /// <summary>Checks a graph and its tensors; tensors are kept, not copied.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <param name="output">The node whose planes are the result.</param>
    /// <param name="tensors">The tensors that the nodes need, named NAME.weight and so on; no others.</param>
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

    /// <summary>Input pixels an edge of one output pixel; 1 where the output has the input's resolution, 0 where all are
    /// pooled into one.</summary>
    public int OutputScale => Graph.Scale[Graph.OutputPlace];

    /// <summary>Height and width of an input must be multiples of this.</summary>
    /// <remarks>1 for a network with explicit paddings; there <see cref="OutputSize"/> says which sizes fit.</remarks>
    public int SizeMultiple => Graph.SizeMultiple;

    /// <summary>The same for its depth.</summary>
    public int DepthMultiple => Graph.DepthMultiple;

    /// <summary>The size of the output's planes for an input of some size.</summary>
    /// <exception cref="ArgumentException">The network cannot be computed for that size; the message says which node
    /// cannot.</exception>
    public Extent OutputSize(Extent input) => NetworkSizes.Of(Graph, input)[Graph.OutputPlace];

    /// <summary>How far the receptive field of any output pixel reaches beyond it, input pixels;
    /// <see cref="int.MaxValue"/> where an output depends on all of them.</summary>
    /// <remarks>A tile whose origin is a multiple of <see cref="SizeMultiple"/> gives, further than this from its
    /// borders, the same result as a larger plane.</remarks>
    public int Radius => Graph.Radius;

    /// <summary>The same along sections.</summary>
    public int DepthRadius => Graph.DepthRadius;

    /// <summary>The node whose planes are the result.</summary>
    public string Output { get; }

    /// <summary>The nodes in the order of computation.</summary>
    public IReadOnlyList<NetworkNode> Nodes => Graph.Nodes;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Number of trained values.</summary>
    public long Parameters => Tensors.Values.Sum(t => (long)t.Data.Length);

    /// <summary>Multiply-adds of the convolutions and linear layers an input pixel, zero weights included; those behind a
    /// GlobalAveragePool are not counted.</summary>
    public double MultiplyAddsPerPixel
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < Nodes.Count; i++)
                if (OperatorRules.Of(Nodes[i].Operator).Weighted && Graph.Scale[i + 1] > 0)
                    sum += Tensors[WeightName(Nodes[i])].Data.Length / (Math.Pow(Graph.Scale[i + 1], 2) * Graph.DepthScale[i + 1]);
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
            foreach (var tensor in OperatorRules.Tensors(graph.Nodes[i], graph.Channels[graph.InputsOf(i + 1)[0]]))
                yield return tensor;
        }
    }

    private static InvalidDataException Bad(string what) => new(
        $"The network cannot be used: {what}. Restore its tensors; nothing was changed.");
}
