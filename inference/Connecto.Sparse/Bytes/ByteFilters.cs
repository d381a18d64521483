using System.Runtime.InteropServices;
using Connecto.Sparse.Bytes;

namespace Connecto.Sparse;

/// <summary>Weights of a convolution as signed bytes, with a scale an output channel; zeros are not multiplied where a
/// whole block of four channels of a tap is zero.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ByteFilters
{
    private readonly sbyte[] values;

    /// <summary>Takes quantised weights.</summary>
    /// <param name="outputs">Output channels, 1 or more.</param>
    /// <param name="channels">Input channels, 1 or more.</param>
    /// <param name="height">Lines of a window, 1 or more.</param>
    /// <param name="width">Pixels of a window's line, 1 or more.</param>
    /// <param name="values">[outputs][channels][height][width]; copied.</param>
    /// <param name="scales">What one step of a byte is worth, by output; copied.</param>
    /// <exception cref="ArgumentException">A length differs, a scale is not finite, or an output has more than 65,000
    /// weights, so that a sum may pass 32 bits.</exception>
    public ByteFilters(
        int outputs, int channels, int height, int width, ReadOnlySpan<sbyte> values, ReadOnlySpan<float> scales)
    {
        if (outputs < 1 || channels < 1 || height < 1 || width < 1 || (long)channels * height * width > 65_000 ||
            values.Length != (long)outputs * channels * height * width || scales.Length != outputs)
            throw new ArgumentException(
                $"Filters of {outputs} x {channels} x {height} x {width} cannot have {values.Length} weights and " +
                $"{scales.Length} scales; an output has at most 65,000 weights.");
        foreach (var scale in scales)
            if (!float.IsFinite(scale)) throw new ArgumentException($"A scale is {scale}; it must be finite.", nameof(scales));
        (Outputs, Channels, Height, Width, Scales) = (outputs, channels, height, width, scales.ToArray());
        this.values = values.ToArray();
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels.</summary>
    public int Channels { get; }

    /// <summary>Lines of a window.</summary>
    public int Height { get; }

    /// <summary>Pixels of a window's line.</summary>
    public int Width { get; }

    /// <summary>The weights, [Outputs][Channels][Height][Width].</summary>
    public ReadOnlySpan<sbyte> Values => values;

    internal float[] Scales { get; }

    /// <summary>Quantises weights: an output's scale is its largest magnitude divided by 127.</summary>
    /// <param name="weights">[outputs][channels][height][width], finite.</param>
    /// <exception cref="ArgumentException">There are not four dimensions, or a weight is not finite.</exception>
    public static ByteFilters Quantize(Tensor weights)
    {
        if (weights.Shape.Length != 4)
            throw new ArgumentException($"Filters have 4 dimensions; found {weights.Shape.Length}.", nameof(weights));
        var (outputs, length) = (weights.Shape[0], weights.Shape[0] == 0 ? 0 : weights.Data.Length / weights.Shape[0]);
        var (values, scales) = (new sbyte[weights.Data.Length], new float[outputs]);
        for (var m = 0; m < outputs; m++)
        {
            var row = weights.Data.AsSpan(m * length, length);
            float largest = 0;
            foreach (var value in row)
                largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value))
                    : throw new ArgumentException(
                        $"Output {m} has a weight {value}; only finite values have a scale.", nameof(weights));
            scales[m] = largest == 0 ? 1 : Math.Max(largest / 127, float.Epsilon);
            for (var i = 0; i < length; i++) values[m * length + i] = ByteScales.Round(row[i], scales[m]);
        }
        return new ByteFilters(outputs, weights.Shape[1], weights.Shape[2], weights.Shape[3], values, scales);
    }

    /// <summary>What sums start at: minus the zero point times all weights; rows are filled up to a multiple of 4.</summary>
    internal int[] Start(int zeroPoint)
    {
        var start = new int[(Outputs + 3) / 4 * 4];
        for (var i = 0; i < values.Length; i++) start[i / (values.Length / Outputs)] -= zeroPoint * values[i];
        return start;
    }

    /// <summary>The blocks that are not zero, as displacements in planes.</summary>
    /// <param name="planes">The planes.</param>
    /// <param name="padding">Pixels of padding on each side.</param>
    internal BlockRows Cut(BytePlaneShape planes, int padding)
    {
        var blocks = Words();
        var starts = new int[(Outputs + 3) / 4 * 4 + 1];
        blocks.RowStarts.CopyTo(starts);
        Array.Fill(starts, blocks.NonZeros, Outputs + 1, starts.Length - Outputs - 1);
        var offsets = new int[blocks.NonZeros];
        for (var i = 0; i < offsets.Length; i++)
        {
            var block = blocks.ColumnIndices[i];
            var (quad, y, x) = (block / (Height * Width), block / Width % Height, block % Width);
            offsets[i] = (int)(planes.Place(quad, y - padding, x - padding) - planes.Place(0, 0, 0));
        }
        return new BlockRows(starts.Length - 1, 1, starts, offsets, MemoryMarshal.Cast<float, int>(blocks.Values).ToArray());
    }

    /// <summary>The blocks that are not zero, as entries: a row is an output, a column four channels of one tap, by quad, line
    /// and pixel.</summary>
    internal CsrMatrix Words()
    {
        var starts = new int[Outputs + 1];
        List<int> columns = [];
        List<float> words = [];
        for (var m = 0; m < Outputs; m++)
        {
            for (var block = 0; block < (Channels + 3) / 4 * Height * Width; block++)
            {
                var (quad, tap, word) = (block / (Height * Width), block % (Height * Width), 0);
                for (var c = Math.Min(quad * 4 + 3, Channels - 1); c >= quad * 4; c--)
                    word = word << 8 | (byte)values[(m * Channels + c) * Height * Width + tap];
                if (word == 0) continue;
                columns.Add(block);
                words.Add(BitConverter.Int32BitsToSingle(word));
            }
            starts[m + 1] = columns.Count;
        }
        return new CsrMatrix(Outputs, (Channels + 3) / 4 * Height * Width, starts, [.. columns], [.. words]);
    }
}
