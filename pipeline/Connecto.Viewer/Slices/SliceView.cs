using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Viewer;

/// <summary>Which section of which image a picture shows, and how large.</summary>
/// <param name="Image">Grey voxels; channel 0 is shown as it is, 0 black and 255 white.</param>
/// <param name="VoxelSize">Edge lengths of a voxel, nm.</param>
/// <param name="Section">The section, counted from 0 inside <paramref name="Image"/>.</param>
/// <remarks>Labels and maps that are laid over it have the image's shape.</remarks>
public sealed record SliceView(Volume<byte> Image, VoxelSize VoxelSize, int Section)
{
    /// <summary>Where the image's first voxel lies in the whole volume; synapse sites and titles count from
    /// there.</summary>
    public Index3 Origin { get; init; }

    /// <summary>The longest side of a picture, pixels. Larger slices are averaged down, smaller ones enlarged by a
    /// whole factor.</summary>
    public int MaxPixels { get; init; } = 900;

    /// <summary>"section 12".</summary>
    internal string SectionText => $"section {Origin.Z + Section}";

    /// <summary>"512 × 512 voxels of 4 × 4 nm".</summary>
    internal string ExtentText => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Image.Shape.X} × {Image.Shape.Y} voxels of {VoxelSize.X:0.##} × {VoxelSize.Y:0.##} nm");

    /// <summary>Refuses a section that is not there and a volume of another shape.</summary>
    internal void Check(Index3? shape = null)
    {
        if ((uint)Section >= (uint)Image.Shape.Z || Image.Shape.Y == 0 || Image.Shape.X == 0)
            throw new ArgumentException($"Section {Section} is not in an image of {Image.Shape} voxels.");
        if (MaxPixels < 16) throw new ArgumentException($"A picture of {MaxPixels} pixels shows nothing; 16 is least.");
        if (shape is { } other && other != Image.Shape)
            throw new ArgumentException($"The overlay has {other} voxels; its image has {Image.Shape}.");
    }

    /// <summary>How many sections a point lies above the section shown; negative below it.</summary>
    internal int SectionsAway(Site site) =>
        (int)Math.Floor(site.Z / VoxelSize.Z + 1e-3) - Origin.Z - Section;

    /// <summary>The raster of this section.</summary>
    internal PlaneGrid Grid() => PlaneGrid.Fit(Image.Shape.Y, Image.Shape.X, VoxelSize.Y, VoxelSize.X, MaxPixels);
}
