using Connecto.Sparse.Onnx;

namespace Connecto.Sparse;

/// <summary>What an ONNX file says besides the network.</summary>
public sealed record OnnxOptions
{
    /// <summary>The graph's name.</summary>
    public string Name { get; init; } = "network";

    /// <summary>The only size of planes that the file takes; null to leave batch, rows and columns free.</summary>
    public Extent? Size { get; init; }

    /// <summary>Keys and values that readers may ask for.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>Writes networks as ONNX files (https://onnx.ai), operator set 17, for other runtimes.</summary>
/// <remarks>
/// The input "input" is [batch][channels][rows][columns] of floats, the output has the name of the network's output node.
/// Weights that are zero are written as zeros: ONNX knows no sparse convolution. Rows and columns must be multiples of
/// <see cref="NetworkModel.SizeMultiple"/>, as for a session. Networks with 3D operators are refused.
/// </remarks>
public static class OnnxFile
{
    /// <summary>Writes a file under a temporary name, then renames it.</summary>
    /// <exception cref="InvalidDataException">A node works on volumes; nothing was written.</exception>
    public static void Write(NetworkModel model, string path, OnnxOptions? options = null)
    {
        var bytes = Serialize(model, options ?? new OnnxOptions());
        var temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The bytes of such a file; the same for the same network and options.</summary>
    /// <exception cref="InvalidDataException">A node works on volumes.</exception>
    public static byte[] Serialize(NetworkModel model, OnnxOptions options) => Serialize(model, options, [model.Output]);

    /// <summary>The same with any nodes for outputs.</summary>
    internal static byte[] Serialize(NetworkModel model, OnnxOptions options, IEnumerable<string> outputs)
    {
        var graph = new OnnxGraph();
        var operators = new OnnxOperators(model, graph);
        graph.Input(NetworkModel.InputName, OnnxGraph.Element.Float, Shape(NetworkModel.InputName, model.Inputs, options.Size));
        foreach (var node in model.Nodes) operators.Add(node);
        for (var i = 0; i < model.Nodes.Count; i++)
            if (outputs.Contains(model.Nodes[i].Name))
                graph.Output(model.Nodes[i].Name, OnnxGraph.Element.Float, Shape(model.Nodes[i].Name, model.Graph.Channels[i + 1], null));
        return graph.Build(options.Name, options.Metadata);
    }

    /// <summary>The axes of planes; sizes that are not given are free.</summary>
    internal static (string, int)[] Shape(string of, int channels, Extent? size) => size is { } fixedSize
        ? [("batch", 1), ("channels", channels), ("rows", fixedSize.Height), ("columns", fixedSize.Width)]
        : [("batch", 0), ("channels", channels), ($"{of}.rows", 0), ($"{of}.columns", 0)];
}
