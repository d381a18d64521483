using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>What kind of truth a source has.</summary>
public enum SourceKind
{
    /// <summary>Ids of cells that hold through the stack: all three affinities.</summary>
    Instances,

    /// <summary>Classes of pixels, section by section: affinities y and x, from the connected components of a section's
    /// cell classes.</summary>
    Classes,

    /// <summary>Synthetic tissue, rendered on the fly from seeds: all outputs.</summary>
    Phantom,
}

/// <summary>One stack to learn from; paths are relative to the data folder given to the trainer.</summary>
public sealed record TrainingSource
{
    /// <summary>A name for messages and the card.</summary>
    public required string Name { get; init; }

    /// <summary>What its truth means.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>Its voxel size, z, y, x in nm; patches are scaled to the model's in y and x.</summary>
    public required double[] VoxelSizeNm { get; init; }

    /// <summary>The images: a folder of slices or a multi-page TIFF.</summary>
    public string? Raw { get; init; }

    /// <summary>Ids or classes, as slices like the images'.</summary>
    public string? Labels { get; init; }

    /// <summary>Ids that are boundary (instances), or membrane classes (classes).</summary>
    public ulong[] Boundary { get; init; } = [];

    /// <summary>Ids or classes without a verdict: not supervised.</summary>
    public ulong[] Ignore { get; init; } = [];

    /// <summary>Where true ids touch each other: a voxel becomes boundary when another id lies within this many voxels
    /// along z, y or x.</summary>
    public int[] Erode { get; init; } = [0, 0, 0];

    /// <summary>Synapse labels, as slices; null when clefts are unknown.</summary>
    public string? Synapses { get; init; }

    /// <summary>Ids in the synapse labels that lie in the presynaptic cell (vesicles, T-bars).</summary>
    public ulong[] PresynapticIds { get; init; } = [];

    /// <summary>Ids in the synapse labels that are no part of the cleft and its densities (vesicles).</summary>
    public ulong[] VesicleIds { get; init; } = [];

    /// <summary>Around synapses with no presynaptic id within this distance, nm, the presynaptic side is not supervised.</summary>
    public double PresynapticNm { get; init; } = 100;

    /// <summary>Sections to learn from: first, and one past the last.</summary>
    public int[]? TrainSections { get; init; }

    /// <summary>Sections to validate on, never read for training; null for none.</summary>
    public int[]? ValidationSections { get; init; }

    /// <summary>Axes that may take the part of z, e.g. "zyx" for isotropic tissue.</summary>
    public string Axes { get; init; } = "z";

    /// <summary>Share of the patches, relative to the other sources'.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Phantoms: one volume a seed.</summary>
    public ulong[] Seeds { get; init; } = [];

    /// <summary>Phantoms: extent of a volume, z, y, x.</summary>
    public int[] Shape { get; init; } = [32, 384, 384];

    /// <summary>The voxel size as a type.</summary>
    internal VoxelSize Voxel => new(VoxelSizeNm[0], VoxelSizeNm[1], VoxelSizeNm[2]);

    internal void Check(string path)
    {
        Require(VoxelSizeNm is { Length: 3 } && VoxelSizeNm.All(nm => nm > 0 && double.IsFinite(nm)),
            "voxelSizeNm must be three positive lengths");
        Require(Weight >= 0 && double.IsFinite(Weight), $"weight must not be negative; found {Weight}");
        Require(Erode is [>= 0 and <= 8, >= 0 and <= 8, >= 0 and <= 8], "erode must be three numbers from 0 to 8");
        Require(Axes.Length > 0 && Axes.All("zyx".Contains) && Axes.Distinct().Count() == Axes.Length,
            $"axes must be some of z, y, x; found '{Axes}'");
        Require(Axes == "z" || Kind == SourceKind.Instances || Kind == SourceKind.Phantom,
            "only instances and phantoms have ids along other axes");
        if (Kind == SourceKind.Phantom)
        {
            Require(Seeds.Length > 0, "a phantom needs seeds");
            Require(Shape.Length == 3 && Shape.All(n => n is >= 1 and <= 4096), "shape must be three lengths up to 4096");
            return;
        }
        Require(Raw is not null && Labels is not null, "raw and labels must be given");
        Require(TrainSections is null or [>= 0, > 0], "trainSections must be [first, past the last]");
        Require(ValidationSections is null or [>= 0, > 0], "validationSections must be [first, past the last]");
        if (TrainSections is [var a, var b] && ValidationSections is [var c, var d])
            Require(b <= c || d <= a, $"training sections {a}-{b} and validation sections {c}-{d} overlap");
        Require(TrainSections is not null || ValidationSections is null,
            "trainSections must be given where validationSections are");

        void Require(bool holds, string what)
        {
            if (!holds)
                throw new InvalidDataException($"{path} cannot be trained: source '{Name}': {what}. Nothing was trained.");
        }
    }
}
