using Connecto.Sparse.Decode;

namespace Connecto.Sparse;

/// <summary>A planned product Y = activation(W X + bias) of a sparse matrix and 1 to 8 vectors, run again and
/// again.</summary>
/// <remarks>
/// With so few vectors the time is that of reading the weights, so what counts is how few bytes they take: bits and packed
/// values (<see cref="BitmaskMatrix{TValue}"/>), which a generated kernel expands in registers. The result has the same
/// bits by every kernel and on any number of threads. A run allocates nothing. Not safe for two callers at once.
/// </remarks>
/// <example><code>
/// using var product = DecodeProduct.Create(BitmaskMatrix.Quantize(weights), new() { Batch = 1, Threads = 2 });
/// product.Run(x, y);   // x [1][weights.Columns], y [1][weights.Rows]
/// </code></example>
public abstract class DecodeProduct : IDisposable
{
    private const double LeastBitmaskDensity = 0.1;

    private protected DecodeProduct(int rows, int columns, DecodeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Batch, DecodeOptions.MostVectors, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        if (options.Bias is { } bias && bias.Length != rows)
            throw new ArgumentException($"{rows} rows take as many biases; found {bias.Length}.", nameof(options));
        (Rows, Columns, Batch) = (rows, columns, options.Batch);
    }

    /// <summary>Rows of the matrix: outputs.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix: inputs.</summary>
    public int Columns { get; }

    /// <summary>Vectors of a run.</summary>
    public int Batch { get; }

    /// <summary>The kernel in use, never Auto.</summary>
    public abstract DecodeKernel Kernel { get; }

    /// <summary>Bytes of weights that a run reads.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>Plans a product of bytes.</summary>
    /// <param name="matrix">W, at most 65,000 columns; its arrays are kept or copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <exception cref="ArgumentException">The bias has another length than the matrix has rows, a number is out of
    /// range, or there are too many columns for sums of 32 bits.</exception>
    /// <exception cref="PlatformNotSupportedException">The generated kernel was asked for by name where it cannot
    /// run.</exception>
    public static ByteDecodeProduct Create(BitmaskMatrix<sbyte> matrix, DecodeOptions options) =>
        ByteDecodeProduct.Sparse(matrix, options);

    /// <summary>Plans a product of floats.</summary>
    /// <param name="matrix">W; its arrays are kept or copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <inheritdoc cref="Create(BitmaskMatrix{sbyte}, DecodeOptions)" path="/exception"/>
    /// <remarks>
    /// Sums of 16 lanes: column c adds to lane c mod 16, by ascending column, in fused multiply-adds; a lane has no part
    /// in an input without an entry, so NaN and infinity pass through the entries that the matrix stores.
    /// </remarks>
    public static DecodeProduct Create(BitmaskMatrix<float> matrix, DecodeOptions options) =>
        new FloatDecodeProduct<float>(matrix, options, DecodeFormat.MaskedFloats);

    /// <summary>Plans a product of floats in the format that is faster at the matrix's density: bits and floats from one
    /// entry in ten on, where the generated kernel runs; else compressed rows.</summary>
    /// <param name="matrix">W; its arrays are kept or copied.</param>
    /// <param name="options">The plan's terms; a generated kernel asked for by name means bits at any density.</param>
    /// <inheritdoc cref="Create(BitmaskMatrix{sbyte}, DecodeOptions)" path="/exception"/>
    /// <remarks>
    /// An expansion costs 3 cycles for 16 columns, an entry of a row about 2: on an Ice Lake server core they meet at one
    /// entry in ten to twelve. The two formats add in different orders, so the choice is part of the bits; it depends on the
    /// matrix, the options and the machine, not on the threads.
    /// </remarks>
    public static DecodeProduct Create(CsrMatrix matrix, DecodeOptions options)
    {
        var obstacle = DecodeSupport.Obstacle(new DecodeShape(DecodeFormat.MaskedFloats, 1), matrix.Rows, matrix.Columns);
        var why = options.Kernel switch
        {
            DecodeKernel.Portable => "as asked for",
            DecodeKernel.Generated => null,
            _ => obstacle ?? (matrix.Density < LeastBitmaskDensity ? "few entries" : null),
        };
        if (why is null) return Create(BitmaskMatrix.FromCsr(matrix), options);
        return matrix.Columns <= ushort.MaxValue + 1
            ? new IndexedDecodeProduct<ushort>(matrix, options, why) : new IndexedDecodeProduct<int>(matrix, options, why);
    }

