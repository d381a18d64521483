using System.Numerics;
using System.Runtime.CompilerServices;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>A product of floats or 16-bit floats and vectors of floats.</summary>
internal sealed unsafe class FloatDecodeProduct<TValue> : DecodeProduct where TValue : unmanaged
{
    private readonly BitmaskMatrix<TValue> matrix;
    private readonly DecodeFormat format;
    private readonly DecodePlan? plan;
    private readonly WorkerPool pool;
    private readonly RowEpilogue epilogue;
    private readonly AlignedFloats input;
    private readonly Action<int> generated, portable;
    private readonly string description;
    private float* x;
    private float* y;

    public FloatDecodeProduct(BitmaskMatrix<TValue> matrix, DecodeOptions options, DecodeFormat format)
        : base(matrix.Rows, matrix.Columns, options)
    {
        (this.matrix, this.format) = (matrix, format);
        var shape = new DecodeShape(format, Batch);
        plan = Plan(
            DecodeSupport.Obstacle(shape, Rows, Columns), options, () => MaskedPacking.Pack(matrix, shape),
            _ => DecodeEmitter.Emit(shape, matrix.Density), out var why);
        epilogue = new RowEpilogue(matrix.RowScales, options);
        input = new AlignedFloats(plan is null ? 0 : (long)Batch * plan.PaddedColumns);
        description = (plan is null ? $"portable: {why}" : $"generated: AVX-512, {plan.CodeBytes} bytes of code") +
            $"; bits and {sizeof(TValue)}-byte floats, {matrix.NonZeros} entries ({matrix.Density:P1} dense), {WeightBytes} bytes a run";
        (generated, portable) = (RunGenerated, RunPortable);
        pool = new WorkerPool(options.Threads);
    }

    public override DecodeKernel Kernel => plan is null ? DecodeKernel.Portable : DecodeKernel.Generated;

    public override long WeightBytes => plan?.Bytes ?? matrix.Bytes;

    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        fixed (float* from = x, to = y)
        {
            this.x = from;
            this.y = to;
            pool.Run(plan is not null && Pack() ? generated : portable);
        }
    }

    public override string Describe() => description;

    public override void Dispose()
    {
        pool.Dispose();
        plan?.Dispose();
    }

    /// <summary>Copies the vectors in the kernel's order, [word][vector][64].</summary>
    /// <returns>Whether the generated kernel gives the right result.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Pack()
    {
        float nothing = 0;
        for (var n = 0; n < Batch; n++)
        {
            var from = x + (long)n * Columns;
            var to = input.Data + n * DecodeShape.WordColumns;
            for (var first = 0; first < Columns; first += DecodeShape.WordColumns, to += Batch * DecodeShape.WordColumns)
            {
                var word = new ReadOnlySpan<float>(from + first, Math.Min(DecodeShape.WordColumns, Columns - first));
                if (format == DecodeFormat.MaskedFloats) word.CopyTo(new Span<float>(to, DecodeShape.WordColumns));
                else nothing += PackPairs(word, to);
            }
        }
        return !float.IsNaN(nothing);
    }

    // Of every 32 columns first the 16 even ones, then the odd ones. The result is NaN unless all are finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float PackPairs(ReadOnlySpan<float> from, float* to)
    {
        float nothing = 0;
        for (var k = 0; k < from.Length; k++)
        {
            to[k / 32 * 32 + k % 2 * 16 + k % 32 / 2] = from[k];
            nothing += from[k] * 0f;
        }
        return nothing;
    }

    private void RunGenerated(int thread)
    {
        plan!.Multiply(thread, input.Data, (int*)y);
        var (begin, end) = plan.Rows(thread);
        for (var n = 0; n < Batch; n++) epilogue.Finish(y + (long)n * Rows, begin, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunPortable(int thread)
    {
        var (begin, end) = WorkerPool.Share(Rows, 1, thread, pool.Threads);
        Span<float> lanes = stackalloc float[LaneSums.Lanes];
        var shift = format == DecodeFormat.MaskedHalves ? 1 : 0;
        for (var row = begin; row < end; row++)
        {
            var words = matrix.Masks.Slice(row * matrix.WordsPerRow, matrix.WordsPerRow);
            for (var n = 0; n < Batch; n++)
            {
                lanes.Clear();
                var from = x + (long)n * Columns;
                var next = matrix.RowStarts[row];
                foreach (var word in words)
                {
                    for (var rest = word; rest != 0; rest &= rest - 1)
                    {
                        var column = BitOperations.TrailingZeroCount(rest);
                        ref var lane = ref lanes[(column >> shift) % LaneSums.Lanes];
                        lane = MathF.FusedMultiplyAdd(from[column], BitmaskMatrix.ToFloat(matrix.Values[next++]), lane);
                    }
                    from += DecodeShape.WordColumns;
                }
                y[(long)n * Rows + row] = LaneSums.Sum(lanes);
            }
        }
        for (var n = 0; n < Batch; n++) epilogue.Finish(y + (long)n * Rows, begin, end);
    }
}
