namespace Connecto.Sparse.ByteNetworks;

/// <summary>A convolution's weights and biases as whole numbers.</summary>
/// <remarks>
/// Weight: q = round(w / scale), ties to even, scale the output's largest magnitude / 127, but at least
/// <see cref="LeastFactor"/> * output step / input step, so that a bias has room in 32 bits. The sum of an output starts at
/// round(bias / (scale * input step) - zero * sum of q), so that the bias costs nothing afterwards and a zero between two levels
/// is exact inside the planes; round their border the nearest level stands for 0. Byte = round(sum * float(scale * input step /
/// output step)) + output's zero point, cut to [0, 255].
/// </remarks>
internal sealed class ByteLayer
{
    /// <summary>What a unit of a sum is at least worth in output steps.</summary>
    public const double LeastFactor = 1.0 / (1 << 22);

    /// <summary>What a unit is worth where all weights are 0 and the bias alone is left.</summary>
    private const double BiasFactor = 1.0 / 256;

    private const int MostStart = 1 << 30;

    private ByteLayer(ByteFilters filters, int[] start, ByteScale input, ByteScale output) =>
        (Filters, Start, Input, Output) = (filters, start, input, output);

    /// <summary>The weights.</summary>
    public ByteFilters Filters { get; }

    /// <summary>What sums start at, by output; filled up to a multiple of 4.</summary>
    public int[] Start { get; }

    /// <summary>What input bytes stand for; its zero is rounded.</summary>
    public ByteScale Input { get; }

    /// <summary>What output bytes stand for.</summary>
    public ByteScale Output { get; }

    /// <summary>Quantises a convolution.</summary>
    /// <param name="model">The network.</param>
    /// <param name="node">The convolution.</param>
    /// <param name="input">What input bytes stand for.</param>
    /// <param name="output">What output bytes are to stand for.</param>
    /// <exception cref="InvalidDataException">A weight is not finite, or there are so many that sums may pass 32 bits.</exception>
    public static ByteLayer Of(NetworkModel model, NetworkNode node, PixelScale input, ByteScale output)
    {
        var (weights, biases) = (model.Tensors[NetworkModel.WeightName(node)], model.Tensors[NetworkModel.BiasName(node)].Data);
        var (outputs, length) = (weights.Shape[0], weights.Data.Length / weights.Shape[0]);
        if (length > 30_000)
            throw Bad(node, $"has {length} weights an output, whose sums may pass 32 bits; at most 30,000 are taken");
        var (values, scales) = (new sbyte[weights.Data.Length], new float[outputs]);
        var start = new int[(outputs + 3) / 4 * 4];
        for (var m = 0; m < outputs; m++)
        {
            var row = weights.Data.AsSpan(m * length, length);
            float largest = 0;
            foreach (var value in row) largest = Math.Max(largest, float.IsFinite(value) ? Math.Abs(value) : float.NaN);
            if (!float.IsFinite(largest) || !float.IsFinite(biases[m])) throw Bad(node, $"has a weight that is not finite in output {m}");
            var unit = output.Step / input.Step;
            scales[m] = (float)(largest == 0 ? BiasFactor * unit : Math.Max(largest / 127.0, LeastFactor * unit));
            long sum = 0;
            for (var i = 0; i < length; i++) sum += values[m * length + i] = Bytes.ByteScales.Round(row[i], scales[m]);
            var bias = biases[m] / (scales[m] * input.Step) - input.Zero * sum;
            start[m] = (int)Math.Clamp(Math.Round(bias, MidpointRounding.ToEven), -MostStart, MostStart);
        }
        var shape = weights.Shape;
        return new(
            new ByteFilters(outputs, shape[1], shape[2], shape[3], values, scales), start,
            new ByteScale((float)input.Step, (int)Math.Round(input.Zero, MidpointRounding.AwayFromZero)), output);
    }

    private static InvalidDataException Bad(NetworkNode node, string what) => new(
        $"The network cannot run on bytes: node '{node.Name}' {what}. Run it in floats; nothing was changed.");
}
