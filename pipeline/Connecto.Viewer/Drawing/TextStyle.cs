namespace Connecto.Viewer;

/// <summary>Where a text's anchor lies along its line.</summary>
public enum TextAlign
{
    /// <summary>The text starts at the anchor.</summary>
    Left,

    /// <summary>The anchor is the text's middle.</summary>
    Center,

    /// <summary>The text ends at the anchor.</summary>
    Right,
}

/// <summary>Which way a text runs.</summary>
public enum TextDirection
{
    /// <summary>Left to right.</summary>
    Across,

    /// <summary>Bottom to top, as the labels of vertical axes do.</summary>
    Up,
}

/// <summary>How a text looks.</summary>
public sealed record TextStyle
{
    /// <summary>Height of a line's letters with their descenders, pixels; capitals are 0.72 of it.</summary>
    public double Size { get; init; } = 13;

    /// <summary>Stroke width as a share of the size; 0.1 is regular, 0.15 bold.</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>The colour.</summary>
    public Rgb Color { get; init; } = Palette.Ink;

    /// <summary>Where the anchor lies along the line.</summary>
    public TextAlign Align { get; init; }

    /// <summary>Which way the text runs.</summary>
    public TextDirection Direction { get; init; }

    /// <summary>A picture's title.</summary>
    public static readonly TextStyle Title = new() { Size = 18, Weight = 0.125 };

    /// <summary>A panel's or section's title.</summary>
    public static readonly TextStyle Heading = new() { Size = 15, Weight = 0.12 };

    /// <summary>Labels of axes, legends.</summary>
    public static readonly TextStyle Label = new();

    /// <summary>Captions and tick labels.</summary>
    public static readonly TextStyle Caption = new() { Color = Palette.Faint };
}
