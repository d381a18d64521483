using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>The largest absolute eigenvalue of a square matrix.</summary>
/// <param name="Radius">The estimate; 0 where the weights form no cycle.</param>
/// <param name="Iterations">Products with the matrix.</param>
/// <param name="Converged">True where the last three vectors fit one or two eigenvalues to 1e-4; else the radius is the mean
/// growth over the second half of the iterations.</param>
public sealed record SpectralEstimate(double Radius, int Iterations, bool Converged)
{
    private const int Most = 300;
    private const double Tolerance = 1e-4;

    /// <summary>Power iteration with two vectors.
    /// After many products only the eigenvalues of largest size are left in x. If that is one, x1 = a x0; if two (a complex
    /// pair, or +l and -l), x2 = a x1 + b x0, and they are the roots of z^2 = a z + b (Wilkinson 1965, ch. 9). Both come
    /// out of one least-squares fit. What was given up: several different pairs of the same size do not fit, and then the
    /// mean growth has to do.</summary>
    /// <remarks>The start is fixed, so the result is; sums are in double.</remarks>
    internal static SpectralEstimate Of(CsrMatrix matrix)
    {
        float[] x0 = Start(matrix.Rows), x1 = new float[matrix.Rows], x2 = new float[matrix.Rows];
        if (matrix.NonZeros == 0 || Acyclic.Is(matrix)) return new SpectralEstimate(0, 0, true);
        matrix.Multiply(x0, x1);
        var growth = 0.0;
        for (var i = 1; i <= Most; i++)
        {
            var size = Math.Sqrt(Dot(x1, x1));
            if (size < 1e-300) return new SpectralEstimate(0, i, true);
            Divide(x0, size);
            Divide(x1, size);
            if (i > Most / 2) growth += Math.Log(size);
            matrix.Multiply(x1, x2);
            if (i > 4 && Fit(x0, x1, x2) is { } radius) return new SpectralEstimate(radius, i, true);
            (x0, x1, x2) = (x1, x2, x0);
        }
        return new SpectralEstimate(Math.Exp(growth / (Most - Most / 2)), Most, false);
    }

    /// <summary>The larger root's size where x2 = a x1 + b x0 holds well enough.</summary>
    private static double? Fit(float[] x0, float[] x1, float[] x2)
    {
        double c00 = Dot(x0, x0), c01 = Dot(x0, x1), c11 = Dot(x1, x1);
        double d0 = Dot(x0, x2), d1 = Dot(x1, x2), whole = Dot(x2, x2);
        var single = d1 / c11;
        if (whole - single * d1 <= Tolerance * Tolerance * whole) return Math.Abs(single);
        var determinant = c00 * c11 - c01 * c01;
        if (determinant <= 1e-9 * c00 * c11) return null;
        double a = (d1 * c00 - d0 * c01) / determinant, b = (d0 * c11 - d1 * c01) / determinant;
        if (whole - a * d1 - b * d0 > Tolerance * Tolerance * whole) return null;
        var discriminant = a * a + 4 * b;
        return discriminant < 0 ? Math.Sqrt(-b) : (Math.Abs(a) + Math.Sqrt(discriminant)) / 2;
    }

    // Between 0.5 and 1.5 and without a pattern: no eigenvector of a graph is orthogonal to it but by accident.
    private static float[] Start(int length)
    {
        var x = new float[length];
        var state = 1u;
        for (var i = 0; i < length; i++)
        {
            state = state * 1664525 + 1013904223;
            x[i] = 0.5f + (state >> 8) * (1f / (1 << 24));
        }
        return x;
    }

    private static double Dot(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    private static void Divide(float[] x, double by)
    {
        for (var i = 0; i < x.Length; i++) x[i] = (float)(x[i] / by);
    }
}
