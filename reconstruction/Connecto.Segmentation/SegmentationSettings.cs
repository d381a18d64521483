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

    /// <summary>The same with a model's thresholds laid over; names that are none of segmentation's are passed over.</summary>
    public SegmentationSettings With(IReadOnlyDictionary<string, double> thresholds)
    {
        var (watershed, agglomeration) = (Watershed, Agglomeration);
        if (thresholds.TryGetValue(ThresholdNames.Interior, out var interior)) watershed = watershed with { InteriorThreshold = interior };
        if (thresholds.TryGetValue(ThresholdNames.Neck, out var neck)) watershed = watershed with { NeckRatio = neck };
        if (thresholds.TryGetValue(ThresholdNames.Merge, out var merge)) agglomeration = agglomeration with { Threshold = merge };
        // Volumes that are flooded whole have no pass of their sections, whatever a model of thick sections says.
        if (agglomeration.PlaneThreshold < 1 && thresholds.TryGetValue(ThresholdNames.Plane, out var plane))
            agglomeration = agglomeration with { PlaneThreshold = plane };
        return new() { Watershed = watershed, Agglomeration = agglomeration };
    }

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        Watershed.Validate();
        Agglomeration.Validate();
    }
}
