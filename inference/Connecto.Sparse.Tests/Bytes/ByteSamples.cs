using Connecto.Sparse.Bytes;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Tests.Bytes;

/// <summary>Matrices of bytes, and what becomes of them by definition.</summary>
internal static class ByteSamples
{
    /// <summary>Kernels that this machine has.</summary>
    public static ProductKernel[] Kernels => StreamSupport.BytesObstacle is null
        ? [ProductKernel.Portable, ProductKernel.Stream] : [ProductKernel.Portable];

    /// <summary>Whole numbers in [-128, 127], the extremes often.</summary>
    public static CsrMatrix Matrix(int rows, int columns, double density, int seed)
    {
        var random = new Random(seed);
        List<(int, int, float)> entries = [];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                if (random.NextDouble() < density) entries.Add((r, c, random.Next(4) == 0 ? -128 : random.Next(4) == 0 ? 127 : random.Next(-128, 128)));
        return CsrMatrix.FromEntries(rows, columns, entries);
    }

    /// <summary>Bytes, 0 and 255 often.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)(random.Next(4) == 0 ? 255 : random.Next(4) == 0 ? 0 : random.Next(256));
        return bytes;
    }

    /// <summary>Sums [rows][columns] of weights [rows][inputs] and x [inputs][columns].</summary>
    public static int[] Sums(CsrMatrix matrix, byte[] x, int columns, int zeroPoint)
    {
        var sums = new int[matrix.Rows * columns];
        for (var r = 0; r < matrix.Rows; r++)
            for (var i = matrix.RowStarts[r]; i < matrix.RowStarts[r + 1]; i++)
                for (var n = 0; n < columns; n++)
                    sums[r * columns + n] += (int)matrix.Values[i] * (x[matrix.ColumnIndices[i] * columns + n] - zeroPoint);
        return sums;
    }

    /// <summary>A float as the contract says, step by step.</summary>
    public static float Float(int sum, float scale, float inputStep, float bias, ProductActivation activation)
    {
        var product = sum * (float)((double)scale * inputStep);
        var value = product + bias;
        return activation == ProductActivation.Relu ? Math.Max(value, 0) : value;
    }

    /// <summary>A byte as the contract says, step by step.</summary>
    public static byte Byte(
        int sum, float scale, float inputStep, float bias, ByteScale output, (byte Value, ByteScale Scale)? residual,
        ProductActivation activation)
    {
        var more = residual is { } r ? (double)r.Scale.Step / output.Step : 0;
        var product = sum * (float)((double)scale * inputStep / output.Step);
        var value = product + (float)((double)bias / output.Step + output.ZeroPoint - (residual?.Scale.ZeroPoint ?? 0) * more);
        if (residual is { } added)
        {
            var part = added.Value * (float)more;
            value += part;
        }
        var rounded = Math.Round((double)value, MidpointRounding.ToEven);
        return (byte)Math.Clamp(rounded, activation == ProductActivation.Relu ? output.ZeroPoint : 0, 255);
    }

    /// <summary>[rows][columns] to any layout; rows that fill up are 0.</summary>
    public static byte[] Arrange(byte[] rows, int count, int columns, ByteLayout layout)
    {
        if (layout == ByteLayout.Rows) return rows;
        var to = new byte[(layout == ByteLayout.Interleaved ? (count + 3) / 4 * 4 : count) * columns];
        for (var r = 0; r < count; r++)
            for (var n = 0; n < columns; n++)
                to[layout == ByteLayout.Columns ? n * count + r : (r / 4 * columns + n) * 4 + r % 4] = rows[r * columns + n];
        return to;
    }
}
