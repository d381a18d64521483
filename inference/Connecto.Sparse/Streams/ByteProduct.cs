using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A planned product of a sparse block matrix of bytes and dense columns of unsigned bytes.</summary>
/// <remarks>
/// Y[r][n] = activation(scale[r] * S + bias[r]) with S = sum over k of w[r][k] * (x[k][n] - zeroPoint) in 32-bit integers,
/// which must not overflow: that holds for up to 65,000 inputs. S is rounded to float, multiplied and added in this order,
/// so both kernels and any threads give the same bits. Not safe for two callers at once.
/// </remarks>
public sealed unsafe class ByteProduct : IDisposable
{
    private readonly BlockMatrix matrix;
    private readonly SparseProductOptions options;
    private readonly WorkerPool pool;
    private readonly StreamShape shape;
    private readonly ExecutableMemory? code;
    private readonly AlignedFloats weights, start;
    private readonly AlignedFloats[] inputs;
    private readonly float[] bias;
    private readonly Action<int> work;
    private byte* x;
    private float* y;

    private ByteProduct(BlockMatrix matrix, SparseProductOptions options, int zeroPoint)
    {
        (this.matrix, this.options) = (matrix, options);
        var words = matrix.Words;
        bias = options.Bias?.ToArray() ?? new float[matrix.Rows];
        start = new AlignedFloats(matrix.Rows);
        var sums = MemoryMarshal.Cast<float, int>(start.Span);
        for (var r = 0; r < matrix.Rows; r++)
            foreach (var w in matrix.Values[(words.RowStarts[r] * 4)..(words.RowStarts[r + 1] * 4)]) sums[r] -= w * zeroPoint;
        shape = StreamShape.Choose(matrix.Rows, options.Columns, words.Density);
        var (code, values, why) = options.Kernel == ProductKernel.Portable ? (null, [], "as asked for") : Generate();
        this.code = code;
        weights = new AlignedFloats(values.Length + 16);
        values.CopyTo(weights.Span);
        if (code is null && options.Kernel == ProductKernel.Stream)
            throw new PlatformNotSupportedException($"No stream can be used here: {why}.");
        Description = $"{(code is null ? $"portable: {why}" : $"stream: VNNI, {code.MappedBytes} bytes of code")}; {matrix.Blocks} blocks";
        pool = new WorkerPool(options.Threads);
        inputs = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats((long)words.Columns * shape.Columns))];
        work = Work;
    }

    private string Description { get; }

    /// <summary>The kernel in use, never Auto.</summary>
    public ProductKernel Kernel => code is null ? ProductKernel.Portable : ProductKernel.Stream;

    /// <summary>Plans a product.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="options">The plan's terms.</param>
    /// <param name="zeroPoint">The input byte that stands for 0, in [0, 255].</param>
    /// <exception cref="ArgumentException">The bias has another length than the matrix has rows, or a number is out of
    /// range.</exception>
    /// <exception cref="PlatformNotSupportedException">A stream was asked for by name where none can run.</exception>
    public static ByteProduct Create(BlockMatrix matrix, SparseProductOptions options, int zeroPoint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual((byte)zeroPoint, zeroPoint, nameof(zeroPoint));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(matrix.Columns, 65_000, nameof(matrix));
        if (options.Bias is { } bias && bias.Length != matrix.Rows)
            throw new ArgumentException($"{matrix.Rows} rows take as many biases; found {bias.Length}.", nameof(options));
        return new ByteProduct(matrix, options, zeroPoint);
    }

    /// <summary>Runs the product.</summary>
    /// <param name="x">X [matrix.Columns][Columns].</param>
    /// <param name="y">Y [matrix.Rows][Columns]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<byte> x, Span<float> y)
    {
        if (x.Length != (long)matrix.Columns * options.Columns || y.Length != (long)matrix.Rows * options.Columns)
            throw new ArgumentException(
                $"A product of {matrix.Rows} x {matrix.Columns} with {options.Columns} columns found {x.Length} values in and " +
                $"{y.Length} out.");
        if (y.IsEmpty) return;
        fixed (byte* input = x)
        fixed (float* output = y)
        {
            this.x = input;
            this.y = output;
            pool.Run(work);
        }
        GC.KeepAlive(this);
    }

    /// <summary>One line: the kernel and why.</summary>
    public string Describe() => Description;

    /// <summary>Ends the threads and gives the code's memory back.</summary>
    public void Dispose()
    {
        pool.Dispose();
        code?.Dispose();
    }

    private (ExecutableMemory? Code, float[] Values, string Why) Generate()
    {
        var why = StreamSupport.Obstacle(matrix.Words, options.Columns) ?? StreamSupport.BytesObstacle;
        if (why is not null) return (null, [], why);
        var emitter = new StreamEmitter(matrix.Words, shape, StreamArithmetic.Bytes);
        var places = new StreamPlaces(
            [.. Enumerable.Range(0, matrix.Words.Columns).Select(k => k * shape.Columns * 4)], 0,
            [.. Enumerable.Range(0, matrix.Rows).Select(r => r * options.Columns * 4)], Masked: true);
        emitter.EmitTile(places, .., 0, matrix.Words.Columns, 1);
        return (ExecutableMemory.TryLoad(emitter.Code.Code, out why), [.. emitter.Values], why);
    }

    private void Work(int thread)
    {
        var passes = (options.Columns + shape.Columns - 1) / shape.Columns;
        var (first, end) = WorkerPool.Share(passes, 1, thread, pool.Threads);
        for (var pass = first; pass < end; pass++)
        {
            var at = pass * shape.Columns;
            var used = Math.Min(shape.Columns, options.Columns - at);
            if (code is null) Sum(at, used);
            else
            {
                Interleave(at, used, (uint*)inputs[thread].Data);
                StreamArguments arguments = new()
                {
                    Input = inputs[thread].Data,
                    Weights = weights.Data,
                    Output = y + at,
                    Bias = start.Data,
                    Passes = 1,
                    Mask = used == 32 ? uint.MaxValue : (1ul << used) - 1,
                };
                ((delegate* unmanaged<StreamArguments*, void>)code.Address)(&arguments);
            }
            for (var r = 0; r < matrix.Rows; r++) Finish(y + (long)r * options.Columns + at, used, matrix.Scales[r], bias[r]);
        }
    }

    /// <summary>The four bytes of every block of four inputs side by side, column by column.</summary>
    private void Interleave(int at, int used, uint* to)
    {
        long stride = options.Columns;
        for (var from = x + at; from < x + at + matrix.Columns * stride; from += 4 * stride, to += shape.Columns)
        {
            if (used == 32)
            {
                var (a, b) = Vector256.Widen(Vector256.Load(from));
                var (c, d) = Vector256.Widen(Vector256.Load(from + stride));
                var (e, f) = Vector256.Widen(Vector256.Load(from + 2 * stride));
                var (g, h) = Vector256.Widen(Vector256.Load(from + 3 * stride));
                Join(a | c << 8, e | g << 8, to);
                Join(b | d << 8, f | h << 8, to + 16);
                continue;
            }
            for (var n = 0; n < used; n++)
                to[n] = (uint)(from[n] | from[n + stride] << 8 | from[n + 2 * stride] << 16 | from[n + 3 * stride] << 24);
        }
    }

    private static void Join(Vector256<ushort> low, Vector256<ushort> high, uint* to)
    {
        var (a, b) = Vector256.Widen(low);
        var (c, d) = Vector256.Widen(high);
        Vector256.Store(a | c << 16, to);
        Vector256.Store(b | d << 16, to + 8);
    }

    /// <summary>The definition of a stream's work: integer sums, left in the places of the outputs.</summary>
    private void Sum(int at, int used)
    {
        var words = matrix.Words;
        var values = matrix.Values;
        for (var r = 0; r < matrix.Rows; r++)
        {
            var sums = new Span<int>((int*)y + (long)r * options.Columns + at, used);
            sums.Fill(MemoryMarshal.Cast<float, int>(start.Span)[r]);
            for (var i = words.RowStarts[r]; i < words.RowStarts[r + 1]; i++)
                for (var k = 0; k < 4; k++)
                {
                    int weight = values[i * 4 + k];
                    var from = x + ((long)words.ColumnIndices[i] * 4 + k) * options.Columns + at;
                    if (weight != 0)
                        for (var n = 0; n < used; n++) sums[n] += weight * from[n];
                }
        }
    }

    /// <summary>Integers become results in place.</summary>
    private void Finish(float* row, int count, float scale, float bias)
    {
        var floor = options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity;
        var n = 0;
        for (; n + Vector<float>.Count <= count; n += Vector<float>.Count)
            Vector.Store(
                Vector.Max(Vector.ConvertToSingle(Vector.Load((int*)row + n)) * scale + new Vector<float>(bias), new(floor)), row + n);
        for (; n < count; n++) row[n] = Math.Max((float)((int*)row)[n] * scale + bias, floor);
    }
}
