using System.Numerics;

namespace Connecto.Sparse;

/// <summary>A sparse matrix that marks its entries by one bit a place. Row = output (postsynaptic), column = input
/// (presynaptic).</summary>
/// <typeparam name="TValue">sbyte, <see cref="BFloat16"/> or float.</typeparam>
/// <remarks>
/// Row r has the words r * WordsPerRow and on: bit b of word w is set where column 64 w + b holds an entry. The values of
/// all set bits follow one another, row by row, by ascending column. Entry r, c stands for RowScales[r] times its value.
/// One bit a place is less than compressed rows' four bytes an entry while more than one place in 32 holds an entry. The
/// constructor proves all this once. Immutable, and safe from several threads.
/// </remarks>
public sealed class BitmaskMatrix<TValue> where TValue : unmanaged
{
    private readonly ulong[] masks;
    private readonly int[] rowStarts;
    private readonly TValue[] values;
    private readonly float[] rowScales;

    /// <summary>Takes the arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <param name="masks">rows times ceil(columns / 64) words; bits at and beyond columns are 0.</param>
    /// <param name="rowStarts">rows + 1 places, from 0 to the number of values; row r has as many values between its own
    /// start and the next as its words have set bits.</param>
    /// <param name="values">The value of every set bit; any, zeros included.</param>
    /// <param name="rowScales">What one unit of a row's values is worth, finite; null for 1 everywhere.</param>
    /// <exception cref="ArgumentException">Any of these does not hold; the message names the first row that is
    /// wrong.</exception>
    public BitmaskMatrix(int rows, int columns, ulong[] masks, int[] rowStarts, TValue[] values, float[]? rowScales = null)
    {
        if (typeof(TValue) != typeof(sbyte) && typeof(TValue) != typeof(BFloat16) && typeof(TValue) != typeof(float))
            throw new ArgumentException($"Values are sbyte, BFloat16 or float; found {typeof(TValue).Name}.", nameof(values));
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(rowStarts);
        ArgumentNullException.ThrowIfNull(values);
        WordsPerRow = BitmaskMatrix.Words(columns);
        (Rows, Columns) = (rows, columns);
        this.rowScales = rowScales ?? [.. Enumerable.Repeat(1f, rows)];
        (this.masks, this.rowStarts, this.values) = (masks, rowStarts, values);
        Prove();
    }

    /// <summary>Number of rows: outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: inputs.</summary>
    public int Columns { get; }

    /// <summary>Words of 64 bits that mark one row's entries.</summary>
    public int WordsPerRow { get; }

    /// <summary>Number of entries, stored zeros included.</summary>
    public int NonZeros => values.Length;

    /// <summary>Share of the places that hold an entry, 0 to 1; 0 for an empty matrix.</summary>
    public double Density => Rows == 0 || Columns == 0 ? 0 : NonZeros / ((double)Rows * Columns);

    /// <summary>Where the entries are, Rows x WordsPerRow.</summary>
    public ReadOnlySpan<ulong> Masks => masks;

    /// <summary>Where each row's values begin; Rows + 1 places.</summary>
    public ReadOnlySpan<int> RowStarts => rowStarts;

    /// <summary>The value of every entry, row by row.</summary>
    public ReadOnlySpan<TValue> Values => values;

    /// <summary>What one unit of a row's values is worth.</summary>
    public ReadOnlySpan<float> RowScales => rowScales;

    /// <summary>Bytes of masks and values: what a product reads.</summary>
    public unsafe long Bytes => 8L * masks.Length + (long)sizeof(TValue) * values.Length;

    /// <summary>The same entries in compressed rows, each its value times its row's scale, rounded to float.</summary>
    /// <remarks>Exact, bit by bit, where all scales are 1. O(places / 64 + entries).</remarks>
    public CsrMatrix ToCsr()
    {
        var indices = new int[NonZeros];
        var floats = new float[NonZeros];
        var next = 0;
        for (var row = 0; row < Rows; row++)
            for (var word = 0; word < WordsPerRow; word++)
                for (var rest = masks[row * WordsPerRow + word]; rest != 0; rest &= rest - 1, next++)
                {
                    indices[next] = word * 64 + BitOperations.TrailingZeroCount(rest);
                    var value = BitmaskMatrix.ToFloat(values[next]);
                    // A signalling NaN times 1 would change its bits.
                    floats[next] = rowScales[row] == 1 ? value : value * rowScales[row];
                }
        return new CsrMatrix(Rows, Columns, [.. rowStarts], indices, floats);
    }

