using System.Diagnostics;
using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Streams;

/// <summary>A sparse product by generated code, tile by tile of the inputs.</summary>
/// <remarks>
/// Columns are packed into panels of one pass, [pass][input][32], so that every load is one aligned line and the code's
/// displacements are short. With many passes, threads share the passes: each packs a tile for a few of them at a time,
/// and runs all the code on it while it is in the cache. With few, threads pack all of them together, and then share
/// the groups of rows: each runs its own part of the code.
/// </remarks>
internal sealed unsafe class StreamPlan : ProductPlan
{
    // A tile of inputs shares the private cache with the code. It need not fit L1: out of L2 the loads keep up, while
    // every further tile stores and loads all sums once more.
    private const int PassesAtOnce = 4, MostPassesTogether = 8, TileBytes = 512 << 10;

    private readonly StreamShape shape;
    private readonly WorkerPool pool;
    private readonly int depth, columns, passes, block, tileDepth, tiles, segments;
    private readonly ExecutableMemory code;
    private readonly nint[] entries;
    private readonly int[] weightsAt;
    private readonly AlignedFloats weights, bias;
    private readonly AlignedFloats[] inputs, partials;
    private readonly Action<int> pack, multiply, all;
    private float* x;
    private float* y;

    private StreamPlan(CsrMatrix matrix, SparseProductOptions options, WorkerPool pool, Emitted emitted, ExecutableMemory code)
    {
        (shape, this.pool, this.code) = (emitted.Shape, pool, code);
        (depth, columns) = (matrix.Columns, options.Columns);
        (passes, block, tileDepth, tiles, segments) =
            (emitted.Passes, emitted.Block, emitted.TileDepth, emitted.Tiles, emitted.Segments);
        entries = [.. emitted.Entries.Select(e => (nint)code.Address + e)];
        weightsAt = emitted.WeightsAt;
        weights = new AlignedFloats(emitted.Values.Count + 16);
        for (var i = 0; i < emitted.Values.Count; i++) weights.Data[i] = emitted.Values[i];
        bias = new AlignedFloats(matrix.Rows);
        options.Bias?.CopyTo(bias.Span);

        var copies = segments > 1 ? 1 : pool.Threads;
        var tile = segments > 1 ? (long)depth : tileDepth;
        inputs = [.. Enumerable.Range(0, copies).Select(_ => new AlignedFloats(tile * block * shape.Columns))];
        var sums = tiles == 1 ? 0 : (long)emitted.Groups * block * shape.Rows * shape.Columns;
        partials = [.. Enumerable.Range(0, copies).Select(_ => new AlignedFloats(sums))];
        (pack, multiply, all) = (PackAll, MultiplySegment, RunPasses);
        Description =
            $"stream: AVX-512, {shape.Rows} rows x {shape.Columns} columns a pass, {tiles} tile(s) of {tileDepth} inputs, " +
            $"{matrix.NonZeros} non-zeros ({matrix.Density:P1} dense), {emitted.CodeBytes} bytes of code, " +
            $"generated in {emitted.Milliseconds:F1} ms";
    }

    public override ProductKernel Kernel => ProductKernel.Stream;

    public override string Description { get; }

    /// <summary>Generates the code.</summary>
    /// <returns>The plan, or null where the system allows no code, with the reason.</returns>
    public static StreamPlan? TryCreate(CsrMatrix matrix, SparseProductOptions options, WorkerPool pool, out string? obstacle)
    {
        var begin = Stopwatch.GetTimestamp();
        var emitted = Emit(matrix, options, pool.Threads);
        var code = ExecutableMemory.TryLoad(emitted.Code, out obstacle);
        emitted.Milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return code is null ? null : new StreamPlan(matrix, options, pool, emitted, code);
    }

    public override void Run(float* x, float* y)
    {
        ObjectDisposedException.ThrowIf(code.IsClosed, this);
        this.x = x;
        this.y = y;
        if (segments == 1) pool.Run(all);
        else
        {
            pool.Run(pack);
            pool.Run(multiply);
        }
        GC.KeepAlive(this); // the code must outlive its last call
    }

    public override void Dispose() => code.Dispose();

