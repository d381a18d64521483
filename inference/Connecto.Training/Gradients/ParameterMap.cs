using Connecto.Sparse;
using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>All of a network's tensors as one array: where each begins.</summary>
internal sealed class ParameterMap
{
    private readonly Dictionary<string, int> starts = [];
    private readonly List<(string Name, int[] Shape, int Start, int Length)> tensors = [];

    public ParameterMap(NetworkModel model)
    {
        foreach (var (name, shape) in NetworkModel.TensorShapes(model.Graph))
        {
            var length = model.Tensors[name].Data.Length;
            starts.Add(name, Length);
            tensors.Add((name, shape, Length, length));
            Length = checked(Length + length);
        }
        Decayed = new bool[Length];
        foreach (var (_, shape, start, length) in tensors) Decayed.AsSpan(start, length).Fill(shape.Length > 1);
    }

    /// <summary>Number of values.</summary>
    public int Length { get; private set; }

    /// <summary>True for weights, false for biases.</summary>
    public bool[] Decayed { get; }

    /// <summary>The tensors' names and shapes as text, to tell whether a checkpoint belongs to a network.</summary>
    public string Signature =>
        string.Join(";", tensors.Select(t => $"{t.Name}:{string.Join("x", t.Shape)}"));

    public int WeightStart(PlaneOp op) => starts[NetworkModel.WeightName(op.Node)];

    public int WeightStart(NetworkNode node) => starts[NetworkModel.WeightName(node)];

    public int BiasStart(PlaneOp op) => starts[NetworkModel.BiasName(op.Node)];

    /// <summary>The model's values in one array, pinned.</summary>
    public float[] Gather(NetworkModel model)
    {
        var all = GC.AllocateArray<float>(Length, pinned: true);
        foreach (var (name, _, start, length) in tensors) model.Tensors[name].Data.CopyTo(all.AsSpan(start, length));
        return all;
    }

    /// <summary>The values as tensors of their own.</summary>
    public IEnumerable<Tensor> Scatter(float[] all) =>
        tensors.Select(t => new Tensor(t.Name, t.Shape, all.AsSpan(t.Start, t.Length).ToArray()));
}
