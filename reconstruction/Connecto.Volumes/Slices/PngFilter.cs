// The idea: PNG predicts each byte from its left, upper and upper left neighbours and stores the difference. "Up" has
// no chain from byte to byte and runs a vector at a time; the others depend on the byte just made and stay scalar.
// Source: PNG, second edition, section 9.
using System.Numerics;

namespace Connecto.Volumes.Slices;

internal static class PngFilter
{
    /// <summary>Undoes the filter of one row; false where the filter number means nothing.</summary>
    /// <param name="filter">0 none, 1 left, 2 up, 3 average, 4 Paeth.</param>
    /// <param name="source">The filtered bytes.</param>
    /// <param name="above">The row above, unfiltered; zeros for the first.</param>
    /// <param name="row">Gets the bytes.</param>
    /// <param name="pixelBytes">Bytes to the left neighbour, 1 or more.</param>
    public static bool TryUndo(int filter, ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> row,
        int pixelBytes)
    {
        switch (filter)
        {
            case 0: source.CopyTo(row); return true;
            case 1: UndoLeft(source, row, pixelBytes); return true;
            case 2: UndoUp(source, above, row); return true;
            case 3: UndoAverage(source, above, row, pixelBytes); return true;
            case 4: UndoPaeth(source, above, row, pixelBytes); return true;
            default: return false;
        }
    }

    /// <summary>difference[i] = a[i] - b[i], wrapping; returns the sum of |difference| as signed bytes.</summary>
    public static long Subtract(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> difference)
    {
        var i = 0;
        long cost = 0;
        b = b[..a.Length];
        difference = difference[..a.Length];
        for (; i <= a.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var d = new Vector<byte>(a[i..]) - new Vector<byte>(b[i..]);
            d.CopyTo(difference[i..]);
            // |d| as a signed byte is the smaller of d and -d as unsigned ones; 128 stays 128.
            Vector.Widen(Vector.Min(d, Vector<byte>.Zero - d), out var low, out var high);
            cost += Vector.Sum(low + high);
        }
        for (; i < a.Length; i++)
        {
            difference[i] = (byte)(a[i] - b[i]);
            cost += Math.Min(difference[i], (byte)-difference[i]);
        }
        return cost;
    }

    private static void UndoLeft(ReadOnlySpan<byte> source, Span<byte> row, int pixelBytes)
    {
        source[..Math.Min(pixelBytes, source.Length)].CopyTo(row);
        for (var i = pixelBytes; i < row.Length; i++) row[i] = (byte)(source[i] + row[i - pixelBytes]);
    }

    private static void UndoUp(ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> row)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(source[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++) row[i] = (byte)(source[i] + above[i]);
    }

    private static void UndoAverage(ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> row, int pixelBytes)
    {
        source = source[..row.Length];
        above = above[..row.Length];
        for (var i = 0; i < Math.Min(pixelBytes, row.Length); i++) row[i] = (byte)(source[i] + (above[i] >> 1));
        for (var i = pixelBytes; i < row.Length; i++)
            row[i] = (byte)(source[i] + ((row[i - pixelBytes] + above[i]) >> 1));
    }

    private static void UndoPaeth(ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> row, int pixelBytes)
    {
        source = source[..row.Length];
        above = above[..row.Length];
        for (var i = 0; i < Math.Min(pixelBytes, row.Length); i++) row[i] = (byte)(source[i] + above[i]);
        for (var i = pixelBytes; i < row.Length; i++)
            row[i] = (byte)(source[i] + Paeth(row[i - pixelBytes], above[i], above[i - pixelBytes]));
    }

    private static int Paeth(int left, int up, int upLeft)
    {
        var (toLeft, toUp) = (Math.Abs(up - upLeft), Math.Abs(left - upLeft));
        var toUpLeft = Math.Abs(left + up - 2 * upLeft);
        return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    }
}
