using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>The definition of a layer in double precision: the oracle before any timing.</summary>
internal static class DefinedProduct
{
    /// <summary>y [M][N] and the largest sum of absolute products of any of its places.</summary>
    /// <param name="weights">[M][K]</param>
    /// <param name="shape">The layer.</param>
    /// <param name="x">[channels][N]</param>
    public static unsafe (double[] Answer, double Magnitude) Compute(
        CsrMatrix weights, KernelShape shape, ReadOnlySpan<float> x)
    {
        var answer = new double[shape.M * shape.N];
        var largest = new double[shape.M];
        fixed (float* pinned = x)
        {
            var input = (nint)pinned;
            Parallel.For(0, shape.M, row =>
            {
                var sums = answer.AsSpan(row * shape.N, shape.N);
                var absolute = new double[shape.N];
                for (var i = weights.RowStarts[row]; i < weights.RowStarts[row + 1]; i++)
                {
                    var (column, weight) = (weights.ColumnIndices[i], weights.Values[i]);
                    if (shape.Window == 1) AddRow((float*)input + (nint)column * shape.N, weight, sums, absolute);
                    else AddShifted((float*)input, shape, column, weight, sums, absolute);
                }
                largest[row] = absolute.Max();
            });
        }
        return (answer, largest.Max());
    }

    private static unsafe void AddRow(float* x, float weight, Span<double> sums, Span<double> absolute)
    {
        for (var n = 0; n < sums.Length; n++)
        {
            var product = (double)weight * x[n];
            sums[n] += product;
            absolute[n] += Math.Abs(product);
        }
    }

    // Column = (channel * 3 + dy) * 3 + dx; outside the plane everything is 0.
    private static unsafe void AddShifted(
        float* x, KernelShape shape, int column, float weight, Span<double> sums, Span<double> absolute)
    {
        var (edge, window) = (shape.Edge, shape.Window);
        var plane = x + (nint)(column / (window * window)) * shape.N;
        var (dy, dx) = (column / window % window - window / 2, column % window - window / 2);
        var (left, right) = (Math.Max(0, -dx), Math.Min(edge, edge - dx));
        for (var y = Math.Max(0, -dy); y < Math.Min(edge, edge - dy); y++)
        {
            var line = y * edge;
            var (begin, end) = (line + left, line + right);
            AddRow(plane + begin + dy * edge + dx, weight, sums[begin..end], absolute[begin..end]);
        }
    }
}
