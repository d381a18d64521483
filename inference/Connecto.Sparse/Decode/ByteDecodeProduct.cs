using System.Numerics;
using Connecto.Sparse.Decode;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A <see cref="DecodeProduct"/> of signed bytes and vectors of unsigned bytes, given as such or made from
/// floats.</summary>
/// <remarks>
/// S[n][r] = sum over k of w[r][k] * (x[n][k] - zeroPoint[n]) in 32-bit integers, exact; y = activation(float(S) *
/// (RowScales[r] * scale[n]) + bias[r]), each step rounded to float.
/// </remarks>
public sealed unsafe class ByteDecodeProduct : DecodeProduct
{
    private const int MostColumns = 65_000; // 128 * 255 * 65,000 < 2^31

    private readonly BitmaskMatrix<sbyte>? sparse;
    private readonly sbyte[] dense = [];
    private readonly DecodePlan? plan;
    private readonly WorkerPool pool;
    private readonly RowEpilogue epilogue;
    private readonly AlignedFloats input;
    private readonly int[] rowSums;
    private readonly int stride;
    private readonly float[] scales = new float[DecodeOptions.MostVectors];
    private readonly int[] zeroPoints = new int[DecodeOptions.MostVectors];
    private readonly Action<int> sums, floats;
    private readonly string description;
    private int* y;

    internal ByteDecodeProduct(BitmaskMatrix<sbyte> matrix, DecodeOptions options)
        : this(matrix.Rows, matrix.Columns, matrix.RowScales, options)
    {
        for (var row = 0; row < Rows; row++)
            foreach (var w in matrix.Values[matrix.RowStarts[row]..matrix.RowStarts[row + 1]]) rowSums[row] += w;
        var shape = new DecodeShape(DecodeFormat.MaskedBytes, Batch);
        plan = Plan(
            DecodeSupport.Obstacle(shape, Rows, Columns), options, () => MaskedPacking.Pack(matrix, shape),
            packed => DecodeEmitter.Emit(shape, packed.Words, matrix.Density), out var why);
        if (plan is null) sparse = matrix;
        WeightBytes = plan?.Bytes ?? matrix.Bytes;
        description = Text($"bits and bytes, {matrix.NonZeros} entries ({matrix.Density:P1} dense)", why);
        pool = new WorkerPool(options.Threads);
    }

    internal ByteDecodeProduct(ReadOnlySpan<sbyte> weights, int rows, int columns, ReadOnlySpan<float> rowScales, DecodeOptions options)
        : this(rows, columns, rowScales.IsEmpty ? [.. Enumerable.Repeat(1f, rows)] : rowScales, options)
    {
        for (var i = 0; i < weights.Length; i++) rowSums[i / columns] += weights[i];
        var shape = new DecodeShape(DecodeFormat.DenseBytes, Batch);
        dense = weights.ToArray();
        plan = Plan(
            DecodeSupport.Obstacle(shape, Rows, Columns), options, () => MaskedPacking.PackDense(dense, rows, columns, shape),
            packed => DecodeEmitter.Emit(shape, packed.Words, 1), out var why);
        if (plan is not null) dense = [];
        WeightBytes = plan?.Bytes ?? dense.Length;
        description = Text("all bytes", why);
        pool = new WorkerPool(options.Threads);
    }