    /// <summary>Plans a product of 16-bit weights and floats.</summary>
    /// <param name="matrix">W; its arrays are kept or copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <inheritdoc cref="Create(BitmaskMatrix{sbyte}, DecodeOptions)" path="/exception"/>
    /// <remarks>Weights are widened to floats, which is exact. As the product of floats, but column c adds to lane
    /// c / 2 mod 16; a vector with a value that is not finite is multiplied by the portable kernel.</remarks>
    public static DecodeProduct Create(BitmaskMatrix<BFloat16> matrix, DecodeOptions options) =>
        new FloatDecodeProduct<BFloat16>(matrix, options, DecodeFormat.MaskedHalves);

    /// <summary>Plans a product of bytes that multiplies all places, zeros too: the twin that the others are measured
    /// against, and the faster one for more than about 80 % of places with entries.</summary>
    /// <param name="weights">W [rows][columns]; copied.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, 0 to 65,000.</param>
    /// <param name="rowScales">What one unit of a row's values is worth; empty for 1 everywhere.</param>
    /// <param name="options">The plan's terms.</param>
    /// <inheritdoc cref="Create(BitmaskMatrix{sbyte}, DecodeOptions)" path="/exception"/>
    public static ByteDecodeProduct CreateDense(
        ReadOnlySpan<sbyte> weights, int rows, int columns, ReadOnlySpan<float> rowScales, DecodeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (weights.Length != (long)rows * columns)
            throw new ArgumentException($"A {rows} x {columns} matrix has {(long)rows * columns} weights; found {weights.Length}.", nameof(weights));
        if (!rowScales.IsEmpty && rowScales.Length != rows)
            throw new ArgumentException($"{rows} rows need as many scales; found {rowScales.Length}.", nameof(rowScales));
        return ByteDecodeProduct.Dense(weights, rows, columns, rowScales, options);
    }

    /// <summary>Plans a product of 4- or 3-bit weights in groups and vectors of bytes.</summary>
    /// <param name="matrix">W; its arrays are kept or copied.</param>
    /// <param name="options">The plan's terms.</param>
    /// <inheritdoc cref="Create(BitmaskMatrix{sbyte}, DecodeOptions)" path="/exception"/>
    public static GroupedDecodeProduct Create(GroupedMatrix matrix, DecodeOptions options) => new(matrix, options);

    /// <summary>Y = activation(W X + bias).</summary>
    /// <param name="x">X [Batch][Columns].</param>
    /// <param name="y">Y [Batch][Rows]; written in full. Must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="ObjectDisposedException">The product was disposed.</exception>
    public abstract void Run(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>One line: the kernel and why, bytes read.</summary>
    public abstract string Describe();

    /// <summary>Ends the threads and gives the code's memory back.</summary>
    public abstract void Dispose();

    private protected void CheckLengths(long x, long y)
    {
        if (x != (long)Batch * Columns || y != (long)Batch * Rows)
            throw new ArgumentException(
                $"A product of {Rows} x {Columns} with {Batch} vectors takes {(long)Batch * Columns} values in and " +
                $"{(long)Batch * Rows} out; found {x} and {y}.");
    }

    /// <summary>Chooses the plan: null for the portable kernel, with the reason.</summary>
    private protected static DecodePlan? Plan(
        string? obstacle, DecodeOptions options, Func<PackedRows> pack, Func<PackedRows, byte[]> emit, out string why)
    {
        why = "as asked for";
        if (options.Kernel == DecodeKernel.Portable) return null;
        why = obstacle ?? "";
        if (obstacle is null && pack() is var packed && DecodePlan.TryCreate(packed, emit(packed), options.Threads, out why) is { } plan)
            return plan;
        return options.Kernel == DecodeKernel.Auto ? null
            : throw new PlatformNotSupportedException($"No generated kernel can be used here: {why}.");
    }
}
