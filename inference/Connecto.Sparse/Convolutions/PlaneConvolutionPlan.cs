using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse.Convolutions;

/// <summary>A convolution on planes with borders of their own: copy in, phases where there is a stride, convolve, copy
/// out.</summary>
internal sealed unsafe class PlaneConvolutionPlan : ConvolutionPlan
{
    private readonly PlaneLayout source, read, written;
    private readonly PlaneArena arena = new();
    private readonly CallerPlanes from = new(), to = new();
    private readonly BandStep[] steps;
    private readonly BandPortion[] portions;
    private readonly StepRunner runner;
    private readonly int phases;

    public PlaneConvolutionPlan(
        ConvolutionGeometry geometry, SparseConvolutionOptions options, Extent output, ConvolutionPattern pattern,
        SparseWeights? sparse, float[] weights, float[] bias, WorkerPool pool) : base(geometry, options.Size, output)
    {
        runner = new StepRunner(pool);
        phases = geometry.Inputs * geometry.Phases;
        var phaseSize = geometry.PhaseSize(InputSize);
        var room = default(PlaneRoom).With(
            phaseSize.With(OutputSize, Math.Max), geometry.Border(phaseSize, OutputSize), geometry.Reach);
        (read, written) = (room.Layout(phaseSize), room.Layout(OutputSize));
        source = geometry.Phases > 1 ? default(PlaneRoom).With(InputSize, default, default).Layout(InputSize) : read;

        arena.AddLevel(0, read);
        arena.AddLevel(1, written);
        arena.AddLevel(2, source);
        var takenReads = arena.Take(0, phases);
        var takenOutputs = arena.Take(1, geometry.Outputs);
        var takenInputs = geometry.Phases > 1 ? arena.Take(2, geometry.Inputs) : takenReads;
        arena.Allocate();
        var (inputs, reads, outputs) = (arena.Offsets(takenInputs), arena.Offsets(takenReads), arena.Offsets(takenOutputs));

        var rectified = options.Activation == ProductActivation.Relu;
        List<BandStep> list = [new CopyInStep(arena, source, from, inputs)];
        if (geometry.Phases > 1) list.Add(new PhaseStep(arena, source, read, geometry.Stride, inputs, reads));
        if (sparse is not null)
            list.Add(new SparseConvolutionStep(KernelTable.Chosen, sparse, arena, written, reads, outputs, rectified));
        else
        {
            var packed = new PackedWeights(pattern);
            packed.Pack(weights, bias);
            list.Add(new ConvolutionStep(
                KernelTable.Chosen, arena, written, packed, reads, outputs, rectified ? TileMode.Relu : TileMode.Plain));
        }
        list.Add(new CopyOutStep(arena, written, to, outputs));
        steps = [.. list];
        Kernel = sparse is null ? ConvolutionKernel.Dense : ConvolutionKernel.Sparse;
        var layouts = Layouts();
        var segments = BandPlanner.Choose(layouts, BandOptions.For(options.Threads));
        portions = BandPlanner.Portions(layouts, segments);
        Particulars = $"planes with borders, {segments.Max(s => s.Bands)} band(s)";
    }

    public override ConvolutionKernel Kernel { get; }

    public override long Bytes => arena.Bytes;

    public override string Particulars { get; }

    public override void Run(float* x, float* y)
    {
        from.Data = x;
        to.Data = y;
        runner.Run(steps, portions);
        from.Data = to.Data = null;
    }

    public override void Dispose() { }

    private BandLayout[] Layouts()
    {
        var ahead = Math.Max(0, Geometry.Ahead.Depth * read.SectionRows + Geometry.Ahead.Height);
        BandLayout convolve = new(
            2, [1], written.Rows, written.Length, Row(Geometry.Outputs, written), rows => Math.Min(read.Rows, rows + ahead));
        BandLayout copyOut = new(-1, [2], written.Rows, written.Length, 0, rows => rows);
        if (Geometry.Phases == 1)
            return [new(1, [], read.Rows, read.Length, Row(phases, read), rows => rows), convolve, copyOut];
        var phased = new BandLayout(1, [0], read.Rows, read.Length, Row(phases, read), rows => Math.Min(
            source.Rows, source.Depth == 1 ? rows * Geometry.Stride.Height
                : (rows / read.SectionRows + 1) * Geometry.Stride.Depth * source.SectionRows));
        return [new(0, [], source.Rows, source.Length, Row(Geometry.Inputs, source), rows => rows), phased, convolve, copyOut];

        static long Row(int planes, PlaneLayout layout) => (long)planes * layout.Pitch * sizeof(float);
    }
}
