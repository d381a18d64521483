namespace Connecto.Sparse.Tests.Streams;

/// <summary>Matrices and vectors for tests, and what a product is by definition.</summary>
internal static class SampleMatrices
{
    /// <summary>Small whole numbers, whose sums are exact in every order.</summary>
    public static CsrMatrix Whole(int rows, int columns, double density, int seed) =>
        Draw(rows, columns, density, seed, random => random.Next(-4, 5));

    public static CsrMatrix Real(int rows, int columns, double density, int seed) =>
        Draw(rows, columns, density, seed, random => (random.NextSingle() - 0.5f) / 8);

    public static float[] Whole(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-4, 5))];
    }

    public static float[] Real(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>activation(W x + bias), by the definition in double precision.</summary>
    public static double[] Define(CsrMatrix matrix, float[] x, int columns, float[] bias, ProductActivation activation)
    {
        var y = new double[matrix.Rows * columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            Array.Fill(y, bias[row], row * columns, columns);
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
                for (var c = 0; c < columns; c++)
                    y[row * columns + c] += (double)matrix.Values[i] * x[matrix.ColumnIndices[i] * columns + c];
        }
        return activation == ProductActivation.Relu ? Array.ConvertAll(y, v => Math.Max(v, 0)) : y;
    }

    private static CsrMatrix Draw(int rows, int columns, double density, int seed, Func<Random, float> draw)
    {
        var random = new Random(seed);
        List<(int, int, float)> entries = [];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                if (random.NextDouble() < density) entries.Add((r, c, draw(random)));
        return CsrMatrix.FromEntries(rows, columns, entries);
    }
}
