using System.Runtime.CompilerServices;
using Connecto.Sparse.Bytes;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A planned 2D convolution of planes of bytes with sparse weights of signed bytes.</summary>
/// <remarks>
/// There is no im2col: a window's tap is a displacement into the planes, and four channels of one tap are a block, which
/// is left out where its four weights are zero. Weights that are zero one by one are multiplied in the blocks
/// that others keep. S[m][y][x] = sum over c, i, j of w[m][c][i][j] * (x[c][stride y + i - padding][stride x + j -
/// padding] - Input.ZeroPoint), and from there on bytes and floats are made exactly as <see cref="ByteProduct"/> says.
/// Layers chain without any repacking: what a convolution writes is what the next one reads.
/// Same bits from every kernel and on any number of threads. Not safe for two callers at once.
/// </remarks>
/// <example><code>
/// var shape = BytePlaneShape.For(channels: 8, height: 256, width: 256);
/// using var layer = ByteConvolution.Create(weights, shape, new() { Input = input, Output = output, Bias = bias }, pool);
/// var (x, y) = (new BytePlanes(shape, input), new BytePlanes(layer.OutputShape, output));
/// x.Load(pixels);
/// layer.Run(x, y);
/// </code></example>
public sealed unsafe class ByteConvolution : IDisposable
{
    private const int RowsOfGroup = 4;

    private readonly ByteConvolutionOptions options;
    private readonly WorkerPool pool;
    private readonly BlockKernel kernel;
    private readonly BlockShape shape;
    private readonly int[][] groups;
    private readonly int lines, tile;
    private readonly float[] factors;
    private readonly float[] bias;
    private readonly FourScales[] quads;
    private readonly AlignedFloats[] sums;
    private readonly Action<int> work;
    private readonly int blocks;
    private readonly ByteFilters filters;
    private PlainWindows? plainWindows;
    private bool disposed;
    private BytePlanes? loaded;
    private BytePlanes? x, y, residual;
    private byte* plain;
    private ByteResult result;

