using Connecto.Segmentation.Alignment;
using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>A stack in memory, ready to be learnt from: normalised images, and the truth in one form for all kinds.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Voxel">Edge lengths, nm, after any change of axes.</param>
/// <param name="Raw">Normalised images.</param>
/// <param name="Cells">Cell ids; <see cref="Boundary"/> between cells, <see cref="Unknown"/> where there is no verdict.</param>
/// <param name="Synapses">Bits of <see cref="SynapseBits"/>.</param>
/// <param name="Ids">Whether an id means the same cell in every section.</param>
/// <param name="IsSynthetic">Phantoms do not count when a model describes its training images.</param>
internal sealed record TrainingVolume(
    string Name, VoxelSize Voxel, Volume<byte> Raw, Volume<uint> Cells, Volume<byte> Synapses, CellIds Ids,
    bool IsSynthetic = false)
{
    /// <summary>How the sections lie over each other.</summary>
    public StackAlignment Alignment { get; init; } = StackAlignment.None(Raw.Shape.Z);

    /// <summary>The id of what separates cells.</summary>
    public const uint Boundary = 0;

    /// <summary>The id of voxels that are not supervised.</summary>
    public const uint Unknown = uint.MaxValue;

    /// <summary>The same stack with another axis in the place of z: 'z' itself, 'y' (y, z, x) or 'x' (x, z, y).</summary>
    public TrainingVolume Along(char axis) => axis switch
    {
        'z' => this,
        'y' => this with
        {
            Alignment = StackAlignment.None(Raw.Shape.Y),
            Voxel = new(Voxel.Y, Voxel.Z, Voxel.X),
            Raw = Transpose(Raw, axis),
            Cells = Transpose(Cells, axis),
            Synapses = Transpose(Synapses, axis),
        },
        'x' => this with
        {
            Alignment = StackAlignment.None(Raw.Shape.X),
            Voxel = new(Voxel.X, Voxel.Z, Voxel.Y),
            Raw = Transpose(Raw, axis),
            Cells = Transpose(Cells, axis),
            Synapses = Transpose(Synapses, axis),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "An axis is z, y or x."),
    };

    private static Volume<T> Transpose<T>(Volume<T> from, char axis) where T : unmanaged
    {
        var s = from.Shape;
        var to = new Volume<T>(axis == 'y' ? new(s.Y, s.Z, s.X) : new(s.X, s.Z, s.Y));
        for (var z = 0; z < s.Z; z++)
            for (var y = 0; y < s.Y; y++)
                for (var x = 0; x < s.X; x++)
                    if (axis == 'y') to[y, z, x] = from[z, y, x];
                    else to[x, z, y] = from[z, y, x];
        return to;
    }
}

/// <summary>Whether cell ids hold from one section to the next.</summary>
internal enum CellIds
{
    /// <summary>Ids name cells in 3D: z affinities are known.</summary>
    AcrossSections,

    /// <summary>Ids name parts of one section: z affinities are unknown.</summary>
    WithinSection,
}

/// <summary>What is known of synapses at a voxel.</summary>
[Flags]
internal enum SynapseBits : byte
{
    /// <summary>Neither cleft nor presynaptic, or unknown.</summary>
    None = 0,

    /// <summary>Cleft or its densities.</summary>
    Cleft = 1,

    /// <summary>Presynaptic side.</summary>
    Presynaptic = 2,

    /// <summary>The cleft bit is known.</summary>
    CleftKnown = 4,

    /// <summary>The presynaptic bit is known.</summary>
    PresynapticKnown = 8,
}
