namespace Connecto.Segmentation;

/// <summary>The names by which a model keeps thresholds.</summary>
public static class ThresholdNames
{
    /// <summary><see cref="AgglomerationOptions.Threshold"/>.</summary>
    public const string Merge = "merge";

    /// <summary><see cref="AgglomerationOptions.PlaneThreshold"/>.</summary>
    public const string Plane = "plane";

    /// <summary><see cref="WatershedOptions.InteriorThreshold"/>.</summary>
    public const string Interior = "interior";

    /// <summary><see cref="WatershedOptions.NeckRatio"/>.</summary>
    public const string Neck = "neck";

    /// <summary>The probability that one voxel at least of a synaptic cleft reaches.</summary>
    public const string Cleft = "cleft";
}
