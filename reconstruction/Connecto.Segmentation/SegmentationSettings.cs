using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>All thresholds of the way from affinities to segments; a model may carry them.</summary>
/// <remarks>Plain values only, so it reads from and writes to JSON as it is; lengths are nm, so it does not change with
/// the voxel size.</remarks>
public sealed record SegmentationSettings
{
    /// <summary>Affinities to fragments.</summary>
    public WatershedOptions Watershed { get; init; } = new();

    /// <summary>Fragments to segments.</summary>
    public AgglomerationOptions Agglomeration { get; init; } = new();

    /// <summary>Defaults for a voxel size.</summary>
    public static SegmentationSettings For(VoxelSize voxelSize) => new()
    {
        Watershed = WatershedOptions.For(voxelSize),
        Agglomeration = AgglomerationOptions.For(voxelSize),
    };

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        Watershed.Validate();
        Agglomeration.Validate();
    }
}
