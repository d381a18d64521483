using System.Diagnostics;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>A step of a plan, with what it reads and writes.</summary>
/// <param name="Step">The work.</param>
/// <param name="Op">The operation; null for the copies in and out.</param>
/// <param name="Name">What to call it.</param>
/// <param name="Inputs">Values with planes of their own that it reads.</param>
/// <param name="Output">The value it writes; -1 for the copy out.</param>
internal sealed record PlannedStep(BandStep Step, PlaneOp? Op, string Name, int[] Inputs, int Output);

/// <summary>The steps and the memory of a network for one input size.</summary>
/// <remarks>A plane is used again once its last reader is done; steps that take turns band by band count as
/// one.</remarks>
internal sealed class NetworkPlan : IDisposable
{
    private readonly PlaneGeometry geometry;
    private readonly PlaneProgram program;
    private readonly NetworkWeights weights;
    private readonly BandSegment[] segments;

    public NetworkPlan(
        KernelSet kernels, PlaneProgram program, NetworkWeights weights, Extent size, CallerPlanes input, CallerPlanes output,
        BandOptions bands)
    {
        (this.program, this.weights) = (program, weights);
        geometry = new PlaneGeometry(program, size);
        var layouts = BandLayout.Of(program, geometry);
        segments = BandPlanner.Choose(layouts, bands);
        var planes = Place();
        List<PlannedStep> steps =
            [new(new CopyInStep(Arena, geometry.LayoutOf(program.Input), input, planes[program.Input]), null, "input", [], program.Input)];
        foreach (var op in program.Operations)
            steps.Add(new PlannedStep(
                StepFactory.Forward(kernels, op, geometry, planes, weights), op, op.Node.Name,
                [.. op.Inputs.SelectMany(program.Owners).Distinct()], op.Output));
        steps.Add(new PlannedStep(
            new CopyOutStep(Arena, geometry.LayoutOf(program.Output), output, planes[program.Output]), null, "output",
            [.. program.Owners(program.Output).Distinct()], -1));
        (Layers, Steps) = ([.. steps], [.. steps.Select(s => s.Step)]);
        Portions = BandPlanner.Portions(layouts, segments);
    }

    public PlaneArena Arena => geometry.Arena;

    public Extent OutputSize => geometry.SizeOf(program.Output);

    /// <summary>The steps in order, with what they are.</summary>
    public PlannedStep[] Layers { get; }

    public BandStep[] Steps { get; }

    /// <summary>What to do in order: rows of a step.</summary>
    public BandPortion[] Portions { get; }

    /// <summary>The layers in order.</summary>
    /// <param name="ticks">Measured time by step; empty for none.</param>
    public LayerDescription[] Describe(ReadOnlySpan<long> ticks)
    {
        var layers = new LayerDescription[Layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            var segment = Array.FindIndex(segments, s => i < s.End);
            layers[i] = Describe(Layers[i]) with
            {
                Segment = segment,
                Bands = segments[segment].Bands,
                Microseconds = ticks.IsEmpty ? double.NaN : ticks[i] * 1e6 / Stopwatch.Frequency,
            };
        }
        return layers;
    }

    /// <summary>Gives generated code back.</summary>
    public void Dispose()
    {
        foreach (var step in Steps) (step as IDisposable)?.Dispose();
    }

    /// <summary>Takes planes in the order of the operations, and releases each value after its last reader's
    /// segment.</summary>
    private int[][] Place()
    {
        // Step i + 1 is operation i: the copy in comes first.
        var segmentOf = new int[program.Operations.Count + 2];
        for (var s = 0; s < segments.Length; s++)
            for (var i = segments[s].First; i < segments[s].End; i++) segmentOf[i] = s;
        var lastReader = new int[program.Values.Count];
        Array.Fill(lastReader, -1);
        for (var i = 0; i < program.Operations.Count; i++)
            foreach (var owner in program.Operations[i].Inputs.SelectMany(program.Owners)) lastReader[owner] = segmentOf[i + 1];
        foreach (var owner in program.Owners(program.Output)) lastReader[owner] = int.MaxValue;

        var taken = new int[program.Values.Count][];
        List<int> live = [program.Input];
        taken[program.Input] = geometry.Take(program.Input);
        for (var i = 0; i < program.Operations.Count; i++)
        {
            // A segment with one step may give its inputs back at once, and what it writes is taken before.
            var op = program.Operations[i];
            taken[op.Output] = geometry.Take(op.Output);
            live.Add(op.Output);
            if (segmentOf[i + 2] == segmentOf[i + 1]) continue;
            foreach (var value in live.Where(v => lastReader[v] >= 0 && lastReader[v] <= segmentOf[i + 1]).ToArray())
            {
                Arena.Release(taken[value]);
                live.Remove(value);
            }
        }
        Arena.Allocate();
        return [.. Enumerable.Range(0, taken.Length).Select(v => Arena.Offsets([.. program.Owners(v).SelectMany(o => taken[o])]))];
    }

    private LayerDescription Describe(PlannedStep step)
    {
        var value = step.Output >= 0 ? step.Output : program.Output;
        var (size, channels, op) = (geometry.SizeOf(value), program.Values[value].Channels, step.Op);
        var bytes = step.Inputs.Append(value).Sum(v => program.Values[v].Channels * geometry.SizeOf(v).Count) * sizeof(float);
        var layer = new LayerDescription
        {
            Name = step.Name,
            Operation = op is null ? "copy" : op.Operation == PlaneOperation.Phases ? "phases"
                : $"{op.Node.Operator}{(op.Norm is null ? "" : " + BatchNorm")}{(op.Rectified ? " + Relu" : "")}",
            Kernel = step.Step switch
            {
                ConvolutionStep => "dense",
                SparseConvolutionStep => "sparse",
                RowStep => "rows",
                FlatStep => "positions",
                _ => "stream",
            },
            Channels = channels,
            Size = size,
            PlaneBytes = bytes,
            Segment = 0,
            Bands = 1,
        };
        if (op is not { Operation: PlaneOperation.Convolve }) return layer;
        var all = (double)op.Convolution!.Inputs / op.Node.Groups * op.Convolution.Kernel.Count * channels;
        var used = weights.Sparse.TryGetValue(op.Node.Name, out var few) ? few.Matrix.NonZeros : weights.Packed[op.Node.Name].NonZeros;
        return layer with { Density = used / all, MultiplyAdds = used * size.Count };
    }
}
