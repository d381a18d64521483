namespace Connecto.Segmentation.Model;

/// <summary>What a channel of a prediction means; the number is the channel.</summary>
public enum EmOutput
{
    /// <summary>Probability that a voxel and its neighbour in the section before are one cell.</summary>
    AffinityZ,

    /// <summary>Probability that a voxel and its neighbour in the row before are one cell.</summary>
    AffinityY,

    /// <summary>Probability that a voxel and its neighbour in the column before are one cell.</summary>
    AffinityX,

    /// <summary>Probability that a voxel belongs to a synapse's cleft and its densities.</summary>
    Cleft,

    /// <summary>Probability that a voxel lies in the presynaptic cell's vesicles beside a cleft.</summary>
    Presynaptic,
}