    private void Prove()
    {
        if (masks.LongLength != (long)Rows * WordsPerRow)
            throw new ArgumentException(
                $"{Rows} rows of {Columns} columns need {(long)Rows * WordsPerRow} words of bits; found {masks.Length}.", nameof(masks));
        if (rowStarts.Length != Rows + 1L)
            throw new ArgumentException($"{Rows} rows need {Rows + 1L} row starts; found {rowStarts.Length}.", nameof(rowStarts));
        if (rowScales.Length != Rows)
            throw new ArgumentException($"{Rows} rows need as many scales; found {rowScales.Length}.", nameof(rowScales));
        if (rowStarts[0] != 0 || rowStarts[Rows] != values.Length)
            throw new ArgumentException(
                $"Row starts must run from 0 to {values.Length}; found {rowStarts[0]} to {rowStarts[Rows]}.", nameof(rowStarts));
        var beyond = Columns % 64 == 0 ? 0 : ulong.MaxValue << Columns % 64;
        for (var row = 0; row < Rows; row++)
        {
            long count = 0;
            foreach (var word in masks.AsSpan(row * WordsPerRow, WordsPerRow)) count += BitOperations.PopCount(word);
            // In 64 bits: starts that only fit modulo 2^32 must not pass.
            if ((long)rowStarts[row + 1] - rowStarts[row] != count)
                throw new ArgumentException(
                    $"Row {row} has {count} set bits and {(long)rowStarts[row + 1] - rowStarts[row]} values.", nameof(rowStarts));
            if (beyond != 0 && (masks[(row + 1) * WordsPerRow - 1] & beyond) != 0)
                throw new ArgumentException($"Row {row} has a set bit beyond its {Columns} columns.", nameof(masks));
            if (!float.IsFinite(rowScales[row]))
                throw new ArgumentException($"Row {row} has the scale {rowScales[row]}; a scale is finite.", nameof(rowScales));
        }
    }
}

/// <summary>Conversions to <see cref="BitmaskMatrix{TValue}"/>.</summary>
public static class BitmaskMatrix
{
    /// <summary>The same entries with the same bits, stored zeros included. O(places / 64 + entries).</summary>
    public static BitmaskMatrix<float> FromCsr(CsrMatrix matrix) => new(
        matrix.Rows, matrix.Columns, Mark(matrix), matrix.RowStarts.ToArray(), matrix.Values.ToArray());

    /// <summary>The same entries, each rounded to the nearest <see cref="BFloat16"/>, ties to even.</summary>
    public static BitmaskMatrix<BFloat16> RoundToBFloat16(CsrMatrix matrix)
    {
        var values = new BFloat16[matrix.NonZeros];
        for (var i = 0; i < values.Length; i++) values[i] = (BFloat16)matrix.Values[i];
        return new(matrix.Rows, matrix.Columns, Mark(matrix), matrix.RowStarts.ToArray(), values);
    }

    /// <summary>The same entries as bytes: a row's scale is its largest magnitude divided by 127, a value the nearest
    /// multiple in [-127, 127], ties to even; so no entry moves by more than half a scale (and rounding).</summary>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static BitmaskMatrix<sbyte> Quantize(CsrMatrix matrix)
    {
        var values = new sbyte[matrix.NonZeros];
        var scales = new float[matrix.Rows];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var entries = matrix.Values[matrix.RowStarts[row]..matrix.RowStarts[row + 1]];
            float largest = 0;
            foreach (var value in entries)
                largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value))
                    : throw new ArgumentException($"Row {row} holds {value}; only finite values have a scale.", nameof(matrix));
            // A row of zeros, or of numbers so small that their scale would be 0.
            scales[row] = largest / 127 is > 0 and var scale ? scale : 1;
            for (var i = 0; i < entries.Length; i++)
                values[matrix.RowStarts[row] + i] = (sbyte)Math.Clamp(MathF.Round(entries[i] / scales[row]), -127, 127);
        }
        return new(matrix.Rows, matrix.Columns, Mark(matrix), matrix.RowStarts.ToArray(), values, scales);
    }

    internal static int Words(int columns) => (int)((columns + 63L) / 64);

    internal static float ToFloat<TValue>(TValue value) where TValue : unmanaged =>
        value is sbyte whole ? whole : value is BFloat16 half ? half : (float)(object)value;

    private static ulong[] Mark(CsrMatrix matrix)
    {
        var words = Words(matrix.Columns);
        if ((long)matrix.Rows * words > Array.MaxLength)
            throw new ArgumentException(
                $"{matrix.Rows} x {matrix.Columns} places need more than {Array.MaxLength} words of bits.", nameof(matrix));
        var masks = new ulong[matrix.Rows * words];
        for (var row = 0; row < matrix.Rows; row++)
            foreach (var column in matrix.ColumnIndices[matrix.RowStarts[row]..matrix.RowStarts[row + 1]])
                masks[row * words + column / 64] |= 1ul << column % 64;
        return masks;
    }
}
