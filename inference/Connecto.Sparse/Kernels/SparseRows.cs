using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Kernels;

/// <summary>Some rows of a sparse matrix, the panel they multiply, and where the results go.</summary>
internal unsafe struct SparseRows
{
    /// <summary>Vectors of a panel.</summary>
    public const int PanelVectors = 4;

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

    /// <summary>Starting values by row.</summary>
    public float* Bias;

    /// <summary>No result is less, where it is a number.</summary>
    public float Floor;

    /// <summary>[matrix column][PanelVectors vectors].</summary>
    public float* Panel;

    /// <summary>Where row 0 of the panel's results begins; whole panels are written.</summary>
    public float* Output;

    /// <summary>Floats from one row of results to the next.</summary>
    public int OutputStride;
}

/// <summary>A row of a sparse matrix times a panel: four vectors of sums, one multiply-add a non-zero and vector.</summary>
/// <remarks>
/// The portable twin of the instruction streams: the same chain of multiply-adds an output (bias first, columns
/// ascending), so the same bits wherever the machine fuses them. Every vector of input is loaded anew for every
/// non-zero, so loads are the bound: about half of what a stream reaches.
/// </remarks>
internal static unsafe class SparseRowKernel<TWords, TVector>
    where TWords : struct, IVocabulary<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in SparseRows rows)
    {
        var w = TWords.Width;
        var panel = rows.Panel;
        var columns = rows.Columns;
        var values = rows.Values;
        var floor = TWords.Broadcast(rows.Floor);
        var output = rows.Output + (long)rows.Begin * rows.OutputStride;
        for (var row = rows.Begin; row < rows.End; row++, output += rows.OutputStride)
        {
            TVector a, b, c, d;
            a = b = c = d = TWords.Broadcast(rows.Bias[row]);
            for (var (i, end) = (rows.Starts[row], rows.Starts[row + 1]); i < end; i++)
            {
                var x = panel + (nint)columns[i] * SparseRows.PanelVectors * w;
                var k = TWords.Broadcast(values[i]);
                a = TWords.MultiplyAdd(k, TWords.Load(x), a);
                b = TWords.MultiplyAdd(k, TWords.Load(x + w), b);
                c = TWords.MultiplyAdd(k, TWords.Load(x + 2 * w), c);
                d = TWords.MultiplyAdd(k, TWords.Load(x + 3 * w), d);
            }
            TWords.Store(output, TWords.Max(floor, a));
            TWords.Store(output + w, TWords.Max(floor, b));
            TWords.Store(output + 2 * w, TWords.Max(floor, c));
            TWords.Store(output + 3 * w, TWords.Max(floor, d));
        }
    }
}
