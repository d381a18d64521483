namespace Connecto.Viewer;

/// <summary>A colour for every segment id: the same in every picture and run, bright, and unlike its
/// neighbours'.</summary>
/// <remarks>The hue is the id times the golden ratio (D. Knuth's multiplicative hash), which puts consecutive ids far
/// apart on the colour circle; lightness and saturation come from an independent hash. Colours are chosen in OKLab (B.
/// Ottosson 2020), where equal lightness looks equal, so that no hue shouts.</remarks>
public static class LabelColors
{
    private const int Hues = 256;
    private static readonly Rgb[] Table = Fill();

    /// <summary>The colour of an id; 0, which pictures leave transparent, is black.</summary>
    public static Rgb Of(ulong id)
    {
        if (id == 0) return default;
        var hue = (int)(((id ^ id >> 32) * 0x9E3779B97F4A7C15) >> 56);
        var tone = Mix(id);
        return Table[(int)(tone % 3) * 2 * Hues + (int)((tone >> 32) & 1) * Hues + hue];
    }

    private static Rgb[] Fill()
    {
        var table = new Rgb[6 * Hues];
        ReadOnlySpan<double> lightness = [0.58, 0.71, 0.84];
        ReadOnlySpan<double> chroma = [0.12, 0.18];
        for (var i = 0; i < table.Length; i++)
            table[i] = FromOklch(lightness[i / (2 * Hues)], chroma[i / Hues % 2], i % Hues * (2 * Math.PI / Hues));
        return table;
    }

    private static Rgb FromOklch(double lightness, double chroma, double hue)
    {
        double a = chroma * Math.Cos(hue), b = chroma * Math.Sin(hue);
        var l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new(Encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            Encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            Encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static double Cube(double value) => value * value * value;

    private static byte Encode(double linear)
    {
        var c = Math.Clamp(linear, 0, 1);
        return (byte)(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * Math.Pow(c, 1 / 2.4) - 0.055) + 0.5);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
