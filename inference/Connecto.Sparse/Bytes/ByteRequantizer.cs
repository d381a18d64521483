namespace Connecto.Sparse.Bytes;

/// <summary>The constants that turn integer sums into bytes, a row each.</summary>
internal sealed unsafe class ByteRequantizer
{
    private readonly float[] factors, offsets;
    private readonly float residual;

    public ByteRequantizer(
        ReadOnlySpan<float> scales, float inputStep, float[]? bias, ByteScale output, ByteScale? residual,
        ProductActivation activation)
    {
        (factors, offsets) = (new float[scales.Length], new float[scales.Length]);
        var added = residual is { } r ? (double)r.Step / output.Step : 0;
        this.residual = (float)added;
        for (var row = 0; row < scales.Length; row++)
        {
            factors[row] = (float)((double)scales[row] * inputStep / output.Step);
            offsets[row] = (float)((bias?[row] ?? 0.0) / output.Step + output.ZeroPoint - (residual?.ZeroPoint ?? 0) * added);
        }
        Floor = activation == ProductActivation.Relu ? output.ZeroPoint : 0;
    }

    /// <summary>The least byte.</summary>
    public int Floor { get; }

    /// <summary>The constants by four rows; rows that fill up have only zeros.</summary>
    public FourScales[] Quads() =>
    [
        .. Enumerable.Range(0, (factors.Length + 3) / 4)
            .Select(q => new FourScales(Four(factors, q), Four(offsets, q), residual, Floor)),
    ];

    /// <summary>The bytes of a row.</summary>
    public void Row(int row, int* sums, int count, byte* added, byte* to)
    {
        if (added is null) ByteEpilogue.Bytes(sums, count, factors[row], offsets[row], Floor, to);
        else
            for (var n = 0; n < count; n++)
            {
                var value = sums[n] * factors[row];
                value += offsets[row];
                var more = added[n] * residual;
                to[n] = ByteEpilogue.Byte(value + more, Floor);
            }
    }

    private static float[] Four(float[] values, int quad) =>
        [.. Enumerable.Range(quad * 4, 4).Select(r => r < values.Length ? values[r] : 0)];
}
