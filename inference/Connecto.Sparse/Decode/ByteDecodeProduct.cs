using System.Numerics;
using System.Runtime.CompilerServices;
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
    private readonly sbyte[] dense;
    private readonly DecodePlan? plan;
    private readonly WorkerPool pool;
    private readonly RowEpilogue epilogue;
    private readonly AlignedFloats input;
    private readonly int[] rowSums;
    private readonly byte[] line;
    private readonly float[] scales = new float[DecodeOptions.MostVectors];
    private readonly int[] zeroPoints = new int[DecodeOptions.MostVectors];
    private readonly Action<int> sums, floats;
    private readonly string description;
    private int* y;

    private ByteDecodeProduct(
        int rows, int columns, ReadOnlySpan<float> rowScales, int[] rowSums, DecodeOptions options, DecodeFormat format, double density,
        Func<DecodeShape, PackedRows> pack, BitmaskMatrix<sbyte>? sparse, sbyte[] dense)
        : base(rows, columns, options)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MostColumns);
        this.rowSums = rowSums;
        epilogue = new RowEpilogue(rowScales, options);
        var shape = new DecodeShape(format, Batch);
        plan = Plan(
            DecodeSupport.Obstacle(shape, rows, columns), options, () => pack(shape), _ => DecodeEmitter.Emit(shape, density), out var why);
        // Only the portable kernel reads the matrix itself.
        (this.sparse, this.dense) = plan is null ? (sparse, dense) : (null, []);
        WeightBytes = plan?.Bytes ?? sparse?.Bytes ?? dense.Length;
        description = (plan is null ? $"portable: {why}" : $"generated: VNNI, {plan.CodeBytes} bytes of code") +
            (sparse is null ? "; all bytes" : $"; bits and bytes, {sparse.NonZeros} entries ({density:P1} dense)") + $", {WeightBytes} bytes a run";
        line = new byte[BitmaskMatrix.Words(columns) * DecodeShape.WordColumns];
        input = new AlignedFloats((long)Batch * line.Length / sizeof(float));
        (sums, floats) = (Sum, SumAndFinish);
        pool = new WorkerPool(options.Threads);
    }

    internal static ByteDecodeProduct Sparse(BitmaskMatrix<sbyte> matrix, DecodeOptions options)
    {
        var sums = new int[matrix.Rows];
        for (var row = 0; row < sums.Length; row++)
            foreach (var w in matrix.Values[matrix.RowStarts[row]..matrix.RowStarts[row + 1]]) sums[row] += w;
        return new(
            matrix.Rows, matrix.Columns, matrix.RowScales, sums, options, DecodeFormat.MaskedBytes, matrix.Density,
            shape => MaskedPacking.Pack(matrix, shape), matrix, []);
    }

    internal static ByteDecodeProduct Dense(
        ReadOnlySpan<sbyte> weights, int rows, int columns, ReadOnlySpan<float> rowScales, DecodeOptions options)
    {
        var sums = new int[rows];
        for (var i = 0; i < weights.Length; i++) sums[i / columns] += weights[i];
        var copy = weights.ToArray();
        return new(
            rows, columns, rowScales.IsEmpty ? [.. Enumerable.Repeat(1f, rows)] : rowScales, sums, options, DecodeFormat.DenseBytes, 1,
            shape => MaskedPacking.PackDense(copy, rows, columns, shape), null, copy);
    }

    /// <inheritdoc/>
    public override DecodeKernel Kernel => plan is null ? DecodeKernel.Portable : DecodeKernel.Generated;

    /// <inheritdoc/>
    public override long WeightBytes { get; }

    /// <summary>Y = activation(W X + bias), each vector of X made into bytes first.</summary>
    /// <remarks>
    /// With lo = min(0, least x), hi = max(0, largest x) of a vector: scale = (hi - lo) / 255, or 1 where that is 0;
    /// zeroPoint = round(-lo / scale); byte = clamp(round(x / scale) + zeroPoint, 0, 255), ties to even. So 0 is exact, and
    /// no input moves by more than one scale. A vector with a value that is not finite has NaN for all its results, which
    /// no activation hides.
    /// </remarks>
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        fixed (byte* bytes = line)
            for (var n = 0; n < Batch; n++)
            {
                (scales[n], zeroPoints[n]) = ActivationBytes.Quantize(x.Slice(n * Columns, Columns), bytes);
                TakeLine(n);
            }
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

    private void Take(ReadOnlySpan<byte> x, int zeroPoint, int results)
    {
        CheckLengths(x.Length, results);
        ArgumentOutOfRangeException.ThrowIfNotEqual((byte)zeroPoint, zeroPoint);
        zeroPoints.AsSpan().Fill(zeroPoint);
        for (var n = 0; n < Batch; n++)
        {
            x.Slice(n * Columns, Columns).CopyTo(line);
            TakeLine(n);
        }
    }

    /// <summary>The line becomes vector n of the inputs, [word][vector][64].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeLine(int n)
    {
        var to = (byte*)input.Data + n * DecodeShape.WordColumns;
        for (var at = 0; at < line.Length; at += DecodeShape.WordColumns, to += Batch * DecodeShape.WordColumns)
            line.AsSpan(at, DecodeShape.WordColumns).CopyTo(new Span<byte>(to, DecodeShape.WordColumns));
    }

    private void Execute(int* output, Action<int> work)
    {
        y = output;
        pool.Run(work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumSparse(BitmaskMatrix<sbyte> matrix, int begin, int end)
    {
        var values = matrix.Values;
        for (var row = begin; row < end; row++)
        {
            var words = matrix.Masks.Slice(row * matrix.WordsPerRow, matrix.WordsPerRow);
            for (var n = 0; n < Batch; n++)
            {
                var x = (byte*)input.Data + n * DecodeShape.WordColumns;
                var (next, sum) = (matrix.RowStarts[row], 0);
                foreach (var word in words)
                {
                    for (var rest = word; rest != 0; rest &= rest - 1) sum += values[next++] * x[BitOperations.TrailingZeroCount(rest)];
                    x += Batch * DecodeShape.WordColumns;
                }
                y[(long)n * Rows + row] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumDense(int begin, int end)
    {
        fixed (sbyte* all = dense)
            for (var row = begin; row < end; row++)
                for (var n = 0; n < Batch; n++)
                {
                    var x = (byte*)input.Data + n * DecodeShape.WordColumns;
                    var (sums, sum) = (Vector<int>.Zero, 0);
                    for (var first = 0; first < Columns; first += DecodeShape.WordColumns, x += Batch * DecodeShape.WordColumns)
                    {
                        var (count, k) = (Math.Min(DecodeShape.WordColumns, Columns - first), 0);
                        var from = all + (long)row * Columns + first;
                        for (; k + Vector<byte>.Count <= count; k += Vector<byte>.Count)
                        {
                            Vector.Widen(Vector.Load(from + k), out var lowWeights, out var highWeights);
                            Vector.Widen(Vector.Load(x + k), out var low, out var high);
                            sums += Products(lowWeights, low) + Products(highWeights, high);
                        }
                        for (; k < count; k++) sum += from[k] * x[k];
                    }
                    y[(long)n * Rows + row] = sum + Vector.Sum(sums);
                }

        static Vector<int> Products(Vector<short> weights, Vector<ushort> inputs)
        {
            Vector.Widen(weights, out var a, out var b);
            Vector.Widen(inputs, out var c, out var d);
            return a * c.As<uint, int>() + b * d.As<uint, int>();
        }
    }
}
