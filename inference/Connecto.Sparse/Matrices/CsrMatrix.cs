namespace Connecto.Sparse;

/// <summary>A sparse matrix of floats in compressed sparse rows. Row = output (postsynaptic), column = input
/// (presynaptic).</summary>
/// <remarks>
/// Row r holds the entries rowStarts[r] to rowStarts[r + 1] - 1, with columns strictly ascending. The constructor
/// proves this once, so that every kernel may trust it. Immutable, and safe from several threads; 8 bytes an entry
/// and 4 a row.
/// </remarks>
public sealed class CsrMatrix
{
    private readonly int[] rowStarts;
    private readonly int[] columnIndices;
    private readonly float[] values;

    /// <summary>Takes the three arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <param name="rowStarts">rows + 1 places, from 0 to the number of entries, never falling.</param>
    /// <param name="columnIndices">The column of every entry, in [0, columns), strictly ascending within a row.</param>
    /// <param name="values">The value of every entry; any float, zeros included.</param>
    /// <exception cref="ArgumentException">Any of these does not hold; the message names the first row that is
    /// wrong.</exception>
    public CsrMatrix(int rows, int columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Prove(rows, columns, rowStarts, columnIndices, values);
        (Rows, Columns) = (rows, columns);
        (this.rowStarts, this.columnIndices, this.values) = (rowStarts, columnIndices, values);
    }

    /// <summary>Number of rows: outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: inputs.</summary>
    public int Columns { get; }

    /// <summary>Number of entries, stored zeros included.</summary>
    public int NonZeros => values.Length;

    /// <summary>Share of the places that hold an entry, 0 to 1; 0 for an empty matrix.</summary>
    public double Density => Rows == 0 || Columns == 0 ? 0 : (double)NonZeros / ((double)Rows * Columns);

    /// <summary>Where each row begins; Rows + 1 places.</summary>
    public ReadOnlySpan<int> RowStarts => rowStarts;

    /// <summary>The column of every entry.</summary>
    public ReadOnlySpan<int> ColumnIndices => columnIndices;

