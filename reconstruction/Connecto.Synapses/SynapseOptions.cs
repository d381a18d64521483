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
/// chosen by partner F1 with true segments on six phantoms of three voxel sizes whose seeds are neither trained on nor
/// shipped, and by detection F1 on three sections each of two real stacks that the maps' network had not seen.</remarks>
public sealed record SynapseOptions
{
    /// <summary>A cleft is a 26-connected set of voxels whose probability reaches this ...</summary>
    public double LowThreshold { get; init; } = 0.6;

    /// <summary>... with at least one voxel that reaches this.</summary>
    public double HighThreshold { get; init; } = 0.7;

    /// <summary>Smaller clefts are left out, nm^3.</summary>
    public double LeastVolumeNm3 { get; init; } = 3e5;

    /// <summary>Larger clefts are left out, nm^3: stains and cracks, not synapses.</summary>
    public double LargestVolumeNm3 { get; init; } = 1e9;

    /// <summary>Partners lie within this distance of the cleft's voxels, nm.</summary>
    public double ReachNm { get; init; } = 50;

    /// <summary>A voxel speaks for the presynaptic side when its presynaptic probability reaches this.</summary>
    public double PresynapticThreshold { get; init; } = 0.7;

    /// <summary>How a cleft is shared out: a voxel's say is 1 and the square of its probability (in 255ths) above this.</summary>
    public double SureThreshold { get; init; } = 0.8;

    /// <summary>A postsynaptic partner faces voxels with at least this part of the say of all that lie between the
    /// presynaptic segment and another ...</summary>
    public double LeastShare { get; init; } = 0.1;

    /// <summary>... and at least this volume of it, nm^3.</summary>
    public double LeastShareNm3 { get; init; } = 1.5e5;

    /// <summary>Contacts of one pair whose centres are this close are one synapse seen twice, nm; 0 to keep them
    /// apart.</summary>
    public double SameSynapseNm { get; init; } = 150;

    /// <summary>Clefts without a partner on one side.</summary>
    public LonelyClefts Lonely { get; init; } = LonelyClefts.Drop;

    /// <summary>Defaults for a voxel size: the reach is at least two voxels within a section.</summary>
    public static SynapseOptions For(VoxelSize voxelSize) =>
        new() { ReachNm = Math.Max(50, 2 * Math.Max(voxelSize.Y, voxelSize.X)) };

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        ReadOnlySpan<double> parts = [LowThreshold, HighThreshold, PresynapticThreshold, SureThreshold, LeastShare];
        foreach (var value in parts)
            if (value is not (>= 0 and <= 1))
                throw new ArgumentException($"Thresholds and shares lie in [0, 1]; found {value} in {this}.");
        if (!(LowThreshold > 0 && LowThreshold <= HighThreshold))
            throw new ArgumentException($"The low threshold lies in (0, high]; found {LowThreshold}, {HighThreshold}.");
        if (!(LeastVolumeNm3 >= 0 && LargestVolumeNm3 >= LeastVolumeNm3 && LeastShareNm3 >= 0))
            throw new ArgumentException($"Volumes are numbers from 0, least below largest; found {this}.");
        if (!(SameSynapseNm >= 0 && double.IsFinite(SameSynapseNm)))
            throw new ArgumentException($"The distance of contacts that are one synapse is 0 or more; found {SameSynapseNm} nm.");
        if (!(ReachNm > 0 && double.IsFinite(ReachNm)))
            throw new ArgumentException($"The reach is a positive distance; found {ReachNm} nm.");
    }
}
