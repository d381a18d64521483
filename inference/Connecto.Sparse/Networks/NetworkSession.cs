using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>Runs a network on planes, again and again.</summary>
/// <remarks>
/// The first run of a size plans its steps and buffers; later runs of that size allocate nothing. The plans of the
/// <see cref="PlansKept"/> sizes used last are kept. Same bits at any number of threads. The weights are copied when
/// the session is made. A convolution with few non-zero weights (<see cref="SparseShare"/> at most) is done by kernels
/// that read only these, to the same bits for finite values. Not safe for two callers at once; give each its own session.
/// </remarks>
public sealed unsafe class NetworkSession : IDisposable
{
    /// <summary>Number of input sizes whose plans are kept.</summary>
    public const int PlansKept = 6;

    /// <summary>Share of non-zero weights up to which a convolution is done by the sparse kernels.</summary>
    public const double SparseShare = SparseWeights.HighestDensity;

    private readonly KernelSet kernels;
    private readonly double sparseShare;
    private readonly WorkerPool pool;
    private readonly PlaneProgram program;
    private readonly Dictionary<string, PackedWeights> weights;
    private readonly Dictionary<string, SparseWeights> sparse = [];
    private readonly List<(int Height, int Width, NetworkPlan Plan)> plans = [];
    private readonly CallerPlanes source = new();
    private readonly CallerPlanes target = new();
    private readonly Action<int> runCurrent;
    private PlaneStep? current;

    /// <summary>Prepares a network.</summary>
    /// <param name="model">The network; its weights are copied.</param>
    /// <param name="threads">Threads, the caller's included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    /// <exception cref="InvalidDataException">CONNECTO_KERNEL names no kernel of this machine.</exception>
    public NetworkSession(NetworkModel model, int threads = 1) : this(model, threads, KernelTable.Chosen) { }

    internal NetworkSession(NetworkModel model, int threads, KernelSet kernels, double sparseShare = SparseShare)
    {
        (Model, this.kernels, this.sparseShare) = (model, kernels, sparseShare);
        program = new PlaneProgram(model.Graph);
        weights = StepFactory.Weights(program);
        foreach (var op in program.Operations)
            if (op.Operation == PlaneOperation.Convolve)
                Take(
                    op.Node.Name, model.Tensors[NetworkModel.WeightName(op.Node)].Data,
                    model.Tensors[NetworkModel.BiasName(op.Node)].Data);
        pool = new WorkerPool(threads);
        runCurrent = thread => current!.Run(thread, pool.Threads);
    }

    /// <summary>The network.</summary>
    public NetworkModel Model { get; }

    /// <summary>Threads, the caller's included.</summary>
    public int Threads => pool.Threads;

    /// <summary>Bytes of the buffers of all plans kept.</summary>
    public long BufferBytes => plans.Sum(p => p.Plan.Arena.Bytes);

    /// <summary>Runs the network once.</summary>
    /// <param name="input">[Inputs][height][width].</param>
    /// <param name="height">Rows; a positive multiple of the model's SizeMultiple.</param>
    /// <param name="width">Columns; likewise.</param>
    /// <param name="output">[Outputs][height / OutputScale][width / OutputScale]; written in full.</param>
    /// <exception cref="ArgumentException">A size is no such multiple, or a length differs.</exception>
    public void Run(ReadOnlySpan<float> input, int height, int width, Span<float> output)
    {
        CheckSizes(input.Length, height, width, output.Length);
        var plan = PlanFor(height, width);
        fixed (float* from = input, to = output)
        {
            source.Data = from;
            target.Data = to;
            foreach (var step in plan.Steps)
            {
                current = step;
                pool.Run(runCurrent);
            }
        }
        source.Data = target.Data = null;
    }

    /// <summary>Ends the session's threads.</summary>
    public void Dispose()
    {
        pool.Dispose();
        foreach (var (_, _, plan) in plans) plan.Dispose();
    }

    private void Take(string name, float[] values, float[] bias)
    {
        if (SparseWeights.TryCreate(weights[name].Pattern, values, bias, sparseShare) is { } few) sparse.Add(name, few);
        else weights[name].Pack(values, bias);
    }

    private void CheckSizes(int input, int height, int width, int output)
    {
        var multiple = Model.SizeMultiple;
        if (height <= 0 || width <= 0 || height % multiple != 0 || width % multiple != 0)
            throw new ArgumentException(
                $"Height and width must be positive multiples of {multiple}; found {height} x {width}.");
        var inputs = (long)Model.Inputs * height * width;
        var outputs = (long)Model.Outputs * (height / Model.OutputScale) * (width / Model.OutputScale);
        if (input != inputs || output != outputs)
            throw new ArgumentException(
                $"{height} x {width} takes {inputs} values in and {outputs} out; found {input} and {output}.");
    }

    private NetworkPlan PlanFor(int height, int width)
    {
        for (var i = 0; i < plans.Count; i++)
            if (plans[i].Height == height && plans[i].Width == width)
            {
                var found = plans[i];
                plans.RemoveAt(i);
                plans.Add(found); // the least recently used comes first
                return found.Plan;
            }
        if (plans.Count == PlansKept)
        {
            plans[0].Plan.Dispose();
            plans.RemoveAt(0);
        }
        plans.Add((height, width, new NetworkPlan(kernels, program, weights, sparse, height, width, source, target)));
        return plans[^1].Plan;
    }
}
