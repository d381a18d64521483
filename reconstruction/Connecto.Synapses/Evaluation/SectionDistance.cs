namespace Connecto.Synapses;

/// <summary>Squared distances within a section from every pixel to the nearest cleft pixel.</summary>
/// <remarks>Along rows by two sweeps, then along columns by the lower envelope of parabolas (Felzenszwalb and Huttenlocher
/// 2012): exact, linear in the pixels.</remarks>
internal static class SectionDistance
{
    /// <summary>The squares, nm^2, y then x.</summary>
    /// <param name="runs">The section's runs; at least one.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pitchY">Distance of rows, nm.</param>
    /// <param name="pitchX">Distance of columns, nm.</param>
    public static double[] Squares(ReadOnlySpan<CleftRun> runs, int height, int width, double pitchY, double pitchX)
    {
        var squares = new double[height * width];
        Array.Fill(squares, double.PositiveInfinity);
        var rows = new List<int>();
        for (var i = 0; i < runs.Length;)
        {
            var y = runs[i].Y;
            var end = i;
            while (end < runs.Length && runs[end].Y == y) end++;
            FillRow(runs[i..end], squares.AsSpan(y * width, width), pitchX);
            rows.Add(y);
            i = end;
        }
        FillColumns(squares, rows, height, width, pitchY);
        return squares;
    }

    private static void FillRow(ReadOnlySpan<CleftRun> runs, Span<double> row, double pitch)
    {
        var next = 0;
        for (var x = 0; x < row.Length; x++)
        {
            while (next < runs.Length && runs[next].End <= x) next++;
            var steps = next < runs.Length ? Math.Max(0, runs[next].Begin - x) : int.MaxValue;
            if (next > 0) steps = Math.Min(steps, x - runs[next - 1].End + 1);
            row[x] = steps * pitch * (steps * pitch);
        }
    }

    /// <summary>Only rows with runs have parabolas, and they have one in every column.</summary>
    private static void FillColumns(double[] squares, List<int> rows, int height, int width, double pitch)
    {
        var hull = new int[rows.Count];
        var value = new double[rows.Count];
        var from = new double[rows.Count];
        for (var x = 0; x < width; x++)
        {
            var top = -1;
            foreach (var y in rows)
            {
                var height0 = squares[y * width + x];
                var start = double.NegativeInfinity;
                while (top >= 0)
                {
                    start = Crossing(hull[top], value[top], y, height0, pitch);
                    if (start > from[top]) break;
                    top--;
                    start = double.NegativeInfinity;
                }
                top++;
                (hull[top], value[top], from[top]) = (y, height0, start);
            }
            var at = 0;
            for (var y = 0; y < height; y++)
            {
                while (at < top && from[at + 1] <= y) at++;
                var step = (y - hull[at]) * pitch;
                squares[y * width + x] = step * step + value[at];
            }
        }
    }

    /// <summary>The row from which the second parabola, further on, is the lower one.</summary>
    private static double Crossing(int first, double firstValue, int second, double secondValue, double pitch) =>
        (first + second + (secondValue - firstValue) / (pitch * pitch * (second - first))) / 2;
}
