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

    /// <summary>The same stack at a model's coarser voxels: whole numbers of voxels become one where the model's are at
    /// least one and a half times as long.</summary>
    /// <remarks>Images are averaged, so that detail cannot alias; a cell id is that of the middle voxel; a cleft or a
    /// presynaptic side stays where any voxel has it, for both are thin.</remarks>
    public TrainingVolume ShrunkTo(VoxelSize model)
    {
        Index3 by = new(Factor(model.Z, Voxel.Z), Factor(model.Y, Voxel.Y), Factor(model.X, Voxel.X));
        var shape = new Index3(Raw.Shape.Z / by.Z, Raw.Shape.Y / by.Y, Raw.Shape.X / by.X);
        if (by == new Index3(1, 1, 1) || shape.Count == 0) return this;
        var (raw, cells, synapses) = (new Volume<byte>(shape), new Volume<uint>(shape), new Volume<byte>(shape));
        var voxels = by.Z * by.Y * by.X;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    int grey = 0, any = 0, all = ~0;
                    for (var i = 0; i < voxels; i++)
                    {
                        int sz = z * by.Z + i / (by.Y * by.X), sy = y * by.Y + i / by.X % by.Y, sx = x * by.X + i % by.X;
                        grey += Raw[sz, sy, sx];
                        any |= Synapses[sz, sy, sx];
                        all &= Synapses[sz, sy, sx];
                    }
                    const int Verdicts = (int)(SynapseBits.CleftKnown | SynapseBits.PresynapticKnown);
                    raw[z, y, x] = (byte)((grey + voxels / 2) / voxels);
                    cells[z, y, x] = Cells[z * by.Z + by.Z / 2, y * by.Y + by.Y / 2, x * by.X + by.X / 2];
                    synapses[z, y, x] = (byte)((any & ~Verdicts) | (all & Verdicts));
                }
        return this with
        {
            Voxel = new(Voxel.Z * by.Z, Voxel.Y * by.Y, Voxel.X * by.X),
            Raw = raw,
            Cells = cells,
            Synapses = synapses,
            Alignment = StackAlignment.None(shape.Z),
        };

        static int Factor(double model, double own) => model < 1.5 * own ? 1 : (int)Math.Round(model / own);
    }

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
