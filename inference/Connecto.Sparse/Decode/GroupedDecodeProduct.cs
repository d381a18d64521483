using System.Numerics;
using System.Runtime.CompilerServices;
using Connecto.Sparse.Decode;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A <see cref="DecodeProduct"/> of 4- or 3-bit weights in groups and vectors of unsigned bytes, given as such or
/// made from floats.</summary>
/// <remarks>
/// Of every 64 columns each lane takes four: its exact sum of products of bytes, as a float, times the group's scale is
/// added in one fused step to the lane's sum. L is the sum of the 16 lanes, R[r] the exact sum of a row's weights rounded
/// to float, and y = activation((L - zeroPoint[n] * R[r]) * scale[n] + bias[r]), each step rounded.
/// </remarks>
public sealed unsafe class GroupedDecodeProduct : DecodeProduct
{
    private readonly GroupedMatrix? portable; // null where the code has its own copy
    private readonly GroupedShape shape;
    private readonly DecodePlan? plan;
    private readonly WorkerPool pool;
    private readonly AlignedFloats input;
    private readonly float[] rowSums, bias;
    private readonly float floor;
    private readonly byte[] line;
    private readonly float[] scales = new float[DecodeOptions.MostVectors];
    private readonly int[] zeroPoints = new int[DecodeOptions.MostVectors];
    private readonly Action<int> work;
    private readonly string description;
    private float* y;

    internal GroupedDecodeProduct(GroupedMatrix matrix, DecodeOptions options) : base(matrix.Rows, matrix.Columns, options)
    {
        shape = new GroupedShape(matrix.Bits, matrix.Group, Batch);
        plan = Plan(
            DecodeSupport.Obstacle(matrix, shape), options, () => GroupedPacking.Pack(matrix, shape),
            _ => GroupedEmitter.Emit(shape), out var why);
        portable = plan is null ? matrix : null;
        line = new byte[plan?.PaddedColumns ?? BitmaskMatrix.Words(Columns) * GroupedShape.SliceColumns];
        input = new AlignedFloats((long)Batch * line.Length / sizeof(float));
        rowSums = [.. Enumerable.Range(0, Rows).Select(row => RowSum(matrix, row))];
        bias = options.Bias?.ToArray() ?? new float[Rows];
        floor = options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity;
        WeightBytes = plan?.Bytes ?? matrix.Bytes;
        description = (plan is null ? $"portable: {why}" : $"generated: VNNI, {plan.CodeBytes} bytes of code") +
            $"; {matrix.Bits} bits in groups of {matrix.Group}, {WeightBytes} bytes a run";
        work = Work;
        pool = new WorkerPool(options.Threads);
    }

    /// <inheritdoc/>
    public override DecodeKernel Kernel => plan is null ? DecodeKernel.Portable : DecodeKernel.Generated;

    /// <inheritdoc/>
    public override long WeightBytes { get; }

    /// <summary>Y = activation(W X + bias), each vector of X made into bytes first, as
    /// <see cref="ByteDecodeProduct.Run(ReadOnlySpan{float}, Span{float})"/> does.</summary>
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        fixed (byte* bytes = line)
            for (var n = 0; n < Batch; n++)
            {
                (scales[n], zeroPoints[n]) = ActivationBytes.Quantize(x.Slice(n * Columns, Columns), bytes);
                Take(n);
            }
        Execute(y);
    }

    /// <summary>Y = activation(W X + bias) of vectors of bytes.</summary>
    /// <param name="x">X [Batch][Columns].</param>
    /// <param name="scale">What one unit of x is worth.</param>
    /// <param name="zeroPoint">The byte that stands for 0, in [0, 255].</param>
    /// <param name="y">Y [Batch][Rows]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs, or the zero point is out of range.</exception>
    public void Run(ReadOnlySpan<byte> x, float scale, int zeroPoint, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual((byte)zeroPoint, zeroPoint);
        scales.AsSpan().Fill(scale);
        zeroPoints.AsSpan().Fill(zeroPoint);
        for (var n = 0; n < Batch; n++)
        {
            x.Slice(n * Columns, Columns).CopyTo(line);
            Take(n);
        }
        Execute(y);
    }

    /// <inheritdoc/>
    public override string Describe() => description;

    /// <inheritdoc/>
    public override void Dispose()
    {
        pool.Dispose();
        plan?.Dispose();
    }

    /// <summary>The line becomes vector n, four columns at a time in the order of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int n)
    {
        var to = (uint*)input.Data + n * LaneSums.Lanes;
        fixed (byte* from = line)
            for (var first = 0; first < line.Length; first += GroupedShape.SliceColumns, to += Batch * LaneSums.Lanes)
                for (var lane = 0; lane < LaneSums.Lanes; lane++) to[lane] = *(uint*)(from + first + shape.ColumnOf(4 * lane));
    }

    private void Execute(Span<float> outputs)
    {
        fixed (float* output = outputs)
        {
            y = output;
            pool.Run(work);
        }
    }

    private void Work(int thread)
    {
        var (begin, end) = plan?.Rows(thread) ?? WorkerPool.Share(Rows, 1, thread, pool.Threads);
        if (plan is not null) plan.Multiply(thread, input.Data, (int*)y);
        else Sum(portable!, begin, end);
        for (var n = 0; n < Batch; n++) Finish(y + (long)n * Rows, begin, end, plan is null ? 1 : shape.Unit, zeroPoints[n], scales[n]);
    }

    // The unit is a power of two: that product rounds nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(float* y, int begin, int end, float unit, float zero, float scale)
    {
        fixed (float* sums = rowSums, added = bias)
        {
            var row = begin;
            for (; row + Vector<float>.Count <= end; row += Vector<float>.Count)
            {
                var sum = Vector.Load(y + row) * unit - Vector.Load(sums + row) * zero;
                Vector.Store(Vector.Max(sum * scale + Vector.Load(added + row), new(floor)), y + row);
            }
            for (; row < end; row++) y[row] = Math.Max((y[row] * unit - sums[row] * zero) * scale + added[row], floor);
        }
    }

    /// <summary>The definition of the kernel's work, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(GroupedMatrix matrix, int begin, int end)
    {
        Span<float> lanes = stackalloc float[LaneSums.Lanes];
        for (var row = begin; row < end; row++)
            for (var n = 0; n < Batch; n++)
            {
                lanes.Clear();
                var x = (byte*)input.Data + n * GroupedShape.SliceColumns;
                for (var first = 0; first < Columns; first += GroupedShape.SliceColumns, x += Batch * GroupedShape.SliceColumns)
                    for (var lane = 0; lane < LaneSums.Lanes; lane++)
                    {
                        var column = first + shape.ColumnOf(4 * lane);
                        if (column >= Columns) continue;
                        var sum = 0;
                        for (var k = 0; k < 4 && column + k < Columns; k++) sum += matrix.Value(row, column + k) * x[4 * lane + k];
                        lanes[lane] = MathF.FusedMultiplyAdd(sum, matrix.Scale(row, column / matrix.Group), lanes[lane]);
                    }
                y[(long)n * Rows + row] = LaneSums.Sum(lanes);
            }
    }

    private static float RowSum(GroupedMatrix matrix, int row)
    {
        double sum = 0;
        for (var column = 0; column < matrix.Columns; column++) sum += matrix.Value(row, column) * (double)matrix.Scale(row, column / matrix.Group);
        return (float)sum;
    }
}
