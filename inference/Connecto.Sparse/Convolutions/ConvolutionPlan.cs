using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;
using Connecto.Sparse.Planning;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Convolutions;

/// <summary>The steps and the memory of one convolution: copy in, phases where there is a stride, convolve, copy
/// out.</summary>
internal sealed class ConvolutionPlan : IDisposable
{
    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionPattern pattern;
    private readonly PlaneLayout source, read, written;
    private readonly int[] inputs, phases, outputs;

    private ConvolutionPlan(Tensor weights, SparseConvolutionOptions options, ConvolutionGeometry geometry)
    {
        this.geometry = geometry;
        pattern = ConvolutionPattern.Forward(geometry);
        (InputSize, OutputSize) = (options.Size, geometry.After(options.Size, options.Padding));
        var phaseSize = geometry.PhaseSize(InputSize);
        var room = default(PlaneRoom).With(
            phaseSize.With(OutputSize, Math.Max), geometry.Border(phaseSize, OutputSize), geometry.Reach);
        (read, written) = (room.Layout(phaseSize), room.Layout(OutputSize));
        source = geometry.Phases > 1 ? default(PlaneRoom).With(InputSize, default, default).Layout(InputSize) : read;

        Arena.AddLevel(0, read);
        Arena.AddLevel(1, written);
        Arena.AddLevel(2, source);
        var takenPhases = Arena.Take(0, Inputs * geometry.Phases);
        var takenOutputs = Arena.Take(1, Outputs);
        var takenInputs = geometry.Phases > 1 ? Arena.Take(2, Inputs) : takenPhases;
        Arena.Allocate();
        (inputs, phases, outputs) = (Arena.Offsets(takenInputs), Arena.Offsets(takenPhases), Arena.Offsets(takenOutputs));

        List<BandStep> steps = [new CopyInStep(Arena, source, Source, inputs)];
        if (geometry.Phases > 1) steps.Add(new PhaseStep(Arena, source, read, geometry.Stride, inputs, phases));
        steps.Add(Convolve(weights, options));
        steps.Add(new CopyOutStep(Arena, written, Target, outputs));
        Steps = [.. steps];
        var layouts = Layouts();
        var segments = BandPlanner.Choose(layouts, BandOptions.For(options.Threads));
        Portions = BandPlanner.Portions(layouts, segments);
        var nonZeros = weights.Data.Length - weights.Data.Count(v => v == 0);
        Description =
            $"{Kernel.ToString().ToLowerInvariant()}: {Outputs} x {Inputs} channels, kernel {geometry.Kernel}, stride {geometry.Stride}, "
            + $"{InputSize} to {OutputSize}, {nonZeros} non-zeros ({(double)nonZeros / weights.Data.Length:P1} dense), "
            + $"{Arena.Bytes >> 10} KiB of planes, {segments.Max(s => s.Bands)} band(s)";
    }

    public int Inputs => geometry.Inputs;

    public int Outputs => geometry.Outputs;

    public Extent InputSize { get; }

    public Extent OutputSize { get; }

    public PlaneArena Arena { get; } = new();

    public CallerPlanes Source { get; } = new();

    public CallerPlanes Target { get; } = new();

    public BandStep[] Steps { get; }

    public BandPortion[] Portions { get; }

    public ConvolutionKernel Kernel { get; private set; }

    public string Description { get; }

    public static ConvolutionPlan Create(Tensor weights, SparseConvolutionOptions options)
    {
        var geometry = Check(weights, options);
        return new ConvolutionPlan(weights, options, geometry);
    }

    /// <summary>Gives generated code back.</summary>
    public void Dispose()
    {
        foreach (var step in Steps) (step as IDisposable)?.Dispose();
    }

