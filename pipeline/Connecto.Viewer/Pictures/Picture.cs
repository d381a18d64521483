using Connecto.Volumes.Slices;

namespace Connecto.Viewer;

/// <summary>A finished picture with its title, ready for a file, the report or an overview.</summary>
public sealed class Picture
{
    internal Picture(string title, string description, Canvas canvas, PixelRect body) =>
        (Title, Description, Canvas, Body) = (title, description, canvas, body);

    /// <summary>What the picture shows, in a few words; drawn above it.</summary>
    public string Title { get; }

    /// <summary>What there is to see, in a sentence; the picture's text for those who do not see it.</summary>
    public string Description { get; }

    /// <summary>All pixels: title, picture, key.</summary>
    public Canvas Canvas { get; }

    /// <summary>The part without title and margins; overviews show this.</summary>
    public PixelRect Body { get; }

    /// <summary>The picture as the bytes of a PNG file; the same picture gives the same bytes.</summary>
    public byte[] ToPng() => PngImage.EncodeRgb8(Canvas.Pixels, Canvas.Height, Canvas.Width);

    /// <summary>Writes a PNG file, under a temporary name first.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Save(string path) => PngImage.WriteRgb8(path, Canvas.Pixels, Canvas.Height, Canvas.Width);
}
