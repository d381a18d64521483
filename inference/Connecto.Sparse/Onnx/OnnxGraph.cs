namespace Connecto.Sparse.Onnx;

/// <summary>An ONNX model under construction; field numbers are those of onnx.proto (https://onnx.ai).</summary>
internal sealed class OnnxGraph
{
    /// <summary>LayerNormalization came with this version of the operators; readers since 2022 know it.</summary>
    private const int Opset = 17;

    /// <summary>The version of the file format that came with it.</summary>
    private const int FileVersion = 8;

    /// <summary>Operators that ONNX Runtime adds to the standard ones.</summary>
    public const string Microsoft = "com.microsoft";

    private readonly ProtoWriter nodes = new();
    private readonly ProtoWriter edges = new();
    private readonly HashSet<string> tensors = [];
    private bool extended;
    private int count;

    /// <summary>Types of elements, as TensorProto numbers them.</summary>
    public enum Element
    {
        Float = 1,
        UInt8 = 2,
        Int8 = 3,
        Int32 = 6,
        Int64 = 7,
    }

    /// <summary>Adds a node with one output, which is named as the node.</summary>
    public string Node(string op, string name, IEnumerable<string> inputs, ReadOnlySpan<OnnxAttribute> attributes = default, string domain = "")
    {
        var node = new ProtoWriter();
        foreach (var input in inputs) node.Text(1, input);
        node.Text(2, name).Text(3, $"{name}#{count++}").Text(4, op);
        foreach (var attribute in attributes) node.Message(5, attribute.Message);
        if (domain.Length > 0) node.Text(7, domain);
        extended |= domain.Length > 0;
        nodes.Message(1, node);
        return name;
    }

    /// <summary>Adds a tensor; one of a name that is there already is taken for the same.</summary>
    public string Tensor<T>(string name, ReadOnlySpan<int> shape, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!tensors.Add(name)) return name;
        var element = default(T) switch
        {
            float => Element.Float,
            byte => Element.UInt8,
            sbyte => Element.Int8,
            int => Element.Int32,
            long => Element.Int64,
            _ => throw new NotSupportedException($"{typeof(T)} is no element of a tensor here."),
        };
        var tensor = new ProtoWriter();
        foreach (var length in shape) tensor.Number(1, length);
        nodes.Message(5, tensor.Number(2, (int)element).Text(8, name).Raw(9, values));
        return name;
    }

    /// <summary>Declares an input or output; a length of 0 is free.</summary>
    public void Input(string name, Element element, ReadOnlySpan<(string Name, int Length)> shape) => edges.Message(11, Value(name, element, shape));

    /// <summary>The same for an output.</summary>
    public void Output(string name, Element element, ReadOnlySpan<(string Name, int Length)> shape) => edges.Message(12, Value(name, element, shape));

    /// <summary>The whole file.</summary>
    public byte[] Build(string name, IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new ProtoWriter().Text(2, name);
        var body = new ProtoWriter().Number(1, FileVersion).Text(2, "connecto");
        var whole = nodes.ToArray().Concat(graph.ToArray()).Concat(edges.ToArray()).ToArray();
        body.Bytes(7, whole).Message(8, new ProtoWriter().Text(1, "").Number(2, Opset));
        if (extended) body.Message(8, new ProtoWriter().Text(1, Microsoft).Number(2, 1));
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            body.Message(14, new ProtoWriter().Text(1, key).Text(2, value));
        return body.ToArray();
    }

    private static ProtoWriter Value(string name, Element element, ReadOnlySpan<(string Name, int Length)> shape)
    {
        var dimensions = new ProtoWriter();
        foreach (var (axis, length) in shape)
            dimensions.Message(1, length > 0 ? new ProtoWriter().Number(1, length) : new ProtoWriter().Text(2, axis));
        var tensor = new ProtoWriter().Number(1, (int)element).Message(2, dimensions);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }
}

/// <summary>An attribute of a node.</summary>
internal readonly struct OnnxAttribute
{
    private const int FloatKind = 1, NumberKind = 2, TextKind = 3, NumbersKind = 7;

    private OnnxAttribute(ProtoWriter message) => Message = message;

    public ProtoWriter Message { get; }

    public static OnnxAttribute Of(string name, long value) => new(new ProtoWriter().Text(1, name).Number(3, value).Number(20, NumberKind));

    public static OnnxAttribute Of(string name, float value) => new(new ProtoWriter().Text(1, name).Float(2, value).Number(20, FloatKind));

    public static OnnxAttribute Of(string name, string value) => new(new ProtoWriter().Text(1, name).Text(4, value).Number(20, TextKind));

    public static OnnxAttribute Of(string name, params long[] values) =>
        new(new ProtoWriter().Text(1, name).Packed(8, values).Number(20, NumbersKind));
}