    private ByteConvolution(ByteFilters filters, BytePlaneShape input, ByteConvolutionOptions options, WorkerPool pool)
    {
        (this.filters, this.options, this.pool, InputShape) = (filters, options, pool, input);
        var padding = options.Padding ?? filters.Height / 2;
        OutputShape = new BytePlaneShape(
            filters.Outputs, (input.Height + 2 * padding - filters.Height) / options.Stride + 1,
            (input.Width + 2 * padding - filters.Width) / options.Stride + 1, input.Steps / options.Stride,
            options.OutputBorder);
        OutputShape.Check(nameof(options));
        var rows = filters.Cut(input, padding);
        blocks = rows.Offsets.Length;
        groups = RowGroups.Neighbours(rows.Rows, RowsOfGroup);
        var most = BlockShape.MostVectors(RowsOfGroup);
        // Short lines: several at once. Long ones: equal parts.
        lines = Math.Min(OutputShape.Height, Math.Max(1, most / OutputShape.Steps));
        var parts = (OutputShape.Steps + most - 1) / most;
        tile = (OutputShape.Steps + parts - 1) / parts;
        shape = new BlockShape(RowsOfGroup, lines * tile, 64 * options.Stride, tile, input.LineBytes * options.Stride);
        factors = [.. filters.Scales.Select(s => (float)((double)s * options.Input.Step))];
        bias = options.Bias?.ToArray() ?? new float[filters.Outputs];
        quads = new ByteRequantizer(
            filters.Scales, options.Input.Step, options.Bias, options.Output, options.Residual, options.Activation).Quads();
        kernel = BlockKernel.Create(
            rows, groups, shape, options.Start ?? filters.Start(options.Input.ZeroPoint), [.. Widths().Distinct()], options.Kernel,
            options.Residual is null ? new BlockBytes(quads, OutputShape.LineBytes) : null);
        sums = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats(shape.Sums))];
        work = Work;
    }

    /// <summary>The planes that it reads.</summary>
    public BytePlaneShape InputShape { get; }

    /// <summary>The planes that it writes.</summary>
    public BytePlaneShape OutputShape { get; }

    /// <summary>The kernel in use, never Auto; Stream is generated code.</summary>
    public ProductKernel Kernel => kernel.Kind;

    /// <summary>Plans a convolution with weights that are quantised here: an output channel's scale is its largest
    /// magnitude divided by 127.</summary>
    /// <param name="weights">[outputs][channels][height][width], finite, with its zeros.</param>
    /// <param name="input">The planes to read.</param>
    /// <param name="options">The plan's terms.</param>
    /// <param name="pool">The threads; stays the caller's.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a number is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for by name where none can run.</exception>
    public static ByteConvolution Create(Tensor weights, BytePlaneShape input, ByteConvolutionOptions options, WorkerPool pool) =>
        Create(ByteFilters.Quantize(weights), input, options, pool);

    /// <summary>Plans a convolution with quantised weights.</summary>
    /// <param name="filters">The weights.</param>
    /// <param name="input">The planes to read.</param>
    /// <param name="options">The plan's terms.</param>
    /// <param name="pool">The threads; stays the caller's.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a number is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for by name where none can run.</exception>
    public static ByteConvolution Create(
        ByteFilters filters, BytePlaneShape input, ByteConvolutionOptions options, WorkerPool pool)
    {
        input.Check(nameof(input));
        options.Input.Check(nameof(options));
        options.Output.Check(nameof(options));
        options.Residual?.Check(nameof(options));
        var padding = options.Padding ?? filters.Height / 2;
        if (filters.Channels != input.Channels)
            throw new ArgumentException(
                $"The weights take {filters.Channels} channels; the planes have {input.Channels}.", nameof(filters));
        if (options.Stride is not (1 or 2) || input.Steps % options.Stride != 0)
            throw new ArgumentException(
                $"A stride of {options.Stride} over {input.Steps} steps cannot be: strides are 1, or 2 over an even number.",
                nameof(options));
        // The farthest tap must lie in the planes or their border, and an output pixel in its input pixel's lane.
        if (padding < 0 || padding > input.Border || Math.Max(filters.Height, filters.Width) - 1 - padding > input.Border)
            throw new ArgumentException(
                $"A window of {filters.Height} x {filters.Width} with padding {padding} reaches over a border of {input.Border}.",
                nameof(options));
        if (filters.Height > input.Height + 2 * padding || filters.Width > input.Width + 2 * padding)
            throw new ArgumentException("The window is larger than the padded planes.", nameof(filters));
        if (options.Bias is { } bias && bias.Length != filters.Outputs)
            throw new ArgumentException(
                $"{filters.Outputs} outputs take as many biases; found {bias.Length}.", nameof(options));
        return new ByteConvolution(filters, input, options, pool);
    }

    /// <summary>Planes of bytes from planes of bytes.</summary>
    /// <param name="x">Planes of the input's shape and zero point.</param>
    /// <param name="y">Planes of the output's shape and zero point; written in full, border included. Not x.</param>
    /// <param name="residual">Planes of the output's shape; null exactly where the plan has no scale of a residual.</param>
    /// <exception cref="ArgumentException">A shape or zero point differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(BytePlanes x, BytePlanes y, BytePlanes? residual = null)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (y.Shape != OutputShape || y.Scale.ZeroPoint != options.Output.ZeroPoint || x == y)
            throw new ArgumentException(
                $"The output is planned as {OutputShape} with zero point {options.Output.ZeroPoint}, other than the input; found " +
                $"{y.Shape} and {y.Scale.ZeroPoint}.", nameof(y));
        if (residual is null != options.Residual is null || residual is not null && residual.Shape != OutputShape)
            throw new ArgumentException(
                "The residual must be given where it is planned and only there, in the output's shape.", nameof(residual));
        (this.y, this.residual) = (y, residual);
        Run(x, null, ByteResult.Bytes);
    }

    /// <summary>The integer sums in plain order.</summary>
    /// <param name="x">Planes of the input's shape and zero point.</param>
    /// <param name="sums">[outputs][height][width]; written in full.</param>
    /// <exception cref="ArgumentException">A shape or zero point differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(BytePlanes x, Span<int> sums)
    {
        CheckLength(sums.Length);
        fixed (int* to = sums) Run(x, (byte*)to, ByteResult.Sums);
    }

    /// <summary>Floats in plain order; a residual is not added.</summary>
    /// <param name="x">Planes of the input's shape and zero point.</param>
    /// <param name="values">[outputs][height][width]; written in full.</param>
    /// <exception cref="ArgumentException">A shape or zero point differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(BytePlanes x, Span<float> values)
    {
        CheckLength(values.Length);
        fixed (float* to = values) Run(x, (byte*)to, ByteResult.Floats);
    }

    /// <summary>The integer sums of pixels in plain order, in plain order.</summary>
    /// <param name="pixels">[channels][height][width].</param>
    /// <param name="sums">[outputs][height][width]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>The first call plans this way; later ones allocate nothing.</remarks>
    public void Run(ReadOnlySpan<byte> pixels, Span<int> sums)
    {
        CheckLengths(pixels.Length, sums.Length);
        if (Plain() is not { } windows) Run(Loaded(pixels), sums);
        else
            fixed (byte* from = pixels)
            fixed (int* to = sums) windows.Run(from, (byte*)to, ByteResult.Sums);
    }

    /// <summary>Floats of pixels in plain order, in plain order; a residual is not added.</summary>
    /// <param name="pixels">[channels][height][width].</param>
    /// <param name="values">[outputs][height][width]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>The first call plans this way; later ones allocate nothing.</remarks>
    public void Run(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        CheckLengths(pixels.Length, values.Length);
        if (Plain() is not { } windows) Run(Loaded(pixels), values);
        else
            fixed (byte* from = pixels)
            fixed (float* to = values) windows.Run(from, (byte*)to, ByteResult.Floats);
    }

    /// <summary>One line: the kernel and why.</summary>
    public string Describe() => $"{kernel.Description}; {blocks} blocks, {lines} lines x {tile} vectors a pass";

    /// <summary>Gives the code's memory back.</summary>
    public void Dispose()
    {
        disposed = true;
        kernel.Dispose();
        plainWindows?.Dispose();
    }

    // Only stride 1 keeps a tap at a constant distance.
    private PlainWindows? Plain() => options.Stride > 1 ? null
        : plainWindows ??= new PlainWindows(filters, InputShape, options.Padding ?? filters.Height / 2, options, pool);

    private BytePlanes Loaded(ReadOnlySpan<byte> pixels)
    {
        loaded ??= new BytePlanes(InputShape, options.Input);
        loaded.Load(pixels);
        return loaded;
    }

    private void CheckLengths(int pixels, int results)
    {
        if (pixels != (long)InputShape.Channels * InputShape.Height * InputShape.Width)
            throw new ArgumentException($"The pixels have the shape {InputShape} without borders; found {pixels} of them.");
        CheckLength(results);
    }

    internal int Ops => blocks;

    private void CheckLength(int length)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (length != (long)OutputShape.Channels * OutputShape.Height * OutputShape.Width)
            throw new ArgumentException($"The result has the shape {OutputShape} without borders; found {length} places.");
    }

    private void Run(BytePlanes x, byte* plain, ByteResult result)
    {
        if (x.Shape != InputShape || x.Scale.ZeroPoint != options.Input.ZeroPoint)
            throw new ArgumentException(
                $"The input is planned as {InputShape} with zero point {options.Input.ZeroPoint}; found {x.Shape} and " +
                $"{x.Scale.ZeroPoint}.", nameof(x));
        (this.x, this.result) = (x, result);
        this.plain = plain;
        pool.Run(work);
        (this.x, y, residual) = (null, null, null);
        GC.KeepAlive(this);
    }

    /// <summary>Vectors of the passes that there can be: whole ones, the last of a line, fewer lines.</summary>
    private IEnumerable<int> Widths()
    {
        for (var count = 1; count <= lines; count++)
            for (var s = 0; s < OutputShape.Steps; s += tile)
                yield return count * Math.Min(tile, OutputShape.Steps - s);
    }

    private void Work(int thread)
    {
        var (begin, end) = WorkerPool.Share(OutputShape.Height, lines, thread, pool.Threads);
        Lines(
            new(x!.Data, y is null ? null : y.Data, residual is null ? null : residual.Data, plain, result, (int*)sums[thread].Data),
            begin, end);
        if (result == ByteResult.Bytes) y!.FinishLines(begin, end);
    }

    /// <summary>Bytes of some lines, by the definition; border vectors are left to the caller. Safe from several threads
    /// with memory of their own.</summary>
    /// <param name="from">The input planes.</param>
    /// <param name="to">The output planes.</param>
    /// <param name="scratch"><see cref="ScratchWords"/> words, aligned to 64 bytes.</param>
    /// <param name="begin">The first line.</param>
    /// <param name="end">One past the last.</param>
    internal void Lines(byte* from, byte* to, int* scratch, int begin, int end) =>
        Lines(new(from, to, null, null, ByteResult.Bytes, scratch), begin, end);

    /// <summary>Words of scratch that a call of Lines needs.</summary>
    internal int ScratchWords => shape.Sums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Lines(Target target, int begin, int end)
    {
        var rows = stackalloc int*[RowsOfGroup];
        for (var r = 0; r < RowsOfGroup; r++) rows[r] = target.Sums + r * shape.Vectors * 16;
        for (var line = begin; line < end; line += lines)
        {
            var count = Math.Min(lines, end - line);
            for (var s = 0; s < OutputShape.Steps; s += tile)
            {
                var vectors = Math.Min(tile, OutputShape.Steps - s);
                var from = target.From + InputShape.Place(0, line * options.Stride, s * options.Stride);
                for (var group = 0; group < groups.Length; group++)
                {
                    if (target.Result == ByteResult.Bytes &&
                        kernel.TryBytes(group, from, target.To + OutputShape.Place(group, line, s), count * vectors)) continue;
                    kernel.Sum(0, group, from, rows, count * vectors);
                    for (var i = 0; i < count; i++) Finish(target, group, target.Sums + i * tile * 16, line + i, s, vectors);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(Target target, int quad, int* sums, int line, int s, int vectors)
    {
        if (target.Result == ByteResult.Bytes)
        {
            var place = OutputShape.Place(quad, line, s);
            ByteEpilogue.FourRows(
                sums, shape.Vectors * 16, vectors * 16, quads[quad], target.Residual is null ? null : (uint*)(target.Residual + place),
                (uint*)(target.To + place));
            return;
        }
        for (var row = quad * 4; row < Math.Min(quad * 4 + 4, OutputShape.Channels); row++, sums += shape.Vectors * 16)
        {
            if (target.Result == ByteResult.Floats)
                ByteEpilogue.Floats(
                    sums, vectors * 16, factors[row], bias[row],
                    options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity, (float*)sums);
            var to = (uint*)target.Plain + ((long)row * OutputShape.Height + line) * OutputShape.Width;
            ByteLanes.ToPixels((uint*)sums, s, vectors, OutputShape.Steps, OutputShape.Width, to);
        }
    }

    /// <summary>Where a call reads and writes: planes, or plain order.</summary>
    private readonly struct Target(byte* from, byte* to, byte* residual, byte* plain, ByteResult result, int* sums)
    {
        public readonly byte* From = from, To = to, Residual = residual, Plain = plain;
        public readonly ByteResult Result = result;
        public readonly int* Sums = sums;
    }
}
