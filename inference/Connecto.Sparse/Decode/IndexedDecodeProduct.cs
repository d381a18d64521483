using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Decode;

/// <summary>A product of compressed rows and vectors of floats, with column numbers as short as they fit.</summary>
/// <typeparam name="TIndex">ushort up to 65,536 columns, int beyond.</typeparam>
/// <remarks>Entry i of a row adds to sum i mod 8, each product rounded first: eight chains hide the additions' latency, and
/// six bytes an entry come from memory instead of eight, asked for in time.</remarks>
internal sealed unsafe class IndexedDecodeProduct<TIndex> : DecodeProduct where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    private const int Ahead = 1536;

    private readonly CsrMatrix matrix;
    private readonly TIndex[] columns;
    private readonly int[] firstRows;
    private readonly WorkerPool pool;
    private readonly RowEpilogue epilogue;
    private readonly Action<int> work;
    private readonly string why;
    private float* x;
    private float* y;

    public IndexedDecodeProduct(CsrMatrix matrix, DecodeOptions options, string why) : base(matrix.Rows, matrix.Columns, options)
    {
        (this.matrix, this.why) = (matrix, why);
        columns = new TIndex[matrix.NonZeros];
        for (var i = 0; i < columns.Length; i++) columns[i] = TIndex.CreateTruncating(matrix.ColumnIndices[i]);
        var scales = new float[Rows];
        Array.Fill(scales, 1f);
        epilogue = new RowEpilogue(scales, options);
        firstRows = [.. Enumerable.Range(0, options.Threads + 1).Select(t => FirstRow(t, options.Threads))];
        work = Work;
        pool = new WorkerPool(options.Threads);
    }

    public override DecodeKernel Kernel => DecodeKernel.Portable;

    public override long WeightBytes => (sizeof(TIndex) + sizeof(float)) * (long)columns.Length + sizeof(int) * (long)Rows;

    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        fixed (float* from = x, to = y)
        {
            this.x = from;
            this.y = to;
            pool.Run(work);
        }
    }

    public override string Describe() =>
        $"portable: {why}; compressed rows of floats, {matrix.NonZeros} entries ({matrix.Density:P1} dense), {WeightBytes} bytes a run";

    public override void Dispose() => pool.Dispose();

    private void Work(int thread)
    {
        var (begin, end) = (firstRows[thread], firstRows[thread + 1]);
        fixed (float* values = matrix.Values)
        fixed (TIndex* column = columns)
        fixed (int* starts = matrix.RowStarts)
            for (var row = begin; row < end; row++)
                for (var n = 0; n < Batch; n++)
                    y[(long)n * Rows + row] = Sum(values + starts[row], column + starts[row], starts[row + 1] - starts[row], x + (long)n * Columns);
        for (var n = 0; n < Batch; n++) epilogue.Finish(y + (long)n * Rows, begin, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float* value, TIndex* column, int count, float* x)
    {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        var i = 0;
        for (; i + 8 <= count; i += 8)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0((byte*)(value + i) + Ahead);
                Sse.Prefetch0((byte*)(column + i) + Ahead / 2);
            }
            a += value[i] * x[int.CreateTruncating(column[i])];
            b += value[i + 1] * x[int.CreateTruncating(column[i + 1])];
            c += value[i + 2] * x[int.CreateTruncating(column[i + 2])];
            d += value[i + 3] * x[int.CreateTruncating(column[i + 3])];
            e += value[i + 4] * x[int.CreateTruncating(column[i + 4])];
            f += value[i + 5] * x[int.CreateTruncating(column[i + 5])];
            g += value[i + 6] * x[int.CreateTruncating(column[i + 6])];
            h += value[i + 7] * x[int.CreateTruncating(column[i + 7])];
        }
        for (; i < count; i++) a += value[i] * x[int.CreateTruncating(column[i])];
        return a + e + (c + g) + (b + f + (d + h));
    }

    private int FirstRow(int thread, int threads)
    {
        var target = ((long)matrix.NonZeros + Rows) * thread / threads;
        var (low, high) = (0, Rows);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (matrix.RowStarts[middle] + (long)middle < target) low = middle + 1;
            else high = middle;
        }
        return thread == threads ? Rows : low;
    }
}