    private static Emitted Emit(CsrMatrix matrix, SparseProductOptions options, int threads)
    {
        var shape = StreamShape.Choose(matrix.Rows, options.Columns, matrix.Density);
        var emitter = new StreamEmitter(
            matrix, shape, options.Activation == ProductActivation.Relu ? StreamArithmetic.FloatRectified : StreamArithmetic.Float);
        var passes = (options.Columns + shape.Columns - 1) / shape.Columns;
        var together = passes <= MostPassesTogether;
        var block = together ? passes : PassesAtOnce;
        var deepest = TileBytes / (block * shape.Columns * sizeof(float));
        var tiles = Math.Max(1, (matrix.Columns + deepest - 1) / deepest);
        var tileDepth = (matrix.Columns + tiles - 1) / tiles;
        if (tileDepth > 0) tiles = Math.Max(1, (matrix.Columns + tileDepth - 1) / tileDepth);
        var segments = together ? Math.Max(1, Math.Min(threads, emitter.Groups)) : 1;

        var inputs = new int[matrix.Columns];
        for (var k = 0; k < inputs.Length; k++) inputs[k] = k % tileDepth * shape.Columns * sizeof(float);
        var outputs = new int[matrix.Rows];
        for (var r = 0; r < outputs.Length; r++) outputs[r] = r * options.Columns * sizeof(float);

        var entries = new int[tiles * segments];
        var weightsAt = new int[tiles * segments];
        for (var tile = 0; tile < tiles; tile++)
        {
            var (begin, end) = (tile * tileDepth, Math.Min(matrix.Columns, (tile + 1) * tileDepth));
            var places = new StreamPlaces(inputs, (end - begin) * shape.Columns * sizeof(float), outputs, Masked: true);
            for (var segment = 0; segment < segments; segment++)
            {
                var (first, stop) = WorkerPool.Share(emitter.Groups, 1, segment, segments);
                weightsAt[tile * segments + segment] = emitter.Values.Count;
                entries[tile * segments + segment] = emitter.EmitTile(places, first..stop, begin, end, block);
            }
        }
        return new Emitted(
            shape, passes, block, tileDepth, tiles, segments, emitter.Groups, entries, weightsAt, emitter.Values,
            emitter.Code.Code.ToArray());
    }

    private void PackAll(int thread)
    {
        for (var tile = 0; tile < tiles; tile++)
        {
            var (begin, rows) = TileRows(tile);
            var to = inputs[0].Data + (long)begin * passes * shape.Columns;
            // By pieces of rows of passes, so that two threads have work even for one pass.
            var (first, end) = WorkerPool.Share(rows, 1, thread, pool.Threads);
            for (var pass = 0; pass < passes; pass++)
                Pack(pass, begin + first, end - first, to + ((long)pass * rows + first) * shape.Columns);
        }
    }

    private void MultiplySegment(int thread)
    {
        if (thread >= segments) return;
        for (var tile = 0; tile < tiles; tile++)
            Call(tile, thread, inputs[0].Data + (long)TileRows(tile).Begin * passes * shape.Columns, partials[0].Data, 0, passes);
    }

    private void RunPasses(int thread)
    {
        var (first, end) = WorkerPool.Share(passes, 1, thread, pool.Threads);
        var input = inputs[thread].Data;
        for (var pass = first; pass < end; pass += block)
        {
            var count = Math.Min(block, end - pass);
            for (var tile = 0; tile < tiles; tile++)
            {
                var (begin, rows) = TileRows(tile);
                for (var p = 0; p < count; p++) Pack(pass + p, begin, rows, input + (long)p * rows * shape.Columns);
                Call(tile, 0, input, partials[thread].Data, pass, count);
            }
        }
    }

    private void Pack(int pass, int row, int rows, float* to)
    {
        var at = pass * shape.Columns;
        Panels.Pack(x + (long)row * columns + at, columns, rows, Math.Min(shape.Columns, columns - at), to, shape.Columns);
    }

    /// <summary>Runs a tile's code on consecutive passes; one with fewer columns than its vectors goes alone.</summary>
    private void Call(int tile, int segment, float* input, float* partial, int firstPass, int count)
    {
        var last = firstPass + count == passes ? columns - (passes - 1) * shape.Columns : shape.Columns;
        var whole = last == shape.Columns ? count : count - 1;
        var place = tile * segments + segment;
        var function = (delegate* unmanaged<StreamArguments*, void>)entries[place];
        StreamArguments arguments = new()
        {
            Input = input,
            Weights = weights.Data + weightsAt[place],
            Output = y + (long)firstPass * shape.Columns,
            Partials = partial,
            Bias = bias.Data,
            Passes = whole,
            Mask = ulong.MaxValue,
        };
        if (whole > 0) function(&arguments);
        if (whole == count) return;
        arguments.Input += (long)whole * TileRows(tile).Rows * shape.Columns;
        arguments.Output += (long)whole * shape.Columns;
        arguments.Partials += (long)whole * shape.Rows * shape.Columns;
        (arguments.Passes, arguments.Mask) = (1, (1ul << last) - 1);
        function(&arguments);
    }

    private (int Begin, int Rows) TileRows(int tile) =>
        (tile * tileDepth, Math.Min(depth, (tile + 1) * tileDepth) - tile * tileDepth);

    /// <summary>What the generation yields.</summary>
    private sealed record Emitted(
        StreamShape Shape, int Passes, int Block, int TileDepth, int Tiles, int Segments, int Groups, int[] Entries,
        int[] WeightsAt, IReadOnlyList<float> Values, byte[] Code)
    {
        public int CodeBytes => Code.Length;

        public double Milliseconds { get; set; }
    }
}
