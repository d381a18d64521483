namespace Connecto.Sparse;

/// <summary>Rounds rows to groups, one after another.</summary>
internal sealed class GroupQuantizer(int rows, int columns, int bits, int group)
{
    // A scale below the normal numbers would round to few bits, and its quotients too.
    private const float LeastScale = 1.17549435e-38f;

    private readonly int most = (1 << (bits - 1)) - 1;
    private readonly int rowBytes = checked((int)(((long)columns * bits + 7) / 8));
    private readonly byte[] packed = new byte[checked(rows * (((long)columns * bits + 7) / 8))];
    private readonly BFloat16[] scales = new BFloat16[checked(rows * ((columns + (long)group - 1) / group))];
    private int row, next;

    public void Add(ReadOnlySpan<float> weights)
    {
        for (var begin = 0; begin < columns; begin += group)
        {
            var few = weights[begin..Math.Min(columns, begin + group)];
            float largest = 0;
            foreach (var weight in few)
                largest = float.IsFinite(weight) ? Math.Max(largest, Math.Abs(weight))
                    : throw new ArgumentException($"Row {row} holds {weight}; only finite values have a scale.", nameof(weights));
            var scale = scales[next++] = RoundUp(largest / most);
            for (var i = 0; i < few.Length; i++)
                Put(begin + i, Math.Clamp((int)Math.Round(few[i] / (double)(float)scale), -most, most));
        }
        row++;
    }

    public GroupedMatrix Finish() => new(rows, columns, bits, group, packed, scales);

    private static BFloat16 RoundUp(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(Math.Max(value, LeastScale));
        return new BFloat16((ushort)Math.Min(bits + 0xFFFF >> 16, 0x7F7F));
    }

    private void Put(int column, int value)
    {
        var bit = column * (long)bits;
        var field = (value & ((1 << bits) - 1)) << (int)(bit % 8);
        var at = row * (long)rowBytes + bit / 8;
        packed[at] |= (byte)field;
        if (field > 255) packed[at + 1] |= (byte)(field >> 8);
    }
}
