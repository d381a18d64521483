using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>The volumes that synapses are found in: a network's maps and the segmentation, of one shape.</summary>
/// <param name="Maps">Probabilities in [0, 255], one channel a map.</param>
/// <param name="Segments">Segment ids in channel 0; 0 = background.</param>
public sealed record SynapseMaps(ChunkedVolume<byte> Maps, ChunkedVolume<ulong> Segments)
{
    /// <summary>The channel of the maps that holds the clefts.</summary>
    public int CleftChannel { get; init; } = 3;

    /// <summary>The channel that holds the presynaptic side; null when there is none: then the segment that touches the
    /// most of a cleft is taken for it.</summary>
    public int? PresynapticChannel { get; init; } = 4;

    /// <summary>Throws unless shapes agree and the channels are there.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public void Validate()
    {
        if (Maps.Shape != Segments.Shape)
            throw new ArgumentException(
                $"The maps' shape is {Maps.Shape}, the segments' {Segments.Shape}; they must be equal.");
        if (CleftChannel < 0 || CleftChannel >= Maps.Channels || PresynapticChannel < 0
            || PresynapticChannel >= Maps.Channels)
            throw new ArgumentException(
                $"Maps have {Maps.Channels} channels; cleft {CleftChannel} or presynaptic {PresynapticChannel} is not one.");
    }
}
