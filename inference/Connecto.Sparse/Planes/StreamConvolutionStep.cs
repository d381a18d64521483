using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planes;

/// <summary>A convolution with few non-zero weights, by generated code for planes of one size.</summary>
/// <remarks>
/// A stream over (channel, tap) non-zeros: a tap is a displacement into a tile of the inputs, known when the code is
/// made, so no product with zero is made and no index read; a tile holds every input pixel once. All the code runs on one
/// pass of 32 pixels after another, so that what a pass reads stays in L1, while the code comes from L2, which keeps up.
/// Threads share the rows of tiles.
/// </remarks>
internal sealed unsafe class StreamConvolutionStep : PlaneStep, IDisposable
{
    private const int TileBytes = 384 << 10, MostThreads = 256;

    private readonly PlaneArena arena;
    private readonly PlaneLayout layout;
    private readonly StreamShape shape;
    private readonly ConvolutionTile tile;
    private readonly ExecutableMemory code;
    private readonly AlignedFloats values, bias;
    private readonly AlignedFloats?[] tiles = new AlignedFloats?[MostThreads]; // by thread, made when it first runs

    private StreamConvolutionStep(
        PlaneArena arena, PlaneLayout layout, StreamShape shape, ConvolutionTile tile, StreamEmitter emitter,
        ExecutableMemory code, float[] biases)
    {
        (this.arena, this.layout, this.shape, this.tile, this.code) = (arena, layout, shape, tile, code);
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
        var shape = StreamShape.Choose(weights.Matrix.Rows, layout.Width, weights.Matrix.Density);
        var emitter = new StreamEmitter(
            weights.Matrix, shape, rectified ? StreamArithmetic.FloatRectified : StreamArithmetic.Float);
        var used = new bool[weights.Matrix.Columns];
        foreach (var column in weights.Matrix.ColumnIndices) used[column] = true;
        var taps = weights.Pattern.Taps;
        var tile = new ConvolutionTile(taps, inputs, layout, used, shape.Columns, TileBytes);
        var targets = outputs.Slice(weights.Pattern.FirstOutput, weights.Matrix.Rows).ToArray();
        var places = new StreamPlaces(Bytes(tile.Places(taps)), shape.Columns * sizeof(float), Bytes(targets), Masked: true);
        emitter.EmitTile(places, .., 0, weights.Matrix.Columns, 1);
        var code = ExecutableMemory.TryLoad(emitter.Code.Code, out _);
        return code is null ? null : new StreamConvolutionStep(arena, layout, shape, tile, emitter, code, weights.Bias);
    }

    public override void Run(int thread, int threads)
    {
        var buffer = (tiles[thread] ??= new AlignedFloats(tile.Floats)).Data;
        // Tiles of equal height, so that no thread has one more.
        var count = (layout.Height + tile.Rows - 1) / tile.Rows;
        count = Math.Min((count + threads - 1) / threads * threads, layout.Height);
        var (begin, end) = WorkerPool.Share(count, 1, thread, threads);
        for (var i = begin; i < end; i++)
        {
            var (row, stop) = ((int)((long)layout.Height * i / count), (int)((long)layout.Height * (i + 1) / count));
            for (var column = 0; column < layout.Width; column += tile.Columns)
            {
                var columns = Math.Min(tile.Columns, layout.Width - column);
                tile.Pack(arena.Base, row, stop - row, column, columns, buffer);
                for (var y = row; y < stop; y++)
                    Multiply(buffer + (y - row) * tile.Pitch, arena.Base + y * layout.Pitch + column, columns);
            }
        }
        GC.KeepAlive(this); // the code must outlive its last call
    }

    public void Dispose() => code.Dispose();

    /// <summary>One row of a tile, pass by pass.</summary>
    private void Multiply(float* input, float* output, int columns)
    {
        StreamArguments arguments = new() { Weights = values.Data, Bias = bias.Data, Passes = 1, Mask = ulong.MaxValue };
        for (var at = 0; at < columns; at += shape.Columns)
        {
            arguments.Input = input + at;
            arguments.Output = output + at;
            if (columns - at < shape.Columns) arguments.Mask = (1ul << (columns - at)) - 1;
            ((delegate* unmanaged<StreamArguments*, void>)code.Address)(&arguments);
        }
    }

    private static int[] Bytes(int[] floats) => Array.ConvertAll(floats, f => checked(f * sizeof(float)));
}