    /// <summary>The value of every entry.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>y = A x, on the caller's thread.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>O(entries). Same bits as
    /// <see cref="Multiply(ReadOnlySpan{float}, Span{float}, WorkerPool)"/>.</remarks>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        MultiplyRows(x, y, 0, Rows);
    }

    /// <summary>y = A x, on all threads of a team: each takes a range of rows with about the same number of
    /// entries.</summary>
    /// <param name="x">Columns inputs.</param>
    /// <param name="y">Rows outputs; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <param name="pool">The team.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>A row is summed by one thread in a fixed order, so the bits do not depend on the team's size.</remarks>
    public unsafe void Multiply(ReadOnlySpan<float> x, Span<float> y, WorkerPool pool)
    {
        CheckLengths(x.Length, y.Length);
        if (pool.Threads == 1)
        {
            MultiplyRows(x, y, 0, Rows);
            return;
        }
        fixed (float* px = x, py = y)
        {
            var (xs, ys) = ((nint)px, (nint)py);
            pool.Run(thread =>
            {
                var begin = FirstRow(thread, pool.Threads);
                var end = FirstRow(thread + 1, pool.Threads);
                MultiplyRows(new ReadOnlySpan<float>((float*)xs, Columns), new Span<float>((float*)ys, Rows), begin, end);
            });
        }
    }

    /// <summary>The transposed matrix: columns become rows. O(entries + rows + columns).</summary>
    public CsrMatrix Transpose()
    {
        var starts = new int[Columns + 1];
        foreach (var column in columnIndices) starts[column + 1]++;
        for (var i = 0; i < Columns; i++) starts[i + 1] += starts[i];

        var next = starts.AsSpan(0, Columns).ToArray();
        var indices = new int[NonZeros];
        var transposed = new float[NonZeros];
        for (var row = 0; row < Rows; row++)
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                var place = next[columnIndices[i]]++;
                indices[place] = row;
                transposed[place] = values[i];
            }
        return new CsrMatrix(Columns, Rows, starts, indices, transposed);
    }

    /// <summary>Builds a matrix from entries in any order; entries of one place are summed in the order
    /// given.</summary>
    /// <exception cref="ArgumentException">An entry lies outside the matrix, or there are 2^31 entries or
    /// more.</exception>
    public static CsrMatrix FromEntries(int rows, int columns, IEnumerable<(int Row, int Column, float Value)> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var list = entries.ToList();
        foreach (var (row, column, _) in list)
            if ((uint)row >= (uint)rows || (uint)column >= (uint)columns)
                throw new ArgumentException(
                    $"Entry ({row}, {column}) lies outside a {rows} x {columns} matrix.", nameof(entries));

        var starts = new int[rows + 1];
        List<int> indices = new(list.Count);
        List<float> values = new(list.Count);
        var current = 0;
        foreach (var (row, column, value) in list.OrderBy(e => e.Row).ThenBy(e => e.Column))
        {
            while (current < row) starts[++current] = indices.Count;
            if (indices.Count > starts[row] && indices[^1] == column)
                values[^1] += value;
            else
            {
                indices.Add(column);
                values.Add(value);
            }
        }
        while (current < rows) starts[++current] = indices.Count;
        return new CsrMatrix(rows, columns, starts, [.. indices], [.. values]);
    }

    private static void Prove(int rows, int columns, int[] starts, int[] indices, float[] values)
    {
        if (starts.Length != rows + 1L)
            throw new ArgumentException(
                $"{rows} rows need {rows + 1L} row starts; found {starts.Length}.", nameof(starts));
        if (indices.Length != values.Length)
            throw new ArgumentException($"Found {indices.Length} columns for {values.Length} values.", nameof(indices));
        if (starts[0] != 0 || starts[rows] != values.Length)
            throw new ArgumentException(
                $"Row starts must run from 0 to {values.Length}; found {starts[0]} to {starts[rows]}.", nameof(starts));
        // All starts first: only a monotone list between 0 and the length makes the index loop below safe.
        for (var row = 0; row < rows; row++)
            if (starts[row] > starts[row + 1])
                throw new ArgumentException(
                    $"Row {row} starts at {starts[row]}, after the next row's {starts[row + 1]}.", nameof(starts));
        for (var row = 0; row < rows; row++)
        {
            var last = -1;
            for (var i = starts[row]; i < starts[row + 1]; i++)
            {
                if (indices[i] <= last || indices[i] >= columns)
                    throw new ArgumentException(
                        $"Row {row} has column {indices[i]} after {last}; columns must ascend strictly below {columns}.", nameof(indices));
                last = indices[i];
            }
        }
    }

    private void CheckLengths(int x, int y)
    {
        if (x != Columns || y != Rows)
            throw new ArgumentException(
                $"A {Rows} x {Columns} matrix takes {Columns} inputs and {Rows} outputs; found {x} and {y}.");
    }

    /// <summary>The first row of a thread's part: rows are cut where entries and rows together are shared
    /// evenly.</summary>
    private int FirstRow(int thread, int threads)
    {
        var target = ((long)NonZeros + Rows) * thread / threads;
        var (low, high) = (0, Rows);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (rowStarts[middle] + (long)middle < target) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    // Four partial sums hide the latency of the additions; their order is part of the result, hence the same
    // everywhere.
    private unsafe void MultiplyRows(ReadOnlySpan<float> x, Span<float> y, int begin, int end)
    {
        fixed (float* input = x, value = values)
        fixed (int* column = columnIndices)
            for (var row = begin; row < end; row++)
            {
                var (i, stop) = (rowStarts[row], rowStarts[row + 1]);
                float a = 0, b = 0, c = 0, d = 0;
                for (; i + 4 <= stop; i += 4)
                {
                    a += value[i] * input[column[i]];
                    b += value[i + 1] * input[column[i + 1]];
                    c += value[i + 2] * input[column[i + 2]];
                    d += value[i + 3] * input[column[i + 3]];
                }
                for (; i < stop; i++) a += value[i] * input[column[i]];
                y[row] = a + b + (c + d);
            }
    }
}
