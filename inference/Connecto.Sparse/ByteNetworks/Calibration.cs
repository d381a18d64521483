namespace Connecto.Sparse.ByteNetworks;

/// <summary>Finds the steps of a network's planes from samples.</summary>
/// <remarks>
/// Idea: every operation is run as a network of its own, its result kept in floats until its last reader is done, and counted
/// in a histogram of its group; then the clip with the least mean square error is taken (rounding below it, cutting above; one value in ten thousand is
/// an outlier and may be cut at any cost).
/// Given up: the errors' way through the network, which would take a search over all steps at once.
/// </remarks>
internal static class Calibration
{
    public static NetworkQuantization Run(
        NetworkModel model, PixelScale input, IEnumerable<Tensor> samples, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var graph = ByteGraph.Of(model);
        var groups = graph.Groups.ToDictionary(g => g.Value, g => g.Group);
        var histograms = groups.Values.Distinct().ToDictionary(g => g, _ => new ClipHistogram());
        var lastReader = new Dictionary<string, int>();
        for (var i = 0; i < graph.Operations.Count; i++)
            foreach (var name in graph.Operations[i].Inputs) lastReader[name] = i;
        var sessions = graph.Operations.Select(o => Alone(model, o) is { } alone ? new NetworkSession(alone, threads) : null).ToArray();
        try
        {
            var count = 0;
            foreach (var sample in samples)
            {
                count++;
                Check(model, sample, count);
                Dictionary<string, Planes> values = new()
                {
                    [NetworkModel.InputName] = new(sample.Data, sample.Shape[1], sample.Shape[2]),
                };
                for (var i = 0; i < sessions.Length; i++)
                {
                    var operation = graph.Operations[i];
                    var result = values[operation.Output] = Result(sessions[i], operation, values);
                    histograms[groups[operation.Output]].Add(result.Data);
                    foreach (var name in operation.Inputs)
                        if (lastReader[name] == i) values.Remove(name);
                }
            }
            if (count == 0) throw new ArgumentException("Steps are chosen from samples; found none.", nameof(samples));
        }
        finally
        {
            foreach (var session in sessions) session?.Dispose();
        }
        return new NetworkQuantization(input, groups.ToDictionary(g => g.Key, g => histograms[g.Value].Step()));
    }

    private static Planes Result(NetworkSession? session, ByteOperation operation, Dictionary<string, Planes> values)
    {
        var first = values[operation.Inputs[0]];
        if (session is null) return operation.Operator switch
        {
            ByteOperator.Upsample => Repeat(first),
            ByteOperator.Add => Sum(first, values[operation.Inputs[1]]),
            _ => Sum(first, Repeat(values[operation.Inputs[1]])),
        };
        var size = session.Model.OutputSize(new(first.Height, first.Width));
        var result = new Planes(new float[session.Model.Outputs * size.Count], size.Height, size.Width);
        session.Run(first.Data, first.Height, first.Width, result.Data);
        return result;
    }

    private static Planes Sum(Planes a, Planes b)
    {
        var sum = new float[a.Data.Length];
        for (var i = 0; i < sum.Length; i++) sum[i] = a.Data[i] + b.Data[i];
        return a with { Data = sum };
    }

    private static Planes Repeat(Planes planes)
    {
        var data = new float[planes.Data.Length * 4];
        var width = planes.Width * 2;
        // Rows of all planes one after the other: each is repeated twice.
        for (var row = 0; row < planes.Data.Length / planes.Width; row++)
        {
            var to = data.AsSpan(row * 2 * width, 2 * width);
            for (var x = 0; x < planes.Width; x++) to[2 * x] = to[2 * x + 1] = planes.Data[row * planes.Width + x];
            to[..width].CopyTo(to[width..]);
        }
        return new(data, planes.Height * 2, width);
    }

    /// <summary>A network of one convolution or pooling; null for what is done by hand.</summary>
    private static NetworkModel? Alone(NetworkModel model, ByteOperation operation)
    {
        var place = Array.FindIndex([.. model.Nodes], n => n.Name == operation.Inputs[0]);
        var channels = model.Graph.Channels[place + 1]; // the input's where no node has that name
        if (operation.Operator == ByteOperator.MaxPool)
        {
            var net = new NetworkBuilder(channels);
            return net.Build(net.MaxPool2d(operation.Output, NetworkModel.InputName), seed: 1);
        }
        if (operation.Node is not { } node) return null;
        return new NetworkModel(
            channels,
            [
                node with { Inputs = [NetworkModel.InputName] },
                new() { Name = operation.Output, Operator = NetworkOperator.Relu, Inputs = [node.Name] },
            ],
            operation.Output, [model.Tensors[NetworkModel.WeightName(node)], model.Tensors[NetworkModel.BiasName(node)]]);
    }

    private static void Check(NetworkModel model, Tensor sample, int number)
    {
        var shape = sample.Shape;
        var multiple = model.SizeMultiple;
        if (shape.Length != 3 || shape[0] != model.Inputs || shape[1] < 1 || shape[2] < 1 || shape[1] % multiple != 0 ||
            shape[2] % multiple != 0)
            throw new ArgumentException(
                $"Sample {number} has the shape {Tensor.Describe(shape)}; the network takes {model.Inputs} planes whose height and "
                + $"width are multiples of {multiple}.");
        foreach (var value in sample.Data)
            if (!float.IsFinite(value)) throw new ArgumentException($"Sample {number} holds {value}; all values must be finite.");
    }

    private sealed record Planes(float[] Data, int Height, int Width);
}
