using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>Runs a network on planes, again and again.</summary>
/// <remarks>
/// The first run of a size plans its steps and buffers; later runs of that size allocate nothing. The plans of the
/// <see cref="PlansKept"/> sizes used last are kept. Same bits at any number of threads. The weights are copied when
/// the session is made. A convolution with few non-zero weights, as <see cref="Planner"/> expects it to pay, is done by kernels
/// that read only these, to the same bits for finite values. Not safe for two callers at once; give each its own session.
/// </remarks>
public sealed unsafe class NetworkSession : IDisposable
{
    /// <summary>Number of input sizes whose plans are kept.</summary>
    public const int PlansKept = 6;

    private readonly KernelSet kernels;
    private readonly BandOptions bands;
    private readonly WorkerPool pool;
    private readonly PlaneProgram program;
    private readonly NetworkWeights weights;
    private readonly List<(Extent Size, NetworkPlan Plan)> plans = [];
    private readonly CallerPlanes source = new();
    private readonly CallerPlanes target = new();
    private readonly StepRunner runner;

    /// <summary>Prepares a network.</summary>
    /// <param name="model">The network; its weights are copied.</param>
    /// <param name="threads">Threads, the caller's included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    /// <exception cref="InvalidDataException">CONNECTO_KERNEL names no kernel of this machine.</exception>
    public NetworkSession(NetworkModel model, int threads = 1) : this(model, threads, KernelTable.Chosen) { }

    internal NetworkSession(
        NetworkModel model, int threads, KernelSet kernels, double? sparseShare = null, BandOptions? bands = null)
    {
        (Model, this.kernels, this.bands) = (model, kernels, bands ?? BandOptions.For(threads));
        program = new PlaneProgram(model.Graph);
        weights = NetworkWeights.Of(model, program, sparseShare);
        pool = new WorkerPool(threads);
        runner = new StepRunner(pool);
    }

    /// <summary>The network.</summary>
    public NetworkModel Model { get; }

    /// <summary>Threads, the caller's included.</summary>
    public int Threads => pool.Threads;

    /// <summary>Bytes of the buffers of all plans kept.</summary>
    public long BufferBytes => plans.Sum(p => p.Plan.Arena.Bytes);

    /// <summary>Runs the network once on planes.</summary>
    /// <param name="input">[Inputs][height][width].</param>
    /// <param name="height">Rows; a positive multiple of the model's SizeMultiple.</param>
    /// <param name="width">Columns; likewise.</param>
    /// <param name="output">[Outputs] and the model's OutputSize; written in full.</param>
    /// <exception cref="ArgumentException">A size is no such multiple, or a length differs.</exception>
    public void Run(ReadOnlySpan<float> input, int height, int width, Span<float> output) =>
        Run(input, new Extent(height, width), output);

    /// <summary>Runs the network once on volumes.</summary>
    /// <param name="input">[Inputs][depth][height][width].</param>
    /// <param name="size">Sections, rows and columns; positive multiples of the model's DepthMultiple and
    /// SizeMultiple.</param>
    /// <param name="output">[Outputs] and the model's OutputSize; written in full.</param>
    /// <exception cref="ArgumentException">A size is no such multiple, or a length differs.</exception>
    public void Run(ReadOnlySpan<float> input, Extent size, Span<float> output) =>
        Run(PlanFor(size, input.Length, output.Length), input, output, null);

    /// <summary>What the session does for one input size, layer by layer; plans it if need be.</summary>
    /// <exception cref="ArgumentException">The network cannot be computed for that size.</exception>
    public IReadOnlyList<LayerDescription> Describe(Extent size) =>
        PlanFor(size, Model.Inputs * size.Count, null).Describe([]);

    /// <summary>Runs the network as <see cref="Run(ReadOnlySpan{float}, Extent, Span{float})"/> does, and measures every
    /// layer.</summary>
    /// <returns>The layers with their times; of layers that take turns, the sums over all bands.</returns>
    /// <exception cref="ArgumentException">A size is no such multiple, or a length differs.</exception>
    public IReadOnlyList<LayerDescription> Profile(ReadOnlySpan<float> input, Extent size, Span<float> output)
    {
        var plan = PlanFor(size, input.Length, output.Length);
        var ticks = new long[plan.Steps.Length];
        Run(plan, input, output, ticks);
        return plan.Describe(ticks);
    }

    /// <summary>Ends the session's threads and gives generated code back.</summary>
    public void Dispose()
    {
        pool.Dispose();
        foreach (var (_, plan) in plans) plan.Dispose();
    }

    private void Run(NetworkPlan plan, ReadOnlySpan<float> input, Span<float> output, long[]? ticks)
    {
        fixed (float* from = input, to = output)
        {
            source.Data = from;
            target.Data = to;
            runner.Run(plan.Steps, plan.Portions, ticks);
        }
        source.Data = target.Data = null;
    }

    private NetworkPlan PlanFor(Extent size, long input, long? output)
    {
        var plan = Find(size);
        if (plan is null) CheckSize(size);
        var (inputs, outputs) = (Model.Inputs * size.Count, Model.Outputs * (plan?.OutputSize ?? Model.OutputSize(size)).Count);
        if (input != inputs || (output ?? outputs) != outputs)
            throw new ArgumentException($"{size} takes {inputs} values in and {outputs} out; found {input} and {output}.");
        return plan ?? Add(size);
    }

    private void CheckSize(Extent size)
    {
        var (multiple, depth) = (Model.SizeMultiple, Model.DepthMultiple);
        if (size.Range.Least <= 0 || size.Height % multiple != 0 || size.Width % multiple != 0)
            throw new ArgumentException(
                $"Height and width must be positive multiples of {multiple}; found {size}.");
        if (size.Depth % depth != 0) throw new ArgumentException($"The depth must be a multiple of {depth}; found {size}.");
    }

    private NetworkPlan? Find(Extent size)
    {
        for (var i = 0; i < plans.Count; i++)
            if (plans[i].Size == size)
            {
                var found = plans[i];
                plans.RemoveAt(i);
                plans.Add(found); // the least recently used comes first
                return found.Plan;
            }
        return null;
    }

    private NetworkPlan Add(Extent size)
    {
        if (plans.Count == PlansKept)
        {
            plans[0].Plan.Dispose();
            plans.RemoveAt(0);
        }
        plans.Add((size, new NetworkPlan(kernels, program, weights, size, source, target, bands)));
        return plans[^1].Plan;
    }
}
