namespace Connecto.Sparse;

/// <summary>A checked graph: nodes in the order of computation, with the channels and the scale of each.</summary>
/// <remarks>Place 0 is the input; place i + 1 is node i. The constructor proves that names are unique and known, that
/// there is no cycle, and that channels and scales agree; plans and trainers rely on it.</remarks>
internal sealed class NetworkGraph
{
    private readonly int[][] inputs;

    public NetworkGraph(int inputChannels, IReadOnlyList<NetworkNode> nodes, string output)
    {
        if (inputChannels < 1) throw Bad($"the input has {inputChannels} channels; at least 1 is needed");
        foreach (var node in nodes)
            if (OperatorRules.Fault(node) is { } fault) throw Bad(fault);
        Nodes = Sort(nodes);
        Dictionary<string, int> places = new() { [NetworkModel.InputName] = 0 };
        for (var i = 0; i < Nodes.Length; i++) places[Nodes[i].Name] = i + 1;
        if (!places.TryGetValue(output, out var outputPlace)) throw Bad($"the output '{output}' is no node");
        OutputPlace = outputPlace;

        Channels = new int[Nodes.Length + 1];
        Scale = new int[Nodes.Length + 1];
        DepthScale = new int[Nodes.Length + 1];
        inputs = new int[Nodes.Length + 1][];
        (Channels[0], Scale[0], DepthScale[0], inputs[0]) = (inputChannels, 1, 1, []);
        for (var i = 0; i < Nodes.Length; i++)
        {
            inputs[i + 1] = Nodes[i].Inputs.Select(name => places[name]).ToArray();
            (Channels[i + 1], Scale[i + 1], DepthScale[i + 1]) = Infer(Nodes[i], inputs[i + 1]);
        }
        var (multiple, depthMultiple) = (Multiple(Scale), Multiple(DepthScale));
        SizeMultiple = Nodes.Any(n => n.Padding is not null) ? 1 : multiple;
        DepthMultiple = Nodes.Any(n => n.DepthPadding is not null) ? 1 : depthMultiple;
        Radius = ReceptiveField.Radius(this, new ReceptiveAxis(
            Scale, multiple, n => n.Stride, n => n.Kernel, n => Before(n.Kernel, n.Dilation, n.Padding)));
        DepthRadius = ReceptiveField.Radius(this, new ReceptiveAxis(
            DepthScale, depthMultiple, n => n.DepthStride, n => n.DepthKernel,
            n => Before(n.DepthKernel, n.Dilation, n.DepthPadding)));
    }

    public NetworkNode[] Nodes { get; }

    /// <summary>Place of the node whose planes are the result.</summary>
    public int OutputPlace { get; }

    /// <summary>Channels by place.</summary>
    public int[] Channels { get; }

    /// <summary>Input pixels an edge of one pixel, by place; 0 where all are pooled into one.</summary>
    public int[] Scale { get; }

    /// <summary>Input sections of one section, by place; 0 where all are pooled into one.</summary>
    public int[] DepthScale { get; }

    public int SizeMultiple { get; }

    public int DepthMultiple { get; }

    public int Radius { get; }

    public int DepthRadius { get; }

    public ReadOnlySpan<int> InputsOf(int place) => inputs[place];

    /// <summary>Zeros that a convolution has before its input along one axis.</summary>
    public static int Before(int kernel, int dilation, int? padding) => padding ?? ((kernel - 1) * dilation) / 2;

    /// <summary>Depth-first, inputs before the nodes that read them; otherwise the given order is kept.</summary>
    private static NetworkNode[] Sort(IReadOnlyList<NetworkNode> nodes)
    {
        Dictionary<string, NetworkNode> byName = [];
        foreach (var node in nodes)
            if (node.Name == NetworkModel.InputName || !byName.TryAdd(node.Name, node)) throw Bad(
                $"two nodes are named '{node.Name}'");

        List<NetworkNode> sorted = [];
        Dictionary<string, bool> done = new() { [NetworkModel.InputName] = true };
        Stack<(NetworkNode Node, int Next)> open = [];
        foreach (var root in nodes)
        {
            Open(root.Name, root.Name);
            while (open.TryPop(out var top))
                if (top.Next < top.Node.Inputs.Count)
                {
                    open.Push((top.Node, top.Next + 1));
                    Open(top.Node.Inputs[top.Next], top.Node.Name);
                }
                else
                {
                    done[top.Node.Name] = true;
                    sorted.Add(top.Node);
                }
        }
        return [.. sorted];

        void Open(string name, string reader)
        {
            if (done.TryGetValue(name, out var finished))
            {
                if (!finished) throw Bad($"node '{reader}' lies on a cycle through '{name}'");
                return;
            }
            if (!byName.TryGetValue(name, out var node)) throw Bad($"node '{reader}' reads '{name}', which is no node");
            done[name] = false;
            open.Push((node, 0));
        }
    }

    private (int Channels, int Scale, int DepthScale) Infer(NetworkNode node, int[] from)
    {
        var (channels, scale, depth) = (Channels[from[0]], Scale[from[0]], DepthScale[from[0]]);
        foreach (var other in from)
            if (Scale[other] != scale || DepthScale[other] != depth)
                throw Bad(
                    $"node '{node.Name}' joins planes at 1/{scale} and 1/{Scale[other]} of the input's resolution"
                    + (DepthScale[other] != depth ? $", sections at 1/{depth} and 1/{DepthScale[other]}" : ""));
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d or NetworkOperator.Conv3d or NetworkOperator.Linear:
                if (channels % node.Groups != 0)
                    throw Bad($"node '{node.Name}' reads {channels} channels in {node.Groups} groups");
                return (node.Channels, Coarser(scale, node.Stride, node), Coarser(depth, node.DepthStride, node));
            case NetworkOperator.MaxPool2d or NetworkOperator.MaxPool3d or NetworkOperator.AveragePool2d
                or NetworkOperator.AveragePool3d:
                return (channels, Coarser(scale, node.Stride, node), Coarser(depth, node.DepthStride, node));
            case NetworkOperator.Upsample2d or NetworkOperator.Upsample3d or NetworkOperator.UpsampleBilinear2d:
                return (channels, Finer(scale, node.Stride, node), Finer(depth, node.DepthStride, node));
            case NetworkOperator.GlobalAveragePool:
                return (channels, 0, 0);
            case NetworkOperator.Concat:
                return (checked(from.Sum(i => Channels[i])), scale, depth);
            case NetworkOperator.Add:
                foreach (var other in from)
                    if (Channels[other] != channels)
                        throw Bad($"node '{node.Name}' adds {channels} and {Channels[other]} channels");
                return (channels, scale, depth);
            default:
                return (channels, scale, depth);
        }
    }

    private static int Coarser(int scale, int factor, NetworkNode node) => scale * factor <= 1024 ? scale * factor : throw Bad(
        $"node '{node.Name}' works at 1/{scale * factor} of the input's resolution; at most 1/1024 is supported");

    private static int Finer(int scale, int factor, NetworkNode node) => scale > 0 && scale % factor == 0 || factor == 1
        ? scale / factor
        : throw Bad($"node '{node.Name}' upsamples by {factor} at 1/{scale} of the input's resolution");

    private static int Multiple(int[] scales) => scales.Where(s => s > 0).Aggregate(1, LeastCommonMultiple);

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0) (x, y) = (y, x % y);
        return a / x * b;
    }

    private static InvalidDataException Bad(string what) => new(
        $"The network cannot be used: {what}. Correct its graph; nothing was changed.");
}
