using System.Diagnostics;

namespace Connecto.Sparse.ByteNetworks;

/// <summary>The steps of a network of bytes for one size, and the shapes of their planes.</summary>
internal sealed class BytePlan : IDisposable
{
    private const string LogitsName = "logits", OutputName = "output";

    private readonly NetworkModel model;
    private readonly NetworkQuantization quantization;
    private readonly ByteGraph graph;
    private readonly Extent size;
    private readonly ProductKernel kernel;
    private readonly int band, steps, border;
    private readonly WorkerPool pool = new(1);
    private readonly List<ByteConvolution> convolutions = [];
    private readonly List<(BytePlaneShape Shape, ByteScale Scale)> slots = [];
    private readonly Dictionary<string, (int Slot, int Step)> values = [];
    private readonly List<ScheduledStep> scheduled = [];
    private readonly BytePortion[] portions;
    private volatile bool disposed;

    public BytePlan(
        NetworkModel model, NetworkQuantization quantization, Extent size, ProductKernel kernel, int band)
    {
        (this.model, this.quantization, this.size, this.kernel, this.band) = (model, quantization, size, kernel, band);
        graph = ByteGraph.Of(model);
        quantization.Check(graph);
        var coarsest = model.Graph.Scale.Max();
        border = Math.Max(1, model.Nodes.Max(n => n.Kernel / 2));
        // Halvings must leave every pixel in its lane, and the coarsest planes room for their border.
        var least = Math.Max((size.Width + 15) / 16, border * coarsest);
        steps = (least + coarsest - 1) / coarsest * coarsest;
        try
        {
            AddInput();
            foreach (var operation in graph.Operations) Add(operation);
            AddHead();
        }
        catch
        {
            Dispose();
            throw;
        }
        portions = ByteSchedule.Of(scheduled);
    }

    /// <summary>The convolutions in order.</summary>
    public List<ByteLayerDescription> Layers { get; } = [];

    /// <summary>Memory for one run at a time.</summary>
    public ByteMemory NewMemory() => new(
        [.. slots.Select(s => new BytePlanes(s.Shape, s.Scale))], convolutions.Max(c => c.ScratchWords), steps * 16);

