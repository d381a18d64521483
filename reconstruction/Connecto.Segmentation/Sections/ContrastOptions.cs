using Connecto.Volumes;

namespace Connecto.Segmentation.Sections;

/// <summary>How a section's contrast is made comparable with other sections and other microscopes.</summary>
/// <remarks>Stored with a trained model, because a model reads only what was normalised as its training data were.</remarks>
public sealed record ContrastOptions
{
    /// <summary>Fraction of a section's pixels that may be darker than black after the stretch, in [0, 0.5).</summary>
    public double LowFraction { get; init; } = 0.002;

    /// <summary>Fraction of a section's pixels that may be brighter than white after the stretch, in [0, 0.5).</summary>
    public double HighFraction { get; init; } = 0.002;

    /// <summary>Edge length of the tiles of the local equalisation, nm; larger than a neurite's width, so that a whole
    /// tile is seldom inside one cell.</summary>
    public double TileNm { get; init; } = 1000;

    /// <summary>A histogram bin of a tile is cut at this many times the mean bin; 1 leaves the stretch alone.</summary>
    public double ClipLimit { get; init; } = 2;

    /// <summary>Share of the locally equalised image in the result, in [0, 1]; the rest is the plain stretch.</summary>
    public double Strength { get; init; } = 0.35;

    /// <summary>A section whose percentiles lie closer than this fraction of the sample range is taken for blank.</summary>
    public double BlankRange { get; init; } = 0.02;

    /// <summary>The tile of the local equalisation in pixels, at least 16 a side.</summary>
    internal (int Y, int X) TilePixels(VoxelSize voxel) =>
        (Math.Max(16, (int)Math.Round(TileNm / voxel.Y)), Math.Max(16, (int)Math.Round(TileNm / voxel.X)));

    /// <summary>Proves that every value lies in its range.</summary>
    /// <exception cref="InvalidDataException">One does not; the message names it.</exception>
    internal void Check()
    {
        Require(LowFraction is >= 0 and < 0.5, nameof(LowFraction), LowFraction, "in [0, 0.5)");
        Require(HighFraction is >= 0 and < 0.5, nameof(HighFraction), HighFraction, "in [0, 0.5)");
        Require(TileNm > 0 && double.IsFinite(TileNm), nameof(TileNm), TileNm, "positive");
        Require(ClipLimit >= 1 && double.IsFinite(ClipLimit), nameof(ClipLimit), ClipLimit, "at least 1");
        Require(Strength is >= 0 and <= 1, nameof(Strength), Strength, "in [0, 1]");
        Require(BlankRange is >= 0 and < 1, nameof(BlankRange), BlankRange, "in [0, 1)");
    }

    private static void Require(bool holds, string name, double found, string expected)
    {
        if (!holds)
            throw new InvalidDataException(FormattableString.Invariant(
                $"The contrast normalisation's {name} is {found}; it must be {expected}. Nothing was normalised."));
    }
}
