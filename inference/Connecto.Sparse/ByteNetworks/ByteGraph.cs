namespace Connecto.Sparse.ByteNetworks;

/// <summary>What a network that runs on bytes does in one go.</summary>
internal enum ByteOperator
{
    /// <summary>A convolution and its Relu.</summary>
    Convolution,

    /// <summary>The maximum of cells of 2 x 2.</summary>
    MaxPool,

    /// <summary>Every pixel 2 x 2 times.</summary>
    Upsample,

    /// <summary>The sum of two values of one size.</summary>
    Add,

    /// <summary>The sum of a value and of one half as fine, whose pixels are repeated.</summary>
    AddUpsampled,
}

/// <summary>One operation on bytes.</summary>
/// <param name="Operator">What it does.</param>
/// <param name="Output">The node whose value it yields; of a fused pair, the later one.</param>
/// <param name="Inputs">The values read; <see cref="NetworkModel.InputName"/> only by convolutions.</param>
/// <param name="Node">The convolution's node; else null.</param>
internal sealed record ByteOperation(ByteOperator Operator, string Output, string[] Inputs, NetworkNode? Node = null);

/// <summary>A network as operations on bytes; the constructor proves that bytes without signs will do.</summary>
/// <remarks>A convolution is fused with the Relu behind it, a repetition with the sum that alone reads it. The network must
/// end in a convolution with a Sigmoid, and read its input by convolutions only.</remarks>
internal sealed class ByteGraph
{
    private readonly Dictionary<string, NetworkNode> nodes;
    private readonly Dictionary<string, List<NetworkNode>> readers = [];
    private readonly List<ByteOperation> operations = [];
    private readonly Dictionary<string, string> groups = new(StringComparer.Ordinal);

    private ByteGraph(NetworkModel model)
    {
        nodes = model.Nodes.ToDictionary(n => n.Name);
        foreach (var node in model.Nodes)
            foreach (var input in node.Inputs)
            {
                if (!readers.TryGetValue(input, out var list)) readers[input] = list = [];
                list.Add(node);
            }
        var end = nodes[model.Output];
        if (end.Operator != NetworkOperator.Sigmoid || !nodes.TryGetValue(end.Inputs[0], out var head) ||
            head.Operator != NetworkOperator.Conv2d)
            throw Bad(end, "is the output, but no Sigmoid behind a Conv2d");
        Head = head;
        foreach (var node in model.Nodes)
            if (node != end && node != head) Add(node);
        CheckConvolution(head);
        CheckInput(head, head.Inputs[0]);
        foreach (var operation in operations)
        {
            groups.TryAdd(operation.Output, operation.Output);
            if (operation.Operator == ByteOperator.Convolution) continue;
            foreach (var input in operation.Inputs) Unite(operation.Output, input);
        }
    }

    /// <summary>All operations but the last convolution, in order.</summary>
    public IReadOnlyList<ByteOperation> Operations => operations;

    /// <summary>The convolution behind which the Sigmoid stands.</summary>
    public NetworkNode Head { get; }

    /// <summary>The nodes whose values are bytes, in order.</summary>
    public IEnumerable<string> Values => operations.Select(o => o.Output);

    /// <summary>By value one that stands for all that share its step.</summary>
    public IEnumerable<(string Value, string Group)> Groups => Values.Select(v => (v, Root(v)));

    /// <summary>The network's operations.</summary>
    /// <exception cref="InvalidDataException">The network cannot run on bytes; the message says which node cannot.</exception>
    public static ByteGraph Of(NetworkModel model) => new(model);

    private void Add(NetworkNode node)
    {
        switch (node.Operator)
        {
            case NetworkOperator.Conv2d:
                CheckConvolution(node);
                if (node.Inputs[0] != NetworkModel.InputName) CheckInput(node, node.Inputs[0]);
                if (readers.GetValueOrDefault(node.Name) is not [{ Operator: NetworkOperator.Relu } relu])
                    throw Bad(node, "has values below 0: it is not followed by a Relu alone");
                operations.Add(new(ByteOperator.Convolution, relu.Name, [node.Inputs[0]], node));
                break;
            case NetworkOperator.Relu:
                if (!nodes.TryGetValue(node.Inputs[0], out var before) || before.Operator != NetworkOperator.Conv2d)
                    throw Bad(node, "does not follow a Conv2d");
                break;
            case NetworkOperator.MaxPool2d when node.Stride == 2:
                operations.Add(new(ByteOperator.MaxPool, node.Name, Checked(node)));
                break;
            case NetworkOperator.Upsample2d when node.Stride == 2:
                if (!IsFused(node)) operations.Add(new(ByteOperator.Upsample, node.Name, Checked(node)));
                break;
            case NetworkOperator.Add when node.Inputs.Count == 2:
                AddSum(node);
                break;
            default:
                throw Bad(node, $"({node.Operator}) is not one of Conv2d, Relu, MaxPool2d and Upsample2d by 2, and Add of two");
        }
    }

    private void AddSum(NetworkNode node)
    {
        var fused = node.Inputs.FirstOrDefault(i => nodes.TryGetValue(i, out var n) && IsFused(n));
        if (fused is null)
        {
            operations.Add(new(ByteOperator.Add, node.Name, Checked(node)));
            return;
        }
        var skip = node.Inputs[0] == fused ? node.Inputs[1] : node.Inputs[0];
        CheckInput(node, skip);
        CheckInput(nodes[fused], nodes[fused].Inputs[0]);
        operations.Add(new(ByteOperator.AddUpsampled, node.Name, [skip, nodes[fused].Inputs[0]]));
    }

    // Where a sum has two repeated inputs, only the first one is fused.
    private bool IsFused(NetworkNode node) =>
        node.Operator == NetworkOperator.Upsample2d && node.Stride == 2 &&
        readers.GetValueOrDefault(node.Name) is [{ Operator: NetworkOperator.Add, Inputs.Count: 2 } sum] &&
        sum.Inputs[0] != sum.Inputs[1] &&
        (sum.Inputs[0] == node.Name || !nodes.TryGetValue(sum.Inputs[0], out var first) || !IsFused(first));

    private string[] Checked(NetworkNode node)
    {
        foreach (var input in node.Inputs) CheckInput(node, input);
        return [.. node.Inputs];
    }

    private void CheckInput(NetworkNode reader, string input)
    {
        if (!operations.Exists(o => o.Output == input))
            throw Bad(reader, $"reads '{input}', which is not kept as bytes");
    }

    private static void CheckConvolution(NetworkNode node)
    {
        if (node.Groups != 1 || node.Dilation != 1 || node.Kernel % 2 == 0 || node.Stride > Math.Min(2, node.Kernel) ||
            (node.Padding is { } padding && padding != node.Kernel / 2))
            throw Bad(node, "has groups, a dilation, an even kernel, a stride above 2 or its kernel, or a padding other than half its kernel");
    }

    private string Root(string value) => groups[value] == value ? value : groups[value] = Root(groups[value]);

    private void Unite(string a, string b)
    {
        groups.TryAdd(b, b);
        (a, b) = (Root(a), Root(b));
        groups[a] = b;
    }

    private static InvalidDataException Bad(NetworkNode node, string what) => new(
        $"The network cannot run on bytes: node '{node.Name}' {what}. Run it in floats; nothing was changed.");
}