    private static ConvolutionGeometry Check(Tensor weights, SparseConvolutionOptions options)
    {
        var shape = weights.Shape;
        if (shape.Length is not (4 or 5))
            throw new ArgumentException(
                $"A convolution's weights have 4 axes, or 5 for volumes; found {Tensor.Describe(shape)}.", nameof(weights));
        var groups = options.Groups;
        Extent kernel = shape.Length == 5 ? new(shape[2], shape[3], shape[4]) : new(shape[2], shape[3]);
        if (shape[0] < 1 || shape[1] < 1 || groups < 1 || shape[0] % groups != 0)
            throw new ArgumentException(
                $"A convolution has at least one input and one output in each of its {groups} groups; found {Tensor.Describe(shape)}.",
                nameof(weights));
        Within(kernel, 1, 31, "kernel");
        Within(options.Size, 1, int.MaxValue, "size");
        Within(options.Stride, 1, 16, "stride");
        Within(options.Dilation, 1, 16, "dilation");
        if (options.Padding is { } padding) Within(padding, 0, 255, "padding");
        if (options.Bias is { } bias && bias.Length != shape[0])
            throw new ArgumentException($"{shape[0]} outputs take as many biases; found {bias.Length}.", nameof(options));
        var same = kernel.With(options.Dilation, (k, d) => (k - 1) * d / 2);
        var geometry = new ConvolutionGeometry(
            checked(shape[1] * groups), shape[0], kernel, options.Stride, options.Dilation, options.Padding ?? same);
        if (geometry.After(options.Size, options.Padding).Range.Least < 1)
            throw new ArgumentException(
                $"A kernel of {kernel} does not fit into {options.Size}; choose a larger size or padding.", nameof(options));
        return geometry;

        static void Within(Extent extent, int least, int greatest, string what)
        {
            if (extent.Range.Least < least || extent.Range.Greatest > greatest)
                throw new ArgumentException($"A convolution's {what} lies from {least} to {greatest} along every axis; found {extent}.");
        }
    }

    private BandStep Convolve(Tensor weights, SparseConvolutionOptions options)
    {
        var values = ConvolutionGeometry.Ungroup(weights.Data, Outputs, Inputs, options.Groups);
        var bias = options.Bias ?? new float[Outputs];
        var rectified = options.Activation == ProductActivation.Relu;
        var most = options.Kernel == ConvolutionKernel.Dense ? -1
            : options.Kernel == ConvolutionKernel.Auto && options.Groups == 1 ? ConvolutionChoice.SparseShare(values, Outputs, geometry.Kernel.Count) : 1;
        var sparse = SparseWeights.TryCreate(pattern, values, bias, most);
        BandStep step;
        if (sparse is null)
        {
            var packed = new PackedWeights(pattern);
            packed.Pack(values, bias);
            step = new ConvolutionStep(
                KernelTable.Chosen, Arena, written, packed, phases, outputs, rectified ? TileMode.Relu : TileMode.Plain);
        }
        else step = options.Kernel switch
        {
            ConvolutionKernel.Sparse =>
                new SparseConvolutionStep(KernelTable.Chosen, sparse, Arena, written, phases, outputs, rectified),
            ConvolutionKernel.Stream => Stream(sparse, rectified),
            _ => sparse.Step(KernelTable.Chosen, Arena, written, phases, outputs, rectified),
        };
        Kernel = step switch
        {
            ConvolutionStep => ConvolutionKernel.Dense,
            SparseConvolutionStep => ConvolutionKernel.Sparse,
            _ => ConvolutionKernel.Stream,
        };
        return step;
    }

    private BandStep Stream(SparseWeights sparse, bool rectified)
    {
        var obstacle = StreamSupport.Obstacle(sparse.Matrix, 1)
            ?? (Arena.Bytes < int.MaxValue ? null : "the planes are larger than 2 GB");
        BandStep? step = obstacle is null
            ? StreamConvolutionStep.TryCreate(sparse, Arena, written, phases, outputs, rectified) : null;
        return step ?? throw new PlatformNotSupportedException(
            $"No stream can be used here: {obstacle ?? "the system allows no code to be made"}.");
    }

    private BandLayout[] Layouts()
    {
        var ahead = Math.Max(0, geometry.Ahead.Depth * read.SectionRows + geometry.Ahead.Height);
        BandLayout convolve = new(2, [1], written.Rows, written.Length, Bytes(Outputs, written), rows => Math.Min(read.Rows, rows + ahead));
        BandLayout copyOut = new(-1, [2], written.Rows, written.Length, 0, rows => rows);
        if (geometry.Phases == 1)
            return [new(1, [], read.Rows, read.Length, Bytes(Inputs, read), rows => rows), convolve, copyOut];
        var phased = new BandLayout(1, [0], read.Rows, read.Length, Bytes(phases.Length, read), rows => Math.Min(
            source.Rows, source.Depth == 1 ? rows * geometry.Stride.Height
                : (rows / read.SectionRows + 1) * geometry.Stride.Depth * source.SectionRows));
        return [new(0, [], source.Rows, source.Length, Bytes(Inputs, source), rows => rows), phased, convolve, copyOut];

        static long Bytes(int planes, PlaneLayout layout) => (long)planes * layout.Pitch * sizeof(float);
    }
}
