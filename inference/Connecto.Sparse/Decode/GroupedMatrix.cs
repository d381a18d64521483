namespace Connecto.Sparse;

/// <summary>A dense matrix of 4- or 3-bit weights with one scale for every few neighbours of a row. Row = output, column
/// = input.</summary>
/// <remarks>
/// Entry r, c stands for scale[r][c / Group] times its whole number, of which there are 16 or 8: two's complement, value c
/// of a row at the bits c * Bits and on, lowest bit first, so that two fill a byte or eight fill three. A row begins at a
/// whole byte. Scales take 16 bits: in all 4.25 or 3.25 bits a weight for groups of 64. Immutable, and safe from several
/// threads.
/// </remarks>
public sealed class GroupedMatrix
{
    private readonly byte[] packed;
    private readonly BFloat16[] scales;
    private readonly int rowBytes;

    /// <summary>Takes the arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <param name="bits">Bits of a weight: 3 or 4.</param>
    /// <param name="group">Columns of one scale: 32 or 64.</param>
    /// <param name="packed">rows times ceil(columns * bits / 8) bytes; bits after a row's last weight are 0.</param>
    /// <param name="scales">rows times ceil(columns / group) values, finite and not negative.</param>
    /// <exception cref="ArgumentException">Any of these does not hold.</exception>
    public GroupedMatrix(int rows, int columns, int bits, int group, byte[] packed, BFloat16[] scales)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        CheckForm(bits, group);
        ArgumentNullException.ThrowIfNull(packed);
        ArgumentNullException.ThrowIfNull(scales);
        (Rows, Columns, Bits, Group) = (rows, columns, bits, group);
        var bytes = ((long)columns * bits + 7) / 8;
        if (packed.LongLength != rows * bytes)
            throw new ArgumentException($"{rows} rows of {columns} weights of {bits} bits take {rows * bytes} bytes; found {packed.Length}.", nameof(packed));
        GroupsPerRow = (int)((columns + (long)group - 1) / group);
        if (scales.LongLength != (long)rows * GroupsPerRow)
            throw new ArgumentException($"{rows} rows need {(long)rows * GroupsPerRow} scales; found {scales.Length}.", nameof(scales));
        rowBytes = (int)bytes;
        var used = (int)((long)columns * bits % 8);
        for (var row = 0; row < rows; row++)
        {
            if (used != 0 && packed[(row + 1) * rowBytes - 1] >> used != 0)
                throw new ArgumentException($"Row {row} has a set bit beyond its {columns} weights.", nameof(packed));
            foreach (var scale in scales.AsSpan(row * GroupsPerRow, GroupsPerRow))
                if (!(float.IsFinite(scale) && scale >= 0f))
                    throw new ArgumentException($"Row {row} has the scale {(float)scale}; a scale is finite and not negative.", nameof(scales));
        }
        (this.packed, this.scales) = (packed, scales);
    }

    /// <summary>Number of rows: outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: inputs.</summary>
    public int Columns { get; }

    /// <summary>Bits of a weight: 3 or 4.</summary>
    public int Bits { get; }

    /// <summary>Columns of one scale: 32 or 64.</summary>
    public int Group { get; }

    /// <summary>Scales a row.</summary>
    public int GroupsPerRow { get; }

    /// <summary>All weights' bits, row by row.</summary>
    public ReadOnlySpan<byte> Packed => packed;

    /// <summary>All scales, row by row.</summary>
    public ReadOnlySpan<BFloat16> Scales => scales;

    /// <summary>Bytes of weights and scales.</summary>
    public long Bytes => packed.LongLength + 2 * scales.LongLength;

    /// <summary>The whole number at a place, in [-8, 7] or [-4, 3].</summary>
    public int this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
            return Value(row, column);
        }
    }

    /// <summary>Rounds a dense matrix to groups.</summary>
    /// <param name="weights">W [rows][columns], finite.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, 0 or more.</param>
    /// <param name="bits">Bits of a weight: 3 or 4.</param>
    /// <param name="group">Columns of one scale: 32 or 64.</param>
    /// <exception cref="ArgumentException">A number is out of range, the length differs, or a weight is not
    /// finite.</exception>
    /// <remarks>
    /// With most = 7 or 3: a group's scale is its largest magnitude divided by most, rounded up to
    /// <see cref="BFloat16"/>, and each weight the nearest multiple in [-most, most], ties to even. So
    /// |weight - scale * number| &lt;= scale / 2 for every weight, where the scale is at most 1 + 2^-7 times
    /// largest / most; zeros stay zeros. (Where the scale rounded up would pass the largest number, or fall below 2^-126,
    /// it is set there; the bound holds at both ends but for weights above 3.3e38.)
    /// </remarks>
    public static GroupedMatrix Quantize(ReadOnlySpan<float> weights, int rows, int columns, int bits, int group)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        CheckForm(bits, group);
        if (weights.Length != (long)rows * columns)
            throw new ArgumentException($"A {rows} x {columns} matrix has {(long)rows * columns} weights; found {weights.Length}.", nameof(weights));
        var quantizer = new GroupQuantizer(rows, columns, bits, group);
        for (var row = 0; row < rows; row++) quantizer.Add(weights.Slice(row * columns, columns));
        return quantizer.Finish();
    }

    /// <summary>As above, from a sparse matrix; places without an entry are zeros, which take as many bits.</summary>
    /// <inheritdoc cref="Quantize(ReadOnlySpan{float}, int, int, int, int)" path="/exception"/>
    public static GroupedMatrix Quantize(CsrMatrix matrix, int bits, int group)
    {
        CheckForm(bits, group);
        var quantizer = new GroupQuantizer(matrix.Rows, matrix.Columns, bits, group);
        var line = new float[matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            Array.Clear(line);
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++) line[matrix.ColumnIndices[i]] = matrix.Values[i];
            quantizer.Add(line);
        }
        return quantizer.Finish();
    }

    /// <summary>All entries as floats, [Rows][Columns]: scale times number, rounded to float (exact, since 8 and 4 bits
    /// make 12).</summary>
    public float[] ToDense()
    {
        var dense = new float[Rows * Columns];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                dense[row * Columns + column] = Value(row, column) * Scale(row, column / Group);
        return dense;
    }

    internal float Scale(int row, int group) => scales[row * GroupsPerRow + group];

    internal int Value(int row, int column)
    {
        var bit = column * (long)Bits;
        var at = row * (long)rowBytes + bit / 8;
        var end = (row + 1) * (long)rowBytes;
        var two = packed[at] | (at + 1 < end ? packed[at + 1] << 8 : 0);
        return two >> (int)(bit % 8) << (32 - Bits) >> (32 - Bits);
    }

    private static void CheckForm(int bits, int group)
    {
        if (bits is not (3 or 4)) throw new ArgumentOutOfRangeException(nameof(bits), bits, "Weights have 3 or 4 bits.");
        if (group is not (32 or 64)) throw new ArgumentOutOfRangeException(nameof(group), group, "A group has 32 or 64 columns.");
    }
}
