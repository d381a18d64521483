using Connecto.Sparse.Matrices;

namespace Connecto.Sparse;

public sealed partial class CsrMatrix : IRowsProduct
{
    /// <summary>y = A x, on the caller's thread.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>O(entries). Same bits as
    /// <see cref="Multiply(ReadOnlySpan{float}, Span{float}, WorkerPool)"/>.</remarks>
    public unsafe void Multiply(ReadOnlySpan<float> x, Span<float> y)
    {
        RowsProduct.CheckLengths(Rows, Columns, x.Length, y.Length);
        fixed (float* input = x, output = y) ((IRowsProduct)this).MultiplyLists(input, output, 0, Rows);
    }

    /// <summary>y = A x, on all threads of a team: each takes a range of rows with about the same number of
    /// entries.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <param name="pool">The team.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>A row is summed by one thread in a fixed order, so the bits do not depend on the team's size. Allocates
    /// nothing after a thread's first call.</remarks>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, WorkerPool pool)
    {
        RowsProduct.CheckLengths(Rows, Columns, x.Length, y.Length);
        RowsProduct.Run(this, x, y, pool);
    }

    SparsePattern IRowsProduct.Lists => pattern;

    // Four partial sums hide the latency of the additions; their order is part of the result, hence the same
    // everywhere.
    unsafe void IRowsProduct.MultiplyLists(float* x, float* y, int begin, int end)
    {
        fixed (float* value = values)
        fixed (int* column = pattern.Indices, starts = pattern.Starts)
            for (var row = begin; row < end; row++)
            {
                var (i, stop) = (starts[row], starts[row + 1]);
                float a = 0, b = 0, c = 0, d = 0;
                for (; i + 4 <= stop; i += 4)
                {
                    a += value[i] * x[column[i]];
                    b += value[i + 1] * x[column[i + 1]];
                    c += value[i + 2] * x[column[i + 2]];
                    d += value[i + 3] * x[column[i + 3]];
                }
                for (; i < stop; i++) a += value[i] * x[column[i]];
                y[row] = a + b + (c + d);
            }
    }
}
