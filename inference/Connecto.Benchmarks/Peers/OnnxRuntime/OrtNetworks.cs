using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>One network in ONNX Runtime, in floats and in bytes, at one size of planes.</summary>
internal sealed class OrtNetworks : IDisposable
{
    private readonly OrtSession floats;
    private readonly OrtSession? bytes;
    private readonly OrtPlanes output;
    private readonly Func<float[], OrtPlanes> input;

    /// <summary>Makes both.</summary>
    /// <param name="library">The library.</param>
    /// <param name="model">The network.</param>
    /// <param name="size">Rows and columns of its planes.</param>
    /// <param name="threads">Threads inside an operator.</param>
    /// <param name="samples">Inputs whose planes tell the ranges of the bytes, one or more.</param>
    public OrtNetworks(OrtLibrary library, NetworkModel model, Extent size, int threads, IReadOnlyList<float[]> samples)
    {
        Library = library;
        input = values => new OrtPlanes(NetworkModel.InputName, [1, model.Inputs, size.Height, size.Width], values);
        output = new OrtPlanes(model.Output, [1, model.Outputs, size.Height, size.Width], new float[model.Outputs * size.Count]);
        floats = new OrtSession(library, OnnxFile.Serialize(model, new OnnxOptions { Size = size }), threads);
        try
        {
            bytes = new OrtSession(library, QuantizedOnnx.Serialize(model, size, Ranges(model, size, threads, samples)), threads);
        }
        catch (NotSupportedException e)
        {
            Missing = $"There is no row of ONNX Runtime in int8: {e.Message}.";
        }
    }

    /// <summary>The library.</summary>
    public OrtLibrary Library { get; }

    /// <summary>Why there are no bytes, in a sentence; null where there are.</summary>
    public string? Missing { get; }

    /// <summary>What the last run wrote.</summary>
    public ReadOnlySpan<float> Output => output.Values;

    /// <summary>Runs the network in floats.</summary>
    public void RunFloats(float[] values) => floats.Run(input(values), output);

    /// <summary>Runs the network in bytes; null where it cannot.</summary>
    public Action<float[]>? RunBytes => bytes is null ? null : values => bytes.Run(input(values), output);

    /// <summary>Ends both.</summary>
    public void Dispose()
    {
        floats.Dispose();
        bytes?.Dispose();
    }

    // Least and largest value of every node over all samples.
    private Dictionary<string, (float, float)> Ranges(NetworkModel model, Extent size, int threads, IReadOnlyList<float[]> samples)
    {
        var names = model.Nodes.Select(n => n.Name).ToArray();
        var file = OnnxFile.Serialize(model, new OnnxOptions { Size = size }, names);
        var all = model.Nodes.Select((n, i) =>
        {
            var (rows, columns) = (size.Height / model.Graph.Scale[i + 1], size.Width / model.Graph.Scale[i + 1]);
            return new OrtPlanes(n.Name, [1, model.Graph.Channels[i + 1], rows, columns], new float[model.Graph.Channels[i + 1] * rows * columns]);
        }).ToArray();
        using var session = new OrtSession(Library, file, threads);
        var ranges = new Dictionary<string, (float Low, float High)>();
        foreach (var sample in samples)
        {
            session.Run(input(sample), all);
            Widen(NetworkModel.InputName, sample);
            foreach (var planes in all) Widen(planes.Name, planes.Values);
        }
        return ranges;

        void Widen(string name, float[] values)
        {
            var (low, high) = ranges.GetValueOrDefault(name, (float.MaxValue, float.MinValue));
            foreach (var value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            ranges[name] = (low, high);
        }
    }
}