    private ByteDecodeProduct(int rows, int columns, ReadOnlySpan<float> rowScales, DecodeOptions options)
        : base(rows, columns, options)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MostColumns);
        epilogue = new RowEpilogue(rowScales, options);
        rowSums = new int[rows];
        stride = BitmaskMatrix.Words(columns) * DecodeShape.WordColumns;
        input = new AlignedFloats((long)Batch * stride / sizeof(float));
        (sums, floats) = (Sum, SumAndFinish);
        (pool, description) = (null!, "");
    }

    /// <inheritdoc/>
    public override DecodeKernel Kernel => plan is null ? DecodeKernel.Portable : DecodeKernel.Generated;

    /// <inheritdoc/>
    public override long WeightBytes { get; }

    /// <summary>Y = activation(W X + bias), each vector of X made into bytes first.</summary>
    /// <remarks>
    /// With lo = min(0, least x), hi = max(0, largest x) of a vector: scale = (hi - lo) / 255, or 1 where that is 0;
    /// zeroPoint = round(-lo / scale); byte = clamp(round(x / scale) + zeroPoint, 0, 255), ties to even. So 0 is exact, and
    /// no input moves by more than one scale. A vector with a value that is not finite has NaN for all its results (0 is
    /// not hidden by an activation).
    /// </remarks>
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        for (var n = 0; n < Batch; n++)
            (scales[n], zeroPoints[n]) = ActivationBytes.Quantize(x.Slice(n * Columns, Columns), (byte*)input.Data + (long)n * stride);
        fixed (float* output = y) Execute((int*)output, floats);
    }

    /// <summary>Y = activation(W X + bias) of vectors of bytes.</summary>
    /// <param name="x">X [Batch][Columns].</param>
    /// <param name="scale">What one unit of x is worth.</param>
    /// <param name="zeroPoint">The byte that stands for 0, in [0, 255].</param>
    /// <param name="y">Y [Batch][Rows]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs, or the zero point is out of range.</exception>
    public void Run(ReadOnlySpan<byte> x, float scale, int zeroPoint, Span<float> y)
    {
        Take(x, zeroPoint, y.Length);
        scales.AsSpan().Fill(scale);
        fixed (float* output = y) Execute((int*)output, floats);
    }

    /// <summary>The sums S alone, without scale, bias and activation.</summary>
    /// <param name="x">X [Batch][Columns].</param>
    /// <param name="zeroPoint">The byte that stands for 0, in [0, 255].</param>
    /// <param name="y">S [Batch][Rows]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs, or the zero point is out of range.</exception>
    public void RunSums(ReadOnlySpan<byte> x, int zeroPoint, Span<int> y)
    {
        Take(x, zeroPoint, y.Length);
        fixed (int* output = y) Execute(output, sums);
    }

    /// <inheritdoc/>
    public override string Describe() => description;

    /// <inheritdoc/>
    public override void Dispose()
    {
        pool.Dispose();
        plan?.Dispose();
    }

    private string Text(string what, string why) =>
        (plan is null ? $"portable: {why}" : $"generated: VNNI, {plan.CodeBytes} bytes of code") + $"; {what}, {WeightBytes} bytes a run";

    private void Take(ReadOnlySpan<byte> x, int zeroPoint, int results)
    {
        CheckLengths(x.Length, results);
        ArgumentOutOfRangeException.ThrowIfNotEqual((byte)zeroPoint, zeroPoint);
        zeroPoints.AsSpan().Fill(zeroPoint);
        for (var n = 0; n < Batch; n++)
            x.Slice(n * Columns, Columns).CopyTo(new Span<byte>((byte*)input.Data + (long)n * stride, Columns));
    }

    private void Execute(int* output, Action<int> work)
    {
        y = output;
        pool.Run(work);
    }

    private void Sum(int thread)
    {
        var (begin, end) = plan?.Rows(thread) ?? WorkerPool.Share(Rows, 1, thread, pool.Threads);
        if (plan is not null) plan.Multiply(thread, input.Data, y);
        else if (sparse is not null) SumSparse(sparse, begin, end);
        else SumDense(begin, end);
        for (var n = 0; n < Batch; n++)
            if (zeroPoints[n] is not 0 and var zero)
                for (var row = begin; row < end; row++) y[(long)n * Rows + row] -= rowSums[row] * zero;
    }

    private void SumAndFinish(int thread)
    {
        Sum(thread);
        var (begin, end) = plan?.Rows(thread) ?? WorkerPool.Share(Rows, 1, thread, pool.Threads);
        for (var n = 0; n < Batch; n++) epilogue.Finish((float*)y + (long)n * Rows, begin, end, scales[n]);
    }

    private void SumSparse(BitmaskMatrix<sbyte> matrix, int begin, int end)
    {
        var values = matrix.Values;
        for (var row = begin; row < end; row++)
        {
            var words = matrix.Masks.Slice(row * matrix.WordsPerRow, matrix.WordsPerRow);
            for (var n = 0; n < Batch; n++)
            {
                var x = (byte*)input.Data + (long)n * stride;
                var (next, sum) = (matrix.RowStarts[row], 0);
                foreach (var word in words)
                {
                    for (var rest = word; rest != 0; rest &= rest - 1) sum += values[next++] * x[BitOperations.TrailingZeroCount(rest)];
                    x += DecodeShape.WordColumns;
                }
                y[(long)n * Rows + row] = sum;
            }
        }
    }

    private void SumDense(int begin, int end)
    {
        var width = Vector<byte>.Count;
        fixed (sbyte* all = dense)
            for (var row = begin; row < end; row++)
                for (var n = 0; n < Batch; n++)
                {
                    var w = all + (long)row * Columns;
                    var x = (byte*)input.Data + (long)n * stride;
                    var sums = Vector<int>.Zero;
                    var k = 0;
                    for (; k + width <= Columns; k += width)
                    {
                        Vector.Widen(Vector.Load(w + k), out var lowWeights, out var highWeights);
                        Vector.Widen(Vector.Load(x + k), out var low, out var high);
                        sums += Products(lowWeights, low) + Products(highWeights, high);
                    }
                    var sum = Vector.Sum(sums);
                    for (; k < Columns; k++) sum += w[k] * x[k];
                    y[(long)n * Rows + row] = sum;
                }

        static Vector<int> Products(Vector<short> weights, Vector<ushort> inputs)
        {
            Vector.Widen(weights, out var a, out var b);
            Vector.Widen(inputs, out var c, out var d);
            return a * c.As<uint, int>() + b * d.As<uint, int>();
        }
    }
}
