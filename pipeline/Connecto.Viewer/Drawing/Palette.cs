namespace Connecto.Viewer;

/// <summary>The colours that all pictures and the report share.</summary>
/// <remarks>The series are those of Okabe and Ito (2008), told apart under every common colour blindness.</remarks>
public static class Palette
{
    /// <summary>Behind every picture.</summary>
    public static readonly Rgb Paper = Rgb.Hex(0xFFFFFF);

    /// <summary>Titles and labels.</summary>
    public static readonly Rgb Ink = Rgb.Hex(0x1B2027);

    /// <summary>Captions and tick labels.</summary>
    public static readonly Rgb Faint = Rgb.Hex(0x565F6B);

    /// <summary>Axis lines.</summary>
    public static readonly Rgb Axis = Rgb.Hex(0x8A929C);

    /// <summary>Grid lines.</summary>
    public static readonly Rgb Grid = Rgb.Hex(0xE4E7EB);

    /// <summary>Presynaptic sites.</summary>
    public static readonly Rgb Pre = Rgb.Hex(0x56B4E9);

    /// <summary>Postsynaptic sites.</summary>
    public static readonly Rgb Post = Rgb.Hex(0xFF7F3F);

    /// <summary>Clefts.</summary>
    public static readonly Rgb Cleft = Rgb.Hex(0xFFE14D);

    /// <summary>Curves and bars, in the order of use; the ninth is the first again.</summary>
    public static Rgb Series(int index) => Rgb.Hex((index & 7) switch
    {
        0 => 0x0072B2,
        1 => 0xD55E00,
        2 => 0x009E73,
        3 => 0xCC79A7,
        4 => 0xE69F00,
        5 => 0x56B4E9,
        6 => 0x6B4FA0,
        _ => 0x4D4D4D,
    });
}
