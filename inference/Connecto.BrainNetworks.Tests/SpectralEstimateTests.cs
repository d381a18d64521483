using Connecto.Sparse;

namespace Connecto.BrainNetworks.Tests;

public class SpectralEstimateTests
{
    [Fact]
    public void Known_eigenvalues_are_found()
    {
        Near(0, Matrix(3));
        Near(0, Matrix(3, (1, 0, 5), (2, 0, 7), (2, 1, 3)));
        Near(2.5, Matrix(1, (0, 0, 2.5f)));
        Near(2.5, Matrix(1, (0, 0, -2.5f)));
        Near(4, Matrix(2, (0, 1, 2), (1, 0, 8)));
        Near(4, Matrix(2, (0, 1, -2), (1, 0, 8)));
        Near(3, Matrix(3, (0, 0, 1), (1, 1, -3), (2, 2, 2)));
        Near(Math.Sqrt(5), Matrix(2, (0, 0, 1), (0, 1, -2), (1, 0, 2), (1, 1, 1)));
        Near(2, Matrix(5, (1, 0, 2), (2, 1, 2), (3, 2, 2), (4, 3, 2), (0, 4, 2)));
        Near((1 + Math.Sqrt(5)) / 2, Matrix(2, (0, 0, 1), (0, 1, 1), (1, 0, 1)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Random_weights_agree_with_the_growth_of_a_high_power(int seed, bool signed)
    {
        var random = new Random(seed);
        var matrix = CsrMatrix.FromEntries(50, 50, Enumerable.Range(0, 600).Select(_ => (
            random.Next(50), random.Next(50), (float)random.Next(1, 5) * (signed && random.Next(3) == 0 ? -1 : 1))));
        // ||W^(2^k)||^(1/2^k) by repeated squaring in double.
        var power = new double[50, 50];
        for (var r = 0; r < 50; r++)
            for (var i = matrix.RowStarts[r]; i < matrix.RowStarts[r + 1]; i++)
                power[r, matrix.ColumnIndices[i]] = matrix.Values[i];
        var log = 0.0;
        for (var k = 0; k < 20; k++)
        {
            var size = Math.Sqrt(power.Cast<double>().Sum(v => v * v));
            log += Math.Log(size) / (1L << k);
            var next = new double[50, 50];
            for (var i = 0; i < 50; i++)
                for (var j = 0; j < 50; j++)
                    for (var m = 0; m < 50; m++)
                        next[i, j] += power[i, m] / size * (power[m, j] / size);
            power = next;
        }
        Near(Math.Exp(log), matrix);
    }

    private static void Near(double radius, CsrMatrix matrix)
    {
        var found = SpectralEstimate.Of(matrix);
        Assert.InRange(found.Radius, radius * (found.Converged ? 0.999 : 0.97), radius * (found.Converged ? 1.001 : 1.03));
        Assert.Equal(found, SpectralEstimate.Of(matrix));
    }

    private static CsrMatrix Matrix(int size, params (int, int, float)[] entries) => CsrMatrix.FromEntries(size, size, entries);
}
