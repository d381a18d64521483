using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>One layer with its weights, activations and right answer: what every kernel of a round is given.</summary>
/// <remarks>
/// Weights are drawn once by seed: each place, or each group of four neighbours of a row, is kept with probability
/// 1 - sparsity. Activations lie there in both orders, so that no kernel pays for a transposition that a network of
/// its own layout would not have. The answer is the definition in double precision, summed over the weights kept.
/// </remarks>
internal sealed class KernelWorkload : IDisposable
{
    private readonly double[] answer;

    public KernelWorkload(KernelShape shape, KernelPrecision precision, double sparsity, int threads)
    {
        (Shape, Precision, Sparsity, Threads) = (shape, precision, sparsity, threads);
        var random = new Random(1);
        Weights = new AlignedBuffer<float>(shape.M * shape.K);
        WeightBytes = new AlignedBuffer<sbyte>(shape.M * shape.K);
        Matrix = RandomWeights.Draw(shape, precision, sparsity, random, Weights.Span);
        for (var i = 0; i < Weights.Span.Length; i++) WeightBytes.Span[i] = (sbyte)Weights.Span[i];

        var (channels, n) = (shape.Channels, shape.N);
        Rows = new AlignedBuffer<float>(channels * n);
        Columns = new AlignedBuffer<float>(channels * n);
        RowBytes = new AlignedBuffer<byte>(channels * n);
        ColumnBytes = new AlignedBuffer<byte>(channels * n);
        for (var c = 0; c < channels; c++)
            for (var i = 0; i < n; i++)
            {
                var value = precision.HasFloatInputs() ? random.NextSingle() * 2 - 1 : random.Next(128);
                Rows.Span[c * n + i] = Columns.Span[i * channels + c] = value;
                RowBytes.Span[c * n + i] = ColumnBytes.Span[i * channels + c] = (byte)value;
            }
        Result = new AlignedBuffer<float>(shape.M * n);
        (answer, Magnitude) = DefinedProduct.Compute(Matrix, shape, Rows.Span);
    }

    public KernelShape Shape { get; }

    public KernelPrecision Precision { get; }

    public double Sparsity { get; }

    public int Threads { get; }

    /// <summary>The weights, those kept only. Bytes are whole numbers here.</summary>
    public CsrMatrix Matrix { get; }

    /// <summary>The weights with their zeros, [M][K].</summary>
    public AlignedBuffer<float> Weights { get; }

    /// <summary>The same as bytes; meaningless for floats.</summary>
    public AlignedBuffer<sbyte> WeightBytes { get; }

    /// <summary>Activations [channels][N].</summary>
    public AlignedBuffer<float> Rows { get; }

    /// <summary>Activations [N][channels].</summary>
    public AlignedBuffer<float> Columns { get; }

    /// <summary>Activations [channels][N] as bytes; meaningless for floats.</summary>
    public AlignedBuffer<byte> RowBytes { get; }

    /// <summary>Activations [N][channels] as bytes; meaningless for floats.</summary>
    public AlignedBuffer<byte> ColumnBytes { get; }

    /// <summary>Where every kernel writes: floats, or the bits of 32-bit sums for int8.</summary>
    public AlignedBuffer<float> Result { get; }

    /// <summary>The largest sum of |weight * activation| of any output: what an error is measured by.</summary>
    public double Magnitude { get; }

    /// <summary>Bytes that any kernel must read and write besides its weights.</summary>
    public double ActivationBytes => (double)Shape.Channels * Shape.N * Precision.Bytes() + 4.0 * Shape.M * Shape.N;

    /// <summary>The largest difference between the result and the answer, as a share of
    /// <see cref="Magnitude"/>.</summary>
    public double Error(ResultOrder order)
    {
        var result = Result.Span;
        double worst = 0;
        for (var m = 0; m < Shape.M; m++)
            for (var n = 0; n < Shape.N; n++)
            {
                var place = order == ResultOrder.Rows ? m * Shape.N + n : n * Shape.M + m;
                double found = Precision.HasFloatResults()
                    ? result[place] : BitConverter.SingleToInt32Bits(result[place]);
                var difference = Math.Abs(found - answer[m * Shape.N + n]);
                // A NaN compares false with everything; it must not pass for a small difference.
                if (!(difference <= worst)) worst = difference;
                if (double.IsNaN(difference)) return double.PositiveInfinity;
            }
        return Magnitude == 0 ? (worst == 0 ? 0 : double.PositiveInfinity) : worst / Magnitude;
    }

    /// <summary>Spoils the result, so that a kernel that writes nothing is found out.</summary>
    public void ClearResult() => Result.Span.Fill(float.NaN);

    public void Dispose()
    {
        Weights.Dispose();
        WeightBytes.Dispose();
        Rows.Dispose();
        Columns.Dispose();
        RowBytes.Dispose();
        ColumnBytes.Dispose();
        Result.Dispose();
    }
}

/// <summary>The order of a kernel's result.</summary>
internal enum ResultOrder
{
    /// <summary>[M][N]</summary>
    Rows,

    /// <summary>[N][M]</summary>
    Columns,
}
