namespace Connecto.Volumes.Precomputed;

/// <summary>What a precomputed volume shows.</summary>
public enum PrecomputedKind
{
    /// <summary>Grey values, probabilities: averaged in the pyramid.</summary>
    Image,

    /// <summary>Ids: the pyramid keeps the commonest.</summary>
    Segmentation,
}

/// <summary>How the chunks of a precomputed volume are packed, under gzip.</summary>
public enum PrecomputedEncoding
{
    /// <summary>Little-endian values, x fastest, then y, z, channel.</summary>
    Raw,

    /// <summary>Neuroglancer's compressed_segmentation, blocks of 8 x 8 x 8; uint and ulong only.</summary>
    CompressedSegmentation,
}

/// <summary>How a chunk's file is packed, over its encoding.</summary>
public enum PrecomputedPacking
{
    /// <summary>Gzip at its fastest level; the file's name ends in .gz.</summary>
    Gzip,

    /// <summary>As it is: a raw chunk is then read without its neighbours in the file. For noisy values, of which gzip
    /// saves little at twenty times the time of writing them.</summary>
    Plain,
}

/// <summary>The description of a volume to be made.</summary>
public sealed record PrecomputedOptions
{
    /// <summary>Extent of one channel, voxels; every length 1 or more.</summary>
    public required Index3 Shape { get; init; }

    /// <summary>Edge lengths of a voxel, nm.</summary>
    public required VoxelSize VoxelSize { get; init; }

    /// <summary>Channels; 1 for a segmentation.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Extent of a chunk, voxels; chunks at the end of the volume are cut off there.</summary>
    public Index3 Chunk { get; init; } = new(64, 64, 64);

    /// <summary>Image or segmentation.</summary>
    public PrecomputedKind Kind { get; init; } = PrecomputedKind.Image;

    /// <summary>How chunks are packed.</summary>
    public PrecomputedEncoding Encoding { get; init; } = PrecomputedEncoding.Raw;

    /// <summary>How chunk files that are written are packed. The info file does not tell: both kinds are read wherever
    /// they are met.</summary>
    public PrecomputedPacking Packing { get; init; } = PrecomputedPacking.Gzip;

    /// <summary>The first voxel's place in the global frame, voxels. Boxes are counted from it; only file names and
    /// viewers know it.</summary>
    public Index3 VoxelOffset { get; init; }
}
