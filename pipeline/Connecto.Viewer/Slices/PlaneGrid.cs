namespace Connecto.Viewer;

/// <summary>How a plane of voxels is laid on pixels: its size in both, and the length of a pixel.</summary>
/// <remarks>Grey is averaged over the area a pixel covers, labels are taken at its centre, so that outlines drawn
/// afterwards are one pixel thin at any scale. Voxels longer along one axis are stretched: a nanometre is as long down
/// as across.</remarks>
internal readonly record struct PlaneGrid(int Rows, int Columns, int Height, int Width, double PixelNm)
{
    /// <summary>The grid of a plane whose longest side is to fill at most so many pixels.</summary>
    internal static PlaneGrid Fit(int rows, int columns, double rowNm, double columnNm, int maxPixels)
    {
        var pitch = Math.Min(rowNm, columnNm);
        double tall = rows * rowNm / pitch, wide = columns * columnNm / pitch;
        var scale = maxPixels / Math.Max(tall, wide);
        if (scale > 1) scale = Math.Min(Math.Floor(scale), 16);
        return new(rows, columns, Pixels(tall * scale), Pixels(wide * scale), pitch / scale);
    }

    /// <summary>The same plane with a pixel of a given length.</summary>
    internal static PlaneGrid WithPixel(int rows, int columns, double rowNm, double columnNm, double pixelNm) =>
        new(rows, columns, Pixels(rows * rowNm / pixelNm), Pixels(columns * columnNm / pixelNm), pixelNm);

    /// <summary>Grey values of the pixels.</summary>
    /// <param name="plane">The plane's voxels, row by row.</param>
    internal byte[] Average(ReadOnlySpan<byte> plane)
    {
        var result = new byte[Height * Width];
        var sums = new double[Width];
        double down = (double)Rows / Height, across = (double)Columns / Width;
        for (var y = 0; y < Height; y++)
        {
            Array.Clear(sums);
            double top = y * down, bottom = Math.Min((y + 1) * down, Rows);
            for (var row = (int)top; row < Math.Ceiling(bottom - 1e-9); row++)
            {
                var share = Math.Min(row + 1, bottom) - Math.Max(row, top);
                var line = plane.Slice(row * Columns, Columns);
                for (var x = 0; x < Width; x++)
                {
                    double left = x * across, right = Math.Min((x + 1) * across, Columns), sum = 0;
                    for (var column = (int)left; column < Math.Ceiling(right - 1e-9); column++)
                        sum += line[column] * (Math.Min(column + 1, right) - Math.Max(column, left));
                    sums[x] += share * sum;
                }
            }
            for (var x = 0; x < Width; x++)
                result[y * Width + x] = (byte)Math.Clamp(sums[x] / (down * across) + 0.5, 0, 255);
        }
        return result;
    }

    /// <summary>The value at each pixel's centre.</summary>
    /// <param name="plane">The plane's voxels, row by row.</param>
    internal T[] Sample<T>(ReadOnlySpan<T> plane) where T : unmanaged
    {
        var result = new T[Height * Width];
        for (var y = 0; y < Height; y++)
        {
            var line = plane.Slice(Nearest(y, Rows, Height) * Columns, Columns);
            for (var x = 0; x < Width; x++) result[y * Width + x] = line[Nearest(x, Columns, Width)];
        }
        return result;
    }

    private static int Pixels(double length) => Math.Max(1, (int)Math.Round(length));

    private static int Nearest(int pixel, int voxels, int pixels) =>
        Math.Min(voxels - 1, (int)((pixel + 0.5) * voxels / pixels));
}
