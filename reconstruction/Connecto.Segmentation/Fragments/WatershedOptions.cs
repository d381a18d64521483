using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>In how many dimensions a watershed runs.</summary>
public enum FloodDimensions
{
    /// <summary>Every section by itself; sections meet later, in the region graph.</summary>
    Section = 2,

    /// <summary>The whole volume at once.</summary>
    Volume = 3,
}

/// <summary>What a <see cref="Watershed"/> takes for interior, and when two interiors are two fragments.</summary>
public sealed record WatershedOptions
{
    /// <summary>The anisotropy from which sections are flooded one by one: beyond it a neurite moves further between
    /// two sections than it is wide.</summary>
    public const double SectionAnisotropy = 2.5;

    /// <summary>Sections or the whole volume.</summary>
    public FloodDimensions Dimensions { get; init; } = FloodDimensions.Volume;

    /// <summary>A voxel is interior when all its affinities (in the flooded dimensions) reach this; in [0,
    /// 1].</summary>
    public double InteriorThreshold { get; init; } = 0.5;

    /// <summary>How far the distance to the boundary must fall between two seeds for both to stand, nm.</summary>
    public double SeedDepthNm { get; init; } = 15;

    /// <summary>Two seeds are also one when the neck between them is at least this part of the smaller one's radius; in
    /// (0, 1]. 1 leaves the decision to <see cref="SeedDepthNm"/>.</summary>
    public double NeckRatio { get; init; } = 0.8;

    /// <summary>Cells too thin to have an interior are seeds too when affinities of <see cref="InteriorThreshold"/>
    /// hold together an area (a volume, when volumes are flooded) of a square (a cube) of this edge, nm.</summary>
    public double IslandNm { get; init; } = 30;

    /// <summary>Voxels that only affinities below this reach stay background (0); in [0, 1]. The default, 0, floods
    /// every voxel, because scores count every voxel.</summary>
    public double BackgroundThreshold { get; init; }

    /// <summary>Defaults for a voxel size.</summary>
    /// <remarks>Sections are cut at weaker necks, 0.9, than volumes: their pieces are merged again within the section
    /// before sections are joined. On a phantom of thick sections that took VI from 0.60 to 0.53 bits (0.016 in place of
    /// 0.020 adapted Rand error), and cost isbi2012 0-15 nothing; on fib25 0-129 it took VI from 0.88 to 0.89.</remarks>
    public static WatershedOptions For(VoxelSize voxelSize)
    {
        var pitch = Math.Sqrt(voxelSize.Y * voxelSize.X);
        return voxelSize.Anisotropy >= SectionAnisotropy
            ? new()
            {
                Dimensions = FloodDimensions.Section,
                NeckRatio = 0.9,
                SeedDepthNm = 2 * pitch,
                IslandNm = 4 * pitch,
            }
            : new()
            {
                Dimensions = FloodDimensions.Volume,
                InteriorThreshold = 0.7,
                SeedDepthNm = 0.5 * pitch,
                IslandNm = 3 * pitch,
            };
    }

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        if (Dimensions is not (FloodDimensions.Section or FloodDimensions.Volume))
            throw new ArgumentException($"Dimensions must be Section or Volume; found {Dimensions}.");
        if (!(InteriorThreshold is >= 0 and <= 1 && BackgroundThreshold is >= 0 and <= 1))
            throw new ArgumentException(
                $"Thresholds lie in [0, 1]; found interior {InteriorThreshold}, background {BackgroundThreshold}.");
        if (!(SeedDepthNm >= 0 && double.IsFinite(SeedDepthNm) && IslandNm >= 0 && double.IsFinite(IslandNm)))
            throw new ArgumentException(
                $"Seed depth and island edge are lengths from 0 nm; found {SeedDepthNm}, {IslandNm}.");
        if (NeckRatio is not (> 0 and <= 1))
            throw new ArgumentException($"The neck ratio lies in (0, 1]; found {NeckRatio}.");
    }
}
