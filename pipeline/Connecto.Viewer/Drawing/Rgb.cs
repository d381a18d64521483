namespace Connecto.Viewer;

/// <summary>A colour of the screen: red, green and blue, sRGB, 0 to 255 each.</summary>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>The colour of a number 0xRRGGBB.</summary>
    public static Rgb Hex(int value) => new((byte)(value >> 16), (byte)(value >> 8), (byte)value);

    /// <summary>A grey.</summary>
    public static Rgb Grey(byte value) => new(value, value, value);

    /// <summary>This colour with a share (0 to 1) of another laid over it.</summary>
    public Rgb Mix(Rgb over, double share)
    {
        var s = Math.Clamp(share, 0, 1);
        return new(Blend(R, over.R, s), Blend(G, over.G, s), Blend(B, over.B, s));
    }

    private static byte Blend(byte under, byte over, double share) => (byte)(under + (over - under) * share + 0.5);
}
