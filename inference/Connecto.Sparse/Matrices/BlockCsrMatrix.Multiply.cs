using System.Runtime.Intrinsics;
using Connecto.Sparse.Matrices;

namespace Connecto.Sparse;

public sealed partial class BlockCsrMatrix : IRowsProduct
{
    /// <summary>y = A x, on the caller's thread.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>O(blocks). Same bits as <see cref="Multiply(ReadOnlySpan{float}, Span{float}, WorkerPool)"/>, and on
    /// every machine: products and sums are rounded apart, in one order.</remarks>
    public unsafe void Multiply(ReadOnlySpan<float> x, Span<float> y)
    {
        RowsProduct.CheckLengths(Rows, Columns, x.Length, y.Length);
        fixed (float* input = x, output = y) ((IRowsProduct)this).MultiplyLists(input, output, 0, pattern.Lists);
    }

    /// <summary>y = A x, on all threads of a team: each takes consecutive rows of blocks with about the same number of
    /// blocks.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <param name="pool">The team.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>The bits do not depend on the team's size. Allocates nothing after a thread's first call.</remarks>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, WorkerPool pool)
    {
        RowsProduct.CheckLengths(Rows, Columns, x.Length, y.Length);
        RowsProduct.Run(this, x, y, pool);
    }

    SparsePattern IRowsProduct.Lists => pattern;

    unsafe void IRowsProduct.MultiplyLists(float* x, float* y, int begin, int end)
    {
        fixed (float* value = values)
        fixed (int* index = pattern.Indices, starts = pattern.Starts)
            for (var list = begin; list < end; list++)
            {
                var sums = Layout == BlockLayout.FourColumns
                    ? FourColumns(value, index, starts[list], starts[list + 1], x)
                    : FourRows(value, index, starts[list], starts[list + 1], x);
                if (Layout == BlockLayout.FourColumns) y[list] = sums[0] + sums[1] + (sums[2] + sums[3]);
                else if (list * BlockSize + BlockSize <= Rows) sums.Store(y + list * BlockSize);
                else for (var r = list * BlockSize; r < Rows; r++) y[r] = sums[r % BlockSize];
            }
    }

    // Two chains of sums each, or the additions' latency would be the bound.
    private static unsafe Vector128<float> FourRows(float* value, int* index, int i, int stop, float* x)
    {
        Vector128<float> a = default, b = default;
        for (; i + 2 <= stop; i += 2)
        {
            a += Vector128.Load(value + i * BlockSize) * Vector128.Create(x[index[i]]);
            b += Vector128.Load(value + i * BlockSize + BlockSize) * Vector128.Create(x[index[i + 1]]);
        }
        if (i < stop) a += Vector128.Load(value + i * BlockSize) * Vector128.Create(x[index[i]]);
        return a + b;
    }

    private unsafe Vector128<float> FourColumns(float* value, int* index, int i, int stop, float* x)
    {
        Vector128<float> a = default, b = default, edge = default;
        // Only a row's last block can reach past the last column; the places there count as inputs of 0.
        if (stop > i && index[stop - 1] * BlockSize + BlockSize > Columns)
        {
            stop--;
            for (var (c, lane) = (index[stop] * BlockSize, 0); c < Columns; c++, lane++) edge = edge.WithElement(lane, x[c]);
            edge *= Vector128.Load(value + stop * BlockSize);
        }
        for (; i + 2 <= stop; i += 2)
        {
            a += Vector128.Load(value + i * BlockSize) * Vector128.Load(x + index[i] * BlockSize);
            b += Vector128.Load(value + i * BlockSize + BlockSize) * Vector128.Load(x + index[i + 1] * BlockSize);
        }
        if (i < stop) a += Vector128.Load(value + i * BlockSize) * Vector128.Load(x + index[i] * BlockSize);
        return a + b + edge;
    }
}
