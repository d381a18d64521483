using Connecto.Sparse.Matrices;

namespace Connecto.Sparse;

/// <summary>A sparse matrix of floats in compressed sparse columns. Row = output (postsynaptic), column = input
/// (presynaptic).</summary>
/// <remarks>
/// Column c holds the entries columnStarts[c] to columnStarts[c + 1] - 1, with rows strictly ascending: what one input
/// adds to, side by side, so that a product need not read the columns of inputs that are zero. The constructor proves
/// this once. Immutable, and safe from several threads; 8 bytes an entry and 4 a column.
/// </remarks>
public sealed class CscMatrix
{
    private readonly SparsePattern pattern;
    private readonly float[] values;

    /// <summary>Takes the three arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <param name="columnStarts">columns + 1 places, from 0 to the number of entries, never falling.</param>
    /// <param name="rowIndices">The row of every entry, in [0, rows), strictly ascending within a column.</param>
    /// <param name="values">The value of every entry; any float, zeros included.</param>
    /// <exception cref="ArgumentException">Any of these does not hold; the message names the first column that is
    /// wrong.</exception>
    public CscMatrix(int rows, int columns, int[] columnStarts, int[] rowIndices, float[] values)
        : this(new SparsePattern(columns, rows, columnStarts, rowIndices, "column", "row"), values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (rowIndices.Length != values.Length)
            throw new ArgumentException($"Found {rowIndices.Length} rows for {values.Length} values.", nameof(rowIndices));
    }

    internal CscMatrix(SparsePattern pattern, float[] values) => (this.pattern, this.values) = (pattern, values);

    /// <summary>Number of rows: outputs.</summary>
    public int Rows => pattern.Extent;

    /// <summary>Number of columns: inputs.</summary>
    public int Columns => pattern.Lists;

    /// <summary>Number of entries, stored zeros included.</summary>
    public int NonZeros => values.Length;

    /// <summary>Share of the places that hold an entry, 0 to 1; 0 for an empty matrix.</summary>
    public double Density => pattern.Density;

    /// <summary>The entries' places: a list a column.</summary>
    public SparsePattern Pattern => pattern;

    /// <summary>Where each column begins; Columns + 1 places.</summary>
    public ReadOnlySpan<int> ColumnStarts => pattern.Starts;

    /// <summary>The row of every entry.</summary>
    public ReadOnlySpan<int> RowIndices => pattern.Indices;

    /// <summary>The value of every entry.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The same matrix in compressed rows: the same entries with the same bits, stored zeros included.</summary>
    /// <remarks>O(entries + rows + columns).</remarks>
    public CsrMatrix ToCsr()
    {
        var rows = pattern.Transpose(out var places);
        return new CsrMatrix(rows, SparseValues.Move(values, places));
    }
}
