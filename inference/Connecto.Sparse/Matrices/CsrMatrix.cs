using Connecto.Sparse.Matrices;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of floats in compressed sparse rows. Row = output (postsynaptic), column = input
/// (presynaptic).</summary>
/// <remarks>
/// Row r holds the entries rowStarts[r] to rowStarts[r + 1] - 1, with columns strictly ascending. The constructor
/// proves this once, so that every kernel may trust it. Immutable, and safe from several threads; 8 bytes an entry
/// and 4 a row.
/// </remarks>
public sealed partial class CsrMatrix
{
    private readonly SparsePattern pattern;
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
        : this(new SparsePattern(rows, columns, rowStarts, columnIndices, "row", "column"), values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (columnIndices.Length != values.Length)
            throw new ArgumentException($"Found {columnIndices.Length} columns for {values.Length} values.", nameof(columnIndices));
    }

    internal CsrMatrix(SparsePattern pattern, float[] values) => (this.pattern, this.values) = (pattern, values);

    /// <summary>Number of rows: outputs.</summary>
    public int Rows => pattern.Lists;

    /// <summary>Number of columns: inputs.</summary>
    public int Columns => pattern.Extent;

    /// <summary>Number of entries, stored zeros included.</summary>
    public int NonZeros => values.Length;

    /// <summary>Share of the places that hold an entry, 0 to 1; 0 for an empty matrix.</summary>
    public double Density => pattern.Density;

    /// <summary>The entries' places: a list a row.</summary>
    public SparsePattern Pattern => pattern;

    /// <summary>Where each row begins; Rows + 1 places.</summary>
    public ReadOnlySpan<int> RowStarts => pattern.Starts;

    /// <summary>The column of every entry.</summary>
    public ReadOnlySpan<int> ColumnIndices => pattern.Indices;

    /// <summary>The value of every entry.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The transposed matrix: columns become rows. O(entries + rows + columns).</summary>
    public CsrMatrix Transpose()
    {
        var columns = pattern.Transpose(out var places);
        return new CsrMatrix(columns, SparseValues.Move(values, places));
    }

    /// <summary>The same matrix in compressed columns: the same entries with the same bits, stored zeros
    /// included.</summary>
    /// <remarks>O(entries + rows + columns).</remarks>
    public CscMatrix ToCsc()
    {
        var columns = pattern.Transpose(out var places);
        return new CscMatrix(columns, SparseValues.Move(values, places));
    }

    /// <summary>The matrix with every place written out, [Rows][Columns]; 0 where there is no entry.</summary>
    /// <exception cref="InvalidOperationException">An array cannot hold that many places.</exception>
    /// <remarks>O(rows * columns).</remarks>
    public float[] ToDense()
    {
        if ((long)Rows * Columns > Array.MaxLength)
            throw new InvalidOperationException(
                $"A {Rows} x {Columns} matrix written out has more places than an array can hold ({Array.MaxLength}).");
        var dense = new float[Rows * Columns];
        for (var row = 0; row < Rows; row++)
            for (var i = RowStarts[row]; i < RowStarts[row + 1]; i++)
                dense[row * Columns + ColumnIndices[i]] = values[i];
        return dense;
    }

    /// <summary>Keeps what is not zero of a matrix with every place written out.</summary>
    /// <param name="dense">[rows][columns]; both zeros (0 and -0) are left out, NaN and infinity are entries.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The length is not rows * columns, or a number is negative.</exception>
    /// <remarks>O(rows * columns).</remarks>
    public static CsrMatrix FromDense(ReadOnlySpan<float> dense, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (dense.Length != (long)rows * columns)
            throw new ArgumentException(
                $"A {rows} x {columns} matrix has {(long)rows * columns} values; found {dense.Length}.", nameof(dense));
        var starts = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            var entries = 0;
            foreach (var value in dense.Slice(row * columns, columns)) entries += value != 0 ? 1 : 0;
            starts[row + 1] = starts[row] + entries;
        }
        var indices = new int[starts[rows]];
        var values = new float[starts[rows]];
        for (var (row, at) = (0, 0); row < rows; row++)
        {
            var line = dense.Slice(row * columns, columns);
            for (var column = 0; column < columns; column++)
                if (line[column] != 0) (indices[at], values[at++]) = (column, line[column]);
        }
        return new CsrMatrix(rows, columns, starts, indices, values);
    }

    /// <summary>Builds a matrix from entries in any order; entries of one place are summed in the order
    /// given.</summary>
    /// <exception cref="ArgumentException">An entry lies outside the matrix, or there are 2^31 entries or
    /// more.</exception>
    /// <remarks>O(entries + rows + columns): two stable counting sorts, by column and then by row.</remarks>
    public static CsrMatrix FromEntries(int rows, int columns, IEnumerable<(int Row, int Column, float Value)> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return EntrySort.Build(rows, columns, entries as (int Row, int Column, float Value)[] ?? [.. entries]);
    }
}
