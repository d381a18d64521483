using System.Text.Json;

namespace Connecto.Sparse;

/// <summary>A network's folder: network.json (the graph) and network.safetensors (the tensors).</summary>
/// <remarks>
/// network.json: {"format": "connecto-network", "version": 1, "input": {"channels": C}, "output": NAME, "nodes":
/// [{"name", "op", "inputs": [NAME...], "attributes": {"channels", "kernel", "stride", "depthKernel", "depthStride",
/// "padding", "depthPadding", "dilation", "groups", "epsilon"}}]}; "input" names the network's input. Attributes left out
/// are 1 (channels: 0, paddings: "same", epsilon: 1e-5).
/// </remarks>
internal static class NetworkModelFiles
{
    public const string GraphFile = "network.json";
    public const string TensorFile = "network.safetensors";
    private const string Format = "connecto-network";

    public static NetworkModel Load(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException(
                $"There is no model folder {directory}; it should hold {GraphFile} and {TensorFile}.");
        var path = Path.Combine(directory, GraphFile);
        foreach (var file in new[] { path, Path.Combine(directory, TensorFile) })
            if (!File.Exists(file))
                throw new FileNotFoundException(
                    $"{directory} is not a model: it lacks {Path.GetFileName(file)}. Name a folder with both of its files.",
                    file);
        using var document = Parse(path);
        var (inputs, output, nodes) = Graph(path, document.RootElement);
        var tensors = SafetensorsFile.Read(Path.Combine(directory, TensorFile));
        try
        {
            return new NetworkModel(inputs, nodes, output, tensors.Entries.Values.Select(e => e.ToTensor()));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{directory}: {e.Message}", e);
        }
    }

    public static void Save(NetworkModel model, string directory)
    {
        Directory.CreateDirectory(directory);
        SafetensorsFile.Write(Path.Combine(directory, TensorFile), model.Tensors.Values.Select(SafetensorsEntry.Of));
        var path = Path.Combine(directory, GraphFile);
        FileReplacement.Write(path, stream =>
        {
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true })) WriteGraph(model, json);
            stream.WriteByte((byte)'\n');
        });
    }

    private static void WriteGraph(NetworkModel model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", 1);
        json.WriteStartObject("input");
        json.WriteNumber("channels", model.Inputs);
        json.WriteEndObject();
        json.WriteString("output", model.Output);
        json.WriteStartArray("nodes");
        foreach (var node in model.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteString("op", node.Operator.ToString());
            json.WriteStartArray("inputs");
            foreach (var input in node.Inputs) json.WriteStringValue(input);
            json.WriteEndArray();
            json.WriteStartObject("attributes");
            foreach (var (name, value, absent) in Attributes(node))
                if (value is { } number && number != absent) json.WriteNumber(name, number);
            if (OperatorRules.Of(node.Operator).Norm) json.WriteNumber("epsilon", node.Epsilon);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The whole numbers of a node, with what they are when they are left out.</summary>
    private static IEnumerable<(string Name, int? Value, int? Absent)> Attributes(NetworkNode node) =>
    [
        ("channels", node.Channels, 0), ("kernel", node.Kernel, 1), ("stride", node.Stride, 1),
        ("depthKernel", node.DepthKernel, 1), ("depthStride", node.DepthStride, 1), ("padding", node.Padding, null),
        ("depthPadding", node.DepthPadding, null), ("dilation", node.Dilation, 1), ("groups", node.Groups, 1),
    ];

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            throw Broken(path, "it is not JSON");
        }
    }

    private static (int Inputs, string Output, List<NetworkNode> Nodes) Graph(string path, JsonElement root)
    {
        try
        {
            return ReadGraph(path, root);
        }
        catch (InvalidOperationException)
        {
            throw Broken(path, "it has a name that is not text"); // half a surrogate pair
        }
    }

    private static (int Inputs, string Output, List<NetworkNode> Nodes) ReadGraph(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "format") != Format)
            throw Broken(path, $"it does not say \"format\": \"{Format}\"");
        if (Number(root, "version", 0) != 1) throw Broken(path, "its version is not 1");
        if (!root.TryGetProperty("input", out var input) || Number(input, "channels", -1) is not (> 0 and var channels))
            throw Broken(path, "it lacks \"input\": {\"channels\": C}");
        var output = Text(root, "output") ?? throw Broken(path, "it lacks the name of its \"output\"");
        if (!root.TryGetProperty("nodes", out var list) || list.ValueKind != JsonValueKind.Array)
            throw Broken(path, "it lacks its list of \"nodes\"");
        List<NetworkNode> nodes = [];
        foreach (var element in list.EnumerateArray()) nodes.Add(ReadNode(path, element, nodes.Count));
        return (channels, output, nodes);
    }

    private static NetworkNode ReadNode(string path, JsonElement element, int number)
    {
        var name = Text(element, "name") ?? throw Broken(path, $"node {number} has no \"name\"");
        var code = Text(element, "op") ?? throw Broken(path, $"node '{name}' has no \"op\"");
        if (!Enum.GetNames<NetworkOperator>().Contains(code))
            throw Broken(path, $"node '{name}' has the op '{code}'; known are "
                + string.Join(", ", Enum.GetNames<NetworkOperator>()));
        if (!element.TryGetProperty("inputs", out var list) || list.ValueKind != JsonValueKind.Array
            || list.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.String))
            throw Broken(path, $"node '{name}' has no list of \"inputs\"");
        element.TryGetProperty("attributes", out var attributes);
        var node = new NetworkNode
        {
            Name = name,
            Operator = Enum.Parse<NetworkOperator>(code),
            Inputs = list.EnumerateArray().Select(i => i.GetString()!).ToArray(),
            Channels = Number(attributes, "channels", 0),
            Kernel = Number(attributes, "kernel", 1),
            Stride = Number(attributes, "stride", 1),
            DepthKernel = Number(attributes, "depthKernel", 1),
            DepthStride = Number(attributes, "depthStride", 1),
            Padding = Has(attributes, "padding") ? Number(attributes, "padding", 0) : null,
            DepthPadding = Has(attributes, "depthPadding") ? Number(attributes, "depthPadding", 0) : null,
            Dilation = Number(attributes, "dilation", 1),
            Groups = Number(attributes, "groups", 1),
            Epsilon = Epsilon(path, name, attributes),
        };
        return Attributes(node).All(a => a.Value is null or >= 0) ? node : throw Broken(
            path, $"node '{name}' has an attribute that is not a whole number");
    }

    private static bool Has(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    private static double Epsilon(string path, string node, JsonElement attributes)
    {
        if (!Has(attributes, "epsilon")) return new NetworkNode { Name = node, Operator = default, Inputs = [] }.Epsilon;
        var value = attributes.GetProperty("epsilon");
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Broken(
            path, $"node '{node}' has an epsilon that is not a number");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A whole number, <paramref name="absent"/> where there is none, -1 where it is something else.</summary>
    private static int Number(JsonElement element, string name, int absent)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return absent;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : -1;
    }

    private static InvalidDataException Broken(string path, string what) => new(
        $"{path} is not a network's graph: {what}. Name a model folder written by Connecto; nothing was changed.");
}
