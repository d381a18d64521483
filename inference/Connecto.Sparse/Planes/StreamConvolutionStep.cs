using System.Runtime.CompilerServices;
using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution with few non-zero weights, by generated code for planes of one size.</summary>
/// <remarks>
/// A stream over (channel, tap) non-zeros: a tap is a displacement into a tile of the inputs, known when the code is made,
/// so no zero is multiplied and no index read. A tile holds as many input planes as one pass reads out of L1 while it
/// runs through all output planes; the code comes from L2, which keeps up, and sums rest in L2 from one tile of planes to
/// the next. Threads share the rows.
/// </remarks>
internal sealed unsafe class StreamConvolutionStep : BandStep, IDisposable
{
    private const int MostRows = 8, MostColumns = 128, MostThreads = 256;

    // Lines of 64 bytes that a pass may read over and over: two thirds of a first-level cache of 32 kB, half of one of 48.
    private const int MostLines = 384;

    private readonly PlaneArena arena;
    private readonly PlaneLayout layout;
    private readonly StreamShape shape;
    private readonly ConvolutionTile[] tiles;
    private readonly int[] entries, weightsAt;
    private readonly ExecutableMemory code;
    private readonly AlignedFloats values, bias;
    private readonly int groups;
    private readonly Buffers?[] buffers = new Buffers?[MostThreads]; // by thread, made when it first runs

    private StreamConvolutionStep(
        PlaneArena arena, PlaneLayout layout, StreamShape shape, ConvolutionTile[] tiles, StreamEmitter emitter, int[] entries,
        int[] weightsAt, ExecutableMemory code, float[] biases) : base(layout)
    {
        (this.arena, this.layout, this.shape, this.tiles, this.code) = (arena, layout, shape, tiles, code);
        (this.entries, this.weightsAt, groups) = (entries, weightsAt, emitter.Groups);
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
        var matrix = weights.Matrix;
        var shape = StreamShape.Choose(matrix.Rows, layout.Width, matrix.Density);
        var emitter = new StreamEmitter(matrix, shape, rectified ? StreamArithmetic.FloatRectified : StreamArithmetic.Float);
        var taps = weights.Pattern.Taps;
        var used = new bool[matrix.Columns];
        foreach (var column in matrix.ColumnIndices) used[column] = true;
        // Every further tile loads and stores all sums once more; a row should have some entries for that.
        var reads = Math.Max(MostLines / shape.Vectors, (int)Math.Min(taps.Length, 10L * taps.Length * matrix.Rows / Math.Max(1, matrix.NonZeros)));
        var columns = Math.Min((layout.Width + shape.Columns - 1) / shape.Columns * shape.Columns, MostColumns);
        var tiles = ConvolutionTile.Cut(taps, used, inputs, layout, Math.Min(MostRows, layout.Rows), columns, reads);

        var targets = outputs.Slice(weights.Pattern.FirstOutput, matrix.Rows).ToArray();
        var (entries, weightsAt) = (new int[tiles.Length], new int[tiles.Length]);
        for (var i = 0; i < tiles.Length; i++)
        {
            var places = new StreamPlaces(Bytes(tiles[i].Places), shape.Columns * sizeof(float), Bytes(targets), Masked: true);
            weightsAt[i] = emitter.Values.Count;
            entries[i] = emitter.EmitTile(places, .., tiles[i].Begin, tiles[i].End, Passes(tiles[i], shape));
        }
        var code = ExecutableMemory.TryLoad(emitter.Code.Code, out _);
        return code is null ? null
            : new StreamConvolutionStep(arena, layout, shape, tiles, emitter, entries, weightsAt, code, weights.Bias);
    }

    public override void Run(int beginRow, int endRow, int thread, int threads)
    {
        if (thread >= MostThreads) return;
        var (first, end) = WorkerPool.Share(endRow - beginRow, 1, thread, Math.Min(threads, MostThreads));
        if (first == end) return;
        var buffer = buffers[thread] ??= new Buffers(
            tiles.Max(t => t.Floats), tiles.Length == 1 ? 0 : (long)groups * Passes(tiles[0], shape) * shape.Rows * shape.Columns);
        // Tiles of about equal height.
        var count = (end - first + tiles[0].Rows - 1) / tiles[0].Rows;
        for (var i = 0; i < count; i++)
        {
            var (row, stop) = (first + (end - first) * i / count, first + (end - first) * (i + 1) / count);
            for (var column = 0; column < layout.Width; column += tiles[0].Columns)
                Multiply(buffer, beginRow + row, stop - row, column, Math.Min(tiles[0].Columns, layout.Width - column));
        }
        GC.KeepAlive(this); // the code must outlive its last call
    }

    public void Dispose() => code.Dispose();

    private static int Passes(ConvolutionTile tile, StreamShape shape) => tile.Rows * (tile.Columns / shape.Columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(Buffers buffer, int row, int rows, int column, int columns)
    {
        StreamArguments arguments = new() { Bias = bias.Data, Passes = 1 };
        for (var i = 0; i < tiles.Length; i++)
        {
            var tile = tiles[i];
            tile.Pack(arena.Base, row, rows, column, columns, buffer.Tile.Data);
            arguments.Weights = values.Data + weightsAt[i];
            arguments.Partials = buffer.Sums.Data;
            var function = (delegate* unmanaged<StreamArguments*, void>)(code.Address + entries[i]);
            for (var y = 0; y < rows; y++)
            {
                // The rows between two sections are zeros, and stay so.
                if ((row + y) % layout.SectionRows >= layout.Height) continue;
                arguments.Input = buffer.Tile.Data + y * tile.Columns;
                arguments.Output = arena.Base + (row + y) * layout.Pitch + column;
                for (var left = columns; left > 0; left -= shape.Columns)
                {
                    arguments.Mask = left < shape.Columns ? (1ul << left) - 1 : ulong.MaxValue;
                    function(&arguments);
                    arguments.Input += shape.Columns;
                    arguments.Output += shape.Columns;
                    arguments.Partials += shape.Rows * shape.Columns;
                }
            }
        }
    }

    private static int[] Bytes(int[] floats) => Array.ConvertAll(floats, f => checked(f * sizeof(float)));

    /// <summary>What a thread works in: a tile, and the sums between tiles.</summary>
    private sealed class Buffers(long tile, long sums)
    {
        public AlignedFloats Tile { get; } = new(tile);

        public AlignedFloats Sums { get; } = new(sums);
    }
}
