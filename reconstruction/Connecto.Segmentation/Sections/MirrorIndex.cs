namespace Connecto.Segmentation.Sections;

/// <summary>How sections, rows and columns go on outside a volume: as in a mirror.</summary>
internal static class MirrorIndex
{
    /// <summary>The place in 0 .. length - 1 that mirroring at both ends leads to; the end itself is not repeated.</summary>
    public static int At(int at, int length)
    {
        if ((uint)at < (uint)length) return at;
        if (length == 1) return 0;
        var period = 2 * (length - 1);
        at = ((at % period) + period) % period;
        return at < length ? at : period - at;
    }
}
