using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution with few non-zero weights, by generated code for planes of one size.</summary>
/// <remarks>
/// A stream over (channel, tap) non-zeros: a tap is a displacement into the plane, known when the code is made, so
/// nothing is copied and no index read. Threads share the passes of 32 pixels.
/// </remarks>
internal sealed unsafe class StreamConvolutionStep : BandStep, IDisposable
{
    private const int PassesAtOnce = 4;

    private readonly PlaneArena arena;
    private readonly PlaneLayout layout;
    private readonly StreamShape shape;
    private readonly int[] targets;
    private readonly ExecutableMemory code;
    private readonly AlignedFloats values, bias;

    private StreamConvolutionStep(
        PlaneArena arena, PlaneLayout layout, StreamShape shape, int[] targets, StreamEmitter emitter, ExecutableMemory code,
        float[] biases) : base(layout)
    {
        (this.arena, this.layout, this.shape, this.targets, this.code) = (arena, layout, shape, targets, code);
        values = new AlignedFloats(emitter.Values.Count + 16);
        for (var i = 0; i < emitter.Values.Count; i++) values.Data[i] = emitter.Values[i];
        bias = new AlignedFloats(biases.Length);
        biases.CopyTo(bias.Span);
    }

    /// <summary>The step, or null where the system allows no code to be made.</summary>
    public static StreamConvolutionStep? TryCreate(
        SparseWeights weights, PlaneArena arena, PlaneLayout layout, ReadOnlySpan<int> inputs, ReadOnlySpan<int> outputs,
        bool rectified)
    {
        var shape = StreamShape.Choose(weights.Matrix.Rows, layout.Length, weights.Matrix.Density);
        var emitter = new StreamEmitter(
            weights.Matrix, shape, rectified ? StreamArithmetic.FloatRectified : StreamArithmetic.Float);
        var sources = Bytes(weights.Pattern.Resolve(inputs, layout));
        var targets = outputs.Slice(weights.Pattern.FirstOutput, weights.Matrix.Rows).ToArray();
        var places = new StreamPlaces(sources, shape.Columns * sizeof(float), Bytes(targets), Masked: false);
        emitter.EmitTile(places, .., 0, weights.Matrix.Columns, 1);
        var code = ExecutableMemory.TryLoad(emitter.Code.Code, out _);
        return code is null ? null
            : new StreamConvolutionStep(arena, layout, shape, targets, emitter, code, weights.Bias);
    }

    public override void Run(int beginRow, int endRow, int thread, int threads)
    {
        var first = FirstFloat(beginRow);
        var passes = (endRow * layout.Pitch - first + shape.Columns - 1) / shape.Columns;
        var (begin, end) = WorkerPool.Share(passes, 1, thread, threads);
        for (var pass = begin; pass < end; pass += PassesAtOnce)
        {
            var count = Math.Min(PassesAtOnce, end - pass);
            var at = first + pass * shape.Columns;
            StreamArguments arguments = new()
            {
                Input = arena.Base + at,
                Output = arena.Base + at,
                Weights = values.Data,
                Bias = bias.Data,
                Passes = count,
            };
            ((delegate* unmanaged<StreamArguments*, void>)code.Address)(&arguments);
            PlaneBorders.Clear(arena.Base, layout, targets, at, at + count * shape.Columns);
        }
        GC.KeepAlive(this); // the code must outlive its last call
    }

    public void Dispose() => code.Dispose();

    private static int[] Bytes(int[] floats) => Array.ConvertAll(floats, f => checked(f * sizeof(float)));
}
