using System.Numerics;

namespace Connecto.Sparse.Kernels;

/// <summary>Functions of single values, on vectors; every lane by itself.</summary>
internal static class Elementary
{
    /// <summary>exp(x), to about one unit of the last place.</summary>
    public static Vector<float> Exp(Vector<float> x) => Vector.Exp(x);

    /// <summary>tanh(x), to 3e-7 relative.</summary>
    /// <remarks>Near 0 the quotient would cancel; there the odd Taylor polynomial is as exact.</remarks>
    public static Vector<float> Tanh(Vector<float> x)
    {
        var square = x * x;
        var near = x * (Vector<float>.One + square * (new Vector<float>(-1 / 3f) + square * (new Vector<float>(2 / 15f)
            + square * (new Vector<float>(-17 / 315f) + square * new Vector<float>(62 / 2835f)))));
        // exp overflows to infinity beyond, and the quotient to its limit 1.
        var far = Vector<float>.One - new Vector<float>(2) / (Exp(x + x) + Vector<float>.One);
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), new Vector<float>(0.3f)), near, far);
    }

    /// <summary>x (1 + erf(x / sqrt 2)) / 2.</summary>
    public static Vector<float> Gelu(Vector<float> x) =>
        x * (new Vector<float>(0.5f) + new Vector<float>(0.5f) * Erf(x * new Vector<float>(0.70710678f)));

    /// <summary>erf(x), to 3e-7 absolute: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964,
    /// 7.1.26.</summary>
    private static Vector<float> Erf(Vector<float> x)
    {
        var size = Vector.Abs(x);
        var t = Vector<float>.One / (Vector<float>.One + new Vector<float>(0.3275911f) * size);
        var sum = t * (new Vector<float>(0.254829592f) + t * (new Vector<float>(-0.284496736f)
            + t * (new Vector<float>(1.421413741f) + t * (new Vector<float>(-1.453152027f) + t * new Vector<float>(1.061405429f)))));
        var value = Vector<float>.One - sum * Exp(-size * size);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -value, value);
    }
}
