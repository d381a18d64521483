using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>What to do with a cleft that has no partner on one side.</summary>
public enum LonelyClefts
{
    /// <summary>Leave it out.</summary>
    Drop,

    /// <summary>Report it, with 0 for the unknown side or sides.</summary>
    Keep,
}

/// <summary>What counts as a cleft, and which segments are its partners.</summary>
/// <remarks>Plain values only, so it reads from and writes to JSON as it is. Probabilities lie in [0, 1]. The defaults were
/// chosen by partner F1 on a phantom whose seed is neither trained on nor shipped.</remarks>
public sealed record SynapseOptions
{
    /// <summary>A cleft is a 26-connected set of voxels whose probability reaches this ...</summary>
    public double LowThreshold { get; init; } = 0.5;

    /// <summary>... with at least one voxel that reaches this.</summary>
    public double HighThreshold { get; init; } = 0.7;

    /// <summary>Smaller clefts are left out, nm^3.</summary>
    public double LeastVolumeNm3 { get; init; } = 1e5;

    /// <summary>Larger clefts are left out, nm^3: stains and cracks, not synapses.</summary>
    public double LargestVolumeNm3 { get; init; } = 1e9;

    /// <summary>Partners lie within this distance of the cleft's voxels, nm.</summary>
    public double ReachNm { get; init; } = 40;

    /// <summary>A voxel speaks for the presynaptic side when its presynaptic probability reaches this.</summary>
    public double PresynapticThreshold { get; init; } = 0.3;

    /// <summary>A postsynaptic partner faces at least this part of the cleft's voxels ...</summary>
    public double LeastShare { get; init; } = 0.3;

    /// <summary>... and at least this volume of it, nm^3.</summary>
    public double LeastShareNm3 { get; init; } = 3e4;

    /// <summary>Clefts without a partner on one side.</summary>
    public LonelyClefts Lonely { get; init; } = LonelyClefts.Drop;

    /// <summary>Defaults for a voxel size: the reach is at least two voxels within a section.</summary>
    public static SynapseOptions For(VoxelSize voxelSize) =>
        new() { ReachNm = Math.Max(40, 2 * Math.Max(voxelSize.Y, voxelSize.X)) };

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        ReadOnlySpan<double> parts = [LowThreshold, HighThreshold, PresynapticThreshold, LeastShare];
        foreach (var value in parts)
            if (value is not (>= 0 and <= 1))
                throw new ArgumentException($"Thresholds and shares lie in [0, 1]; found {value} in {this}.");
        if (!(LowThreshold > 0 && LowThreshold <= HighThreshold))
            throw new ArgumentException($"The low threshold lies in (0, high]; found {LowThreshold}, {HighThreshold}.");
        if (!(LeastVolumeNm3 >= 0 && LargestVolumeNm3 >= LeastVolumeNm3 && LeastShareNm3 >= 0))
            throw new ArgumentException($"Volumes are numbers from 0, least below largest; found {this}.");
        if (!(ReachNm > 0 && double.IsFinite(ReachNm)))
            throw new ArgumentException($"The reach is a positive distance; found {ReachNm} nm.");
    }
}
