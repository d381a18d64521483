namespace Connecto.Segmentation.Alignment;

/// <summary>A section at one scale, without its coarse brightness and its finest noise: what two sections have in common
/// is the pattern of membranes in between.</summary>
internal sealed class SectionScale
{
    private const int FineRadius = 1, CoarseRadius = 8;

    private SectionScale(int height, int width, float[] values) => (Height, Width, Values) = (height, width, values);

    public int Height { get; }

    public int Width { get; }

    /// <summary>Row by row; means near 0.</summary>
    public float[] Values { get; }

    /// <summary>Averages cells of <paramref name="factorY"/> x <paramref name="factorX"/> pixels, then takes the
    /// difference of a 3 x 3 and a 17 x 17 mean.</summary>
    public static SectionScale Of(ReadOnlySpan<byte> section, int height, int width, int factorY, int factorX)
    {
        int rows = Math.Max(1, height / factorY), columns = Math.Max(1, width / factorX);
        var cells = new float[rows * columns];
        for (var y = 0; y < Math.Min(height, rows * factorY); y++)
        {
            var to = cells.AsSpan(Math.Min(y / factorY, rows - 1) * columns, columns);
            var from = section.Slice(y * width, width);
            for (var x = 0; x < Math.Min(width, columns * factorX); x++) to[x / factorX] += from[x];
        }
        for (var i = 0; i < cells.Length; i++) cells[i] /= factorY * factorX;
        var fine = Mean(cells, rows, columns, FineRadius);
        var coarse = Mean(cells, rows, columns, CoarseRadius);
        for (var i = 0; i < fine.Length; i++) fine[i] -= coarse[i];
        return new(rows, columns, fine);
    }

    /// <summary>The same at half the resolution.</summary>
    public SectionScale Halve()
    {
        int rows = Math.Max(1, Height / 2), columns = Math.Max(1, Width / 2);
        var half = new float[rows * columns];
        for (var y = 0; y < rows; y++)
            for (var x = 0; x < columns; x++)
            {
                int at = 2 * y * Width + 2 * x, right = 2 * x + 1 < Width ? 1 : 0, below = 2 * y + 1 < Height ? Width : 0;
                half[y * columns + x] =
                    (Values[at] + Values[at + right] + Values[at + below] + Values[at + below + right]) / 4;
            }
        return new(rows, columns, half);
    }

    /// <summary>Pearson's correlation of a window with the other section's pixels (dy, dx) away, over what lies in both;
    /// -1 when that is less than a quarter of the window.</summary>
    public double Correlate(SectionScale below, int beginY, int endY, int beginX, int endX, int dy, int dx)
    {
        int y0 = Math.Max(Math.Max(beginY, 0), -dy), y1 = Math.Min(Math.Min(endY, Height), below.Height - dy);
        int x0 = Math.Max(Math.Max(beginX, 0), -dx), x1 = Math.Min(Math.Min(endX, Width), below.Width - dx);
        if (y1 <= y0 || x1 <= x0 || 4L * (y1 - y0) * (x1 - x0) < (long)(endY - beginY) * (endX - beginX)) return -1;
        var sums = new PairSums();
        for (var y = y0; y < y1; y++)
            sums.Add(Values.AsSpan(y * Width + x0, x1 - x0), below.Values.AsSpan((y + dy) * below.Width + x0 + dx, x1 - x0));
        return sums.Correlation((long)(y1 - y0) * (x1 - x0));
    }

    // Running sums along rows, then along columns; the border's windows are the part that lies inside.
    private static float[] Mean(float[] from, int rows, int columns, int radius)
    {
        var across = new float[from.Length];
        for (var y = 0; y < rows; y++)
            Run(from, across, y * columns, 1, columns, radius);
        var both = new float[from.Length];
        for (var x = 0; x < columns; x++) Run(across, both, x, columns, rows, radius);
        return both;
    }

    private static void Run(float[] from, float[] to, int at, int stride, int length, int radius)
    {
        double sum = 0;
        for (var i = 0; i < Math.Min(radius, length); i++) sum += from[at + i * stride];
        for (var i = 0; i < length; i++)
        {
            if (i + radius < length) sum += from[at + (i + radius) * stride];
            if (i - radius - 1 >= 0) sum -= from[at + (i - radius - 1) * stride];
            to[at + i * stride] = (float)(sum / (Math.Min(i + radius, length - 1) - Math.Max(i - radius, 0) + 1));
        }
    }
}
