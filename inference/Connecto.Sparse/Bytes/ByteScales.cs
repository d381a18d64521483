namespace Connecto.Sparse.Bytes;

/// <summary>How floats become signed bytes.</summary>
internal static class ByteScales
{
    /// <summary>A row's largest magnitude divided by 127; 1 where it has none.</summary>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static float[] Of(CsrMatrix matrix)
    {
        var scales = new float[matrix.Rows];
        for (var row = 0; row < matrix.Rows; row++)
        {
            float largest = 0;
            foreach (var value in matrix.Values[matrix.RowStarts[row]..matrix.RowStarts[row + 1]])
                largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value))
                    : throw new ArgumentException($"Row {row} holds {value}; only finite values have a scale.", nameof(matrix));
            // The least scale keeps tiny values from a scale of 0.
            scales[row] = largest == 0 ? 1 : Math.Max(largest / 127, float.Epsilon);
        }
        return scales;
    }

    /// <summary>The nearest byte, ties to even.</summary>
    public static sbyte Round(float value, float scale) => (sbyte)Math.Clamp(MathF.Round(value / scale), -127, 127);

    /// <summary>Proves that a matrix holds bytes.</summary>
    /// <exception cref="ArgumentException">A value is no whole number in [-128, 127].</exception>
    public static void CheckBytes(CsrMatrix matrix)
    {
        foreach (var value in matrix.Values)
            if (!(value is >= -128 and <= 127) || value != MathF.Truncate(value))
                throw new ArgumentException($"{value} is no whole number in [-128, 127].", nameof(matrix));
    }

    /// <summary>Scales of bytes that are taken as they are.</summary>
    public static float[] Ones(int rows)
    {
        var scales = new float[rows];
        Array.Fill(scales, 1);
        return scales;
    }
}
