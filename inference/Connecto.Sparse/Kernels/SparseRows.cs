using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Kernels;

/// <summary>Some rows of a sparse matrix, the panel they multiply, and where the results go.</summary>
internal unsafe struct SparseRows
{
    /// <summary>Vectors of the panel: 8, 4 or 1.</summary>
    public int Vectors;

    /// <summary>The matrix in compressed rows.</summary>
    public int* Starts;
    /// <inheritdoc cref="Starts"/>
    public int* Columns;
    /// <inheritdoc cref="Starts"/>
    public float* Values;

    /// <summary>Rows to do.</summary>
    public int Begin;
    /// <inheritdoc cref="Begin"/>
    public int End;

    /// <summary>Starting values by row; null where the rows go on from what the output holds.</summary>
    public float* Bias;

    /// <summary>No result is less, where it is a number.</summary>
    public float Floor;

    /// <summary>The inputs: an entry with column c reads Vectors vectors from Panel + c * PanelStride.</summary>
    public float* Panel;
    /// <inheritdoc cref="Panel"/>
    public int PanelStride;

    /// <summary>Where the results begin; whole panels are written.</summary>
    public float* Output;

    /// <summary>Floats from Output to each row's results; null where they lie OutputStride apart.</summary>
    public int* Targets;

    /// <summary>Floats from one row of results to the next, without Targets.</summary>
    public int OutputStride;

    /// <summary>Where a row's results go.</summary>
    public readonly float* Target(int row) => Output + (Targets != null ? Targets[row] : (long)row * OutputStride);
}

/// <summary>A row of a sparse matrix times a panel: a vector of sums for each vector of the panel, one multiply-add a
/// non-zero and vector.</summary>
/// <remarks>
/// The portable twin of the instruction streams: the same chain of multiply-adds an output (bias first, columns
/// ascending), so the same bits wherever the machine fuses them. Every vector of input is loaded anew for every
/// non-zero, so loads are the bound; with eight vectors the index and the weight, loaded once for all of them, weigh
/// little.
/// </remarks>
internal static unsafe class SparseRowKernel<TWords, TVector>
    where TWords : struct, IVocabulary<TVector>
    where TVector : struct
{
    public static void Multiply(in SparseRows rows)
    {
        switch (rows.Vectors)
        {
            case 8: Eight(rows); break;
            case 4: Four(rows); break;
            default: One(rows); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(in SparseRows rows)
    {
        var w = TWords.Width;
        var panel = rows.Panel;
        var columns = rows.Columns;
        var values = rows.Values;
        var floor = TWords.Broadcast(rows.Floor);
        var stride = (nint)rows.PanelStride;
        for (var row = rows.Begin; row < rows.End; row++)
        {
            TVector a, b, c, d, e, f, g, h;
            if (rows.Bias != null) a = b = c = d = e = f = g = h = TWords.Broadcast(rows.Bias[row]);
            else
            {
                var from = rows.Target(row);
                (a, b, c, d) = (TWords.Load(from), TWords.Load(from + w), TWords.Load(from + 2 * w), TWords.Load(from + 3 * w));
                from += 4 * w;
                (e, f, g, h) = (TWords.Load(from), TWords.Load(from + w), TWords.Load(from + 2 * w), TWords.Load(from + 3 * w));
            }
            for (var (i, end) = (rows.Starts[row], rows.Starts[row + 1]); i < end; i++)
            {
                var x = panel + columns[i] * stride;
                var k = TWords.Broadcast(values[i]);
                a = TWords.MultiplyAdd(k, TWords.Load(x), a);
                b = TWords.MultiplyAdd(k, TWords.Load(x + w), b);
                c = TWords.MultiplyAdd(k, TWords.Load(x + 2 * w), c);
                d = TWords.MultiplyAdd(k, TWords.Load(x + 3 * w), d);
                e = TWords.MultiplyAdd(k, TWords.Load(x + 4 * w), e);
                f = TWords.MultiplyAdd(k, TWords.Load(x + 5 * w), f);
                g = TWords.MultiplyAdd(k, TWords.Load(x + 6 * w), g);
                h = TWords.MultiplyAdd(k, TWords.Load(x + 7 * w), h);
            }
            Finish(rows.Target(row), floor, a, b, c, d);
            Finish(rows.Target(row) + 4 * w, floor, e, f, g, h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(in SparseRows rows)
    {
        var w = TWords.Width;
        var panel = rows.Panel;
        var columns = rows.Columns;
        var values = rows.Values;
        var floor = TWords.Broadcast(rows.Floor);
        var stride = (nint)rows.PanelStride;
        for (var row = rows.Begin; row < rows.End; row++)
        {
            TVector a, b, c, d;
            if (rows.Bias != null) a = b = c = d = TWords.Broadcast(rows.Bias[row]);
            else
            {
                var from = rows.Target(row);
                (a, b, c, d) = (TWords.Load(from), TWords.Load(from + w), TWords.Load(from + 2 * w), TWords.Load(from + 3 * w));
            }
            for (var (i, end) = (rows.Starts[row], rows.Starts[row + 1]); i < end; i++)
            {
                var x = panel + columns[i] * stride;
                var k = TWords.Broadcast(values[i]);
                a = TWords.MultiplyAdd(k, TWords.Load(x), a);
                b = TWords.MultiplyAdd(k, TWords.Load(x + w), b);
                c = TWords.MultiplyAdd(k, TWords.Load(x + 2 * w), c);
                d = TWords.MultiplyAdd(k, TWords.Load(x + 3 * w), d);
            }
            Finish(rows.Target(row), floor, a, b, c, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(in SparseRows rows)
    {
        var w = TWords.Width;
        var floor = TWords.Broadcast(rows.Floor);
        for (var row = rows.Begin; row < rows.End; row++)
        {
            var sum = rows.Bias != null ? TWords.Broadcast(rows.Bias[row]) : TWords.Load(rows.Target(row));
            for (var (i, end) = (rows.Starts[row], rows.Starts[row + 1]); i < end; i++)
                sum = TWords.MultiplyAdd(
                    TWords.Broadcast(rows.Values[i]), TWords.Load(rows.Panel + (nint)rows.Columns[i] * rows.PanelStride), sum);
            TWords.Store(rows.Target(row), TWords.Max(floor, sum));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* to, TVector floor, TVector a, TVector b, TVector c, TVector d)
    {
        var w = TWords.Width;
        TWords.Store(to, TWords.Max(floor, a));
        TWords.Store(to + w, TWords.Max(floor, b));
        TWords.Store(to + 2 * w, TWords.Max(floor, c));
        TWords.Store(to + 3 * w, TWords.Max(floor, d));
    }
}
