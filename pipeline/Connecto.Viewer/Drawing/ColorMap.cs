namespace Connecto.Viewer;

/// <summary>Colours for numbers: even steps of the number look like even steps of the colour.</summary>
/// <remarks>Straight lines between ten colours of each map, read off at even steps; viridis and magma are by S. van der
/// Walt and N. Smith (2015, CC0). The error against the full tables is below what the eye sees.</remarks>
public sealed class ColorMap
{
    /// <summary>Dark violet over green to yellow: amounts.</summary>
    public static readonly ColorMap Viridis = new(0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779,
        0x6ECE58, 0xB5DE2B, 0xFDE725);

    /// <summary>Black over purple to cream: probabilities and rates.</summary>
    public static readonly ColorMap Magma = new(0x000004, 0x180F3D, 0x440F76, 0x721F81, 0x9E2F7F, 0xCD4071, 0xF1605D,
        0xFD9668, 0xFECA8D, 0xFCFDBF);

    /// <summary>Black to white.</summary>
    public static readonly ColorMap Grey = new(0x000000, 0xFFFFFF);

    private readonly Rgb[] _table = new Rgb[256];

    private ColorMap(params ReadOnlySpan<int> colors)
    {
        for (var i = 0; i < _table.Length; i++)
        {
            var at = (double)i / (_table.Length - 1) * (colors.Length - 1);
            var lower = Math.Min((int)at, colors.Length - 2);
            _table[i] = Rgb.Hex(colors[lower]).Mix(Rgb.Hex(colors[lower + 1]), at - lower);
        }
    }

    /// <summary>The colour of a number from 0 to 1; others are clamped, and NaN counts as 0.</summary>
    public Rgb At(double value) => _table[value > 0 ? (int)(Math.Min(value, 1) * 255 + 0.5) : 0];

    /// <summary>The colour of a byte, 0 to 255.</summary>
    public Rgb At(byte value) => _table[value];
}