    /// <summary>Runs all steps.</summary>
    public void Run(ByteMemory memory)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(ByteNetwork));
        foreach (var portion in portions) portion.Step.Run(memory, portion.Begin, portion.End);
        GC.KeepAlive(this);
    }

    /// <summary>Runs all steps and measures each.</summary>
    public (string Name, TimeSpan Time)[] Profile(ByteMemory memory)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(ByteNetwork));
        var ticks = new long[scheduled.Count];
        foreach (var portion in portions)
        {
            var begin = Stopwatch.GetTimestamp();
            portion.Step.Run(memory, portion.Begin, portion.End);
            ticks[portion.Place] += Stopwatch.GetTimestamp() - begin;
        }
        GC.KeepAlive(this);
        return [.. values.Select(v => (v.Key, Stopwatch.GetElapsedTime(0, ticks[v.Value.Step])))];
    }

    public void Dispose()
    {
        disposed = true;
        foreach (var convolution in convolutions) convolution.Dispose();
        pool.Dispose();
    }

    private void AddInput()
    {
        var zero = (int)Math.Round(quantization.Input.Zero, MidpointRounding.AwayFromZero);
        var slot = Slot(model.Inputs, 1, new((float)quantization.Input.Step, zero));
        Schedule(NetworkModel.InputName, new ByteInputStep(slot), slot, [], []);
    }

    private void Add(ByteOperation operation)
    {
        var from = operation.Inputs.Select(i => values[i].Slot).ToArray();
        if (operation.Node is { } node)
        {
            Convolve(operation.Output, node, Scale(operation.Output));
            return;
        }
        var (channels, scale) = Extent(operation.Output);
        var inPlace = operation.Operator is ByteOperator.Add or ByteOperator.AddUpsampled && MayOverwrite(operation);
        var to = inPlace ? from[0] : Slot(channels, scale, Scale(operation.Output));
        ByteStep step = operation.Operator switch
        {
            ByteOperator.MaxPool => new ByteMaxPoolStep(from[0], to),
            ByteOperator.Upsample => new ByteSumStep(-1, from[0], 2, to),
            ByteOperator.Add => new ByteSumStep(from[0], from[1], 1, to),
            _ => new ByteSumStep(from[0], from[1], 2, to),
        };
        Func<int, int> same = lines => lines, doubled = lines => 2 * lines, halved = lines => (lines + 1) / 2;
        Schedule(operation.Output, step, to, operation.Inputs, operation.Operator switch
        {
            ByteOperator.MaxPool => [doubled],
            ByteOperator.Upsample => [halved],
            ByteOperator.Add => [same, same],
            _ => [same, halved],
        });
    }

    private void AddHead()
    {
        Convolve(LogitsName, graph.Head, ByteNetwork.Logits);
        var table = new byte[256];
        for (var i = 0; i < 256; i++)
            table[i] = (byte)Math.Round(255 / (1 + Math.Exp(-(double)ByteNetwork.Logits.Step * (i - ByteNetwork.Logits.ZeroPoint))));
        Schedule(OutputName, new ByteOutputStep(values[LogitsName].Slot, table), -1, [LogitsName], [lines => lines]);
    }

    private void Convolve(string value, NetworkNode node, ByteScale output)
    {
        var input = node.Inputs[0];
        var (from, (channels, scale)) = (values[input].Slot, Extent(node.Name));
        var pixels = input == NetworkModel.InputName ? quantization.Input : new(slots[from].Scale.Step, 0);
        var layer = ByteLayer.Of(model, node, pixels, output);
        var convolution = ByteConvolution.Create(
            layer.Filters, slots[from].Shape,
            new()
            {
                Input = layer.Input,
                Output = output,
                Stride = node.Stride,
                OutputBorder = border,
                Start = layer.Start,
                Kernel = kernel,
            },
            pool);
        convolutions.Add(convolution);
        var perPixel = 1.0 / (scale * scale);
        Layers.Add(new(
            node.Name, model.Tensors[NetworkModel.WeightName(node)].Data.Length * perPixel, convolution.Ops * 4 * perPixel,
            convolution.Describe()));
        var to = Slot(channels, scale, output);
        var reach = node.Kernel / 2 + 1;
        Schedule(
            value, new ByteConvolutionStep(convolution, from, to), to, [input],
            [lines => (lines - 1) * node.Stride + reach]);
    }

    /// <summary>Whether a sum may be written over its first input: nothing reads that later, or only poolings that the other
    /// input depends on, which have read a line before the sum can have it.</summary>
    private bool MayOverwrite(ByteOperation sum)
    {
        foreach (var operation in graph.Operations)
        {
            if (operation == sum || !operation.Inputs.Contains(sum.Inputs[0])) continue;
            if (operation.Operator != ByteOperator.MaxPool || !DependsOn(sum.Inputs[1], operation.Output)) return false;
        }
        return graph.Head.Inputs[0] != sum.Inputs[0] && sum.Inputs[0] != sum.Inputs[1];
    }

    private bool DependsOn(string value, string other) => value == other ||
        graph.Operations.FirstOrDefault(o => o.Output == value) is { } operation && operation.Inputs.Any(i => DependsOn(i, other));

    private void Schedule(string value, ByteStep step, int slot, string[] inputs, Func<int, int>[] reach)
    {
        // The output has no planes of its own, and the input's resolution.
        var (height, scale) = slot < 0 ? (size.Height, 1) : (slots[slot].Shape.Height, size.Height / slots[slot].Shape.Height);
        values[value] = (slot, scheduled.Count);
        scheduled.Add(new(step, [.. inputs.Select(i => values[i].Step)], reach, height, Math.Max(1, band / scale)));
    }

    private int Slot(int channels, int scale, ByteScale bytes)
    {
        slots.Add((new(channels, size.Height / scale, size.Width / scale, steps / scale, border), bytes));
        return slots.Count - 1;
    }

    private ByteScale Scale(string value) => new((float)quantization.Steps[value], 0);

    private (int Channels, int Scale) Extent(string name)
    {
        var place = Array.FindIndex([.. model.Nodes], n => n.Name == name) + 1;
        return (model.Graph.Channels[place], model.Graph.Scale[place]);
    }
}
