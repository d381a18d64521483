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
        foreach (var node in nodes) CheckAttributes(node);
        Nodes = Sort(nodes);
        Dictionary<string, int> places = new() { [NetworkModel.InputName] = 0 };
        for (var i = 0; i < Nodes.Length; i++) places[Nodes[i].Name] = i + 1;
        if (!places.TryGetValue(output, out var outputPlace)) throw Bad($"the output '{output}' is no node");
        OutputPlace = outputPlace;

        Channels = new int[Nodes.Length + 1];
        Scale = new int[Nodes.Length + 1];
        inputs = new int[Nodes.Length + 1][];
        (Channels[0], Scale[0], inputs[0]) = (inputChannels, 1, []);
        for (var i = 0; i < Nodes.Length; i++)
        {
            inputs[i + 1] = Nodes[i].Inputs.Select(name => places[name]).ToArray();
            (Channels[i + 1], Scale[i + 1]) = Infer(Nodes[i], inputs[i + 1]);
        }
        SizeMultiple = Scale.Aggregate(1, LeastCommonMultiple);
        Radius = FindRadius();
    }

    public NetworkNode[] Nodes { get; }

    /// <summary>Place of the node whose planes are the result.</summary>
    public int OutputPlace { get; }

    /// <summary>Channels by place.</summary>
    public int[] Channels { get; }

    /// <summary>Input pixels an edge of one pixel, by place.</summary>
    public int[] Scale { get; }

    public int SizeMultiple { get; }

    public int Radius { get; }

    public ReadOnlySpan<int> InputsOf(int place) => inputs[place];

    /// <summary>Reach of a kernel before its centre; after it, kernel - 1 - that.</summary>
    public static int Before(int kernel) => (kernel - 1) / 2;

    private static void CheckAttributes(NetworkNode node)
    {
        var single = node.Operator is not (NetworkOperator.Concat or NetworkOperator.Add);
        if (node.Name.Length == 0) throw Bad("a node has no name");
        if (node.Inputs.Count < 1 || (single && node.Inputs.Count != 1))
            throw Bad($"node '{node.Name}' ({node.Operator}) has {node.Inputs.Count} inputs");
        if (node.Operator == NetworkOperator.Conv2d && node.Channels is < 1 or > 65536)
            throw Bad($"node '{node.Name}' has {node.Channels} output channels");
        if (node.Kernel is < 1 or > 31 || (node.Operator != NetworkOperator.Conv2d && node.Kernel != 1))
            throw Bad($"node '{node.Name}' ({node.Operator}) has a kernel of {node.Kernel}");
        var strided = node.Operator is NetworkOperator.Conv2d or NetworkOperator.MaxPool2d or NetworkOperator.Upsample2d;
        if (node.Stride is < 1 or > 16 || (!strided && node.Stride != 1))
            throw Bad($"node '{node.Name}' ({node.Operator}) has a stride of {node.Stride}");
    }

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

    private (int Channels, int Scale) Infer(NetworkNode node, int[] from)
    {
        var (channels, scale) = (Channels[from[0]], Scale[from[0]]);
        foreach (var other in from)
            if (Scale[other] != scale)
                throw Bad(
                    $"node '{node.Name}' joins planes at 1/{scale} and 1/{Scale[other]} of the input's resolution");
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d:
                return (node.Channels, CheckScale(scale * node.Stride, node));
            case NetworkOperator.MaxPool2d:
                return (channels, CheckScale(scale * node.Stride, node));
            case NetworkOperator.Upsample2d:
                if (scale % node.Stride != 0)
                    throw Bad($"node '{node.Name}' upsamples by {node.Stride} at 1/{scale} of the input's resolution");
                return (channels, scale / node.Stride);
            case NetworkOperator.Concat:
                return (from.Sum(i => Channels[i]), scale);
            case NetworkOperator.Add:
                foreach (var other in from)
                    if (Channels[other] != channels)
                        throw Bad($"node '{node.Name}' adds {channels} and {Channels[other]} channels");
                return (channels, scale);
            default:
                return (channels, scale);
        }
    }

    private static int CheckScale(int scale, NetworkNode node) => scale <= 1024 ? scale : throw Bad(
        $"node '{node.Name}' works at 1/{scale} of the input's resolution; at most 1/1024 is supported");

    /// <summary>For every phase of an output pixel, the interval of input pixels that it reads, found from the output
    /// back.</summary>
    private int FindRadius()
    {
        var outputScale = Scale[OutputPlace];
        var radius = 0;
        var low = new int[Channels.Length];
        var high = new int[Channels.Length];
        for (var phase = 0; phase < SizeMultiple / outputScale; phase++)
        {
            Array.Fill(low, int.MaxValue);
            Array.Fill(high, int.MinValue);
            low[OutputPlace] = high[OutputPlace] = phase;
            for (var place = OutputPlace; place > 0; place--)
            {
                if (low[place] > high[place]) continue;
                var (begin, end) = Reads(Nodes[place - 1], low[place], high[place]);
                foreach (var from in inputs[place])
                {
                    low[from] = Math.Min(low[from], begin);
                    high[from] = Math.Max(high[from], end);
                }
            }
            radius = Math.Max(radius, Math.Max(phase * outputScale - low[0], high[0] - ((phase + 1) * outputScale - 1)));
        }
        return Math.Max(radius, 0);
    }

    private static (int Low, int High) Reads(NetworkNode node, int low, int high) => node.Operator switch
    {
        NetworkOperator.Conv2d =>
            (low * node.Stride - Before(node.Kernel), high * node.Stride + node.Kernel - 1 - Before(node.Kernel)),
        NetworkOperator.MaxPool2d => (low * node.Stride, high * node.Stride + node.Stride - 1),
        NetworkOperator.Upsample2d => (FloorDivide(low, node.Stride), FloorDivide(high, node.Stride)),
        _ => (low, high),
    };

    private static int FloorDivide(int a, int b) => (a >= 0 ? a : a - b + 1) / b;

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0) (x, y) = (y, x % y);
        return a / x * b;
    }

    private static InvalidDataException Bad(string what) => new(
        $"The network cannot be used: {what}. Correct its graph; nothing was changed.");
}
