using Connecto.Volumes;

namespace Connecto.Phantom;

/// <summary>What synthetic tissue to make, and how to image it. Lengths are nanometres.</summary>
/// <remarks>The same options give the same bits on every run and any number of threads.</remarks>
public sealed record PhantomOptions
{
    /// <summary>Extent of the delivered volume, voxels (z, y, x); every length positive.</summary>
    public Index3 Shape { get; init; } = new(24, 256, 256);

    /// <summary>Edge lengths of a voxel, nm (z, y, x). Sections thicker than 2 pixels are imaged as serial sections
    /// (each averages over its thickness), others as a milled block face.</summary>
    public VoxelSize VoxelSize { get; init; } = new(40, 4, 4);

    /// <summary>Chooses the tissue and all noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Typical distance between the centre lines of thin neurites, nm, 80 to 600. The two coarser
    /// calibres scale with it.</summary>
    public double NeuriteSpacing { get; init; } = 120;

    /// <summary>Share of space, 0 to 1, that the medium calibre (radius 70 to 180 nm at the default spacing) seeks.</summary>
    public double MediumNeurites { get; init; } = 0.55;

    /// <summary>Share of space, 0 to 1, that the large calibre (radius 240 to 530 nm at the default spacing) seeks.</summary>
    public double LargeNeurites { get; init; } = 0.3;

    /// <summary>Presynaptic sites (clefts) wanted a cubic micrometre, 0 to 40; about what results, where the tissue has
    /// room. Vertebrate cortex has 1 to 2, fly neuropil 2 to 6 with several partners each.</summary>
    public double SynapseDensity { get; init; } = 6;

    /// <summary>Share of sites, 0 to 1, that face more than one partner where neighbours allow (2 to 4 of them).</summary>
    public double PolyadicShare { get; init; } = 0.6;

    /// <summary>Share of sufficiently thick neurite length, 0 to 1, that holds a mitochondrion.</summary>
    public double Mitochondria { get; init; } = 0.85;

    /// <summary>How the microscope sees it; null chooses by <see cref="VoxelSize"/>.</summary>
    public PhantomAppearance? Appearance { get; init; }

    /// <summary>Sections lost in cutting: the image is black, truth is the lost tissue's. Indices into z.</summary>
    public IReadOnlyList<int> MissingSections { get; init; } = [];

    /// <summary>Sections that repeat the one before them, image and truth alike; never section 0. Indices into z.</summary>
    public IReadOnlyList<int> DuplicatedSections { get; init; } = [];

    /// <summary>Sections with a fold: a dark line with about 250 nm of tissue hidden in it. Indices into z.</summary>
    public IReadOnlyList<int> FoldedSections { get; init; } = [];

    /// <summary>The appearance in force: <see cref="Appearance"/>, or the default for the voxel size.</summary>
    public PhantomAppearance EffectiveAppearance =>
        Appearance ?? (VoxelSize.Anisotropy > 2 ? PhantomAppearance.SerialSections : PhantomAppearance.BlockFace);

    internal void Check()
    {
        if (Shape.Z < 1 || Shape.Y < 1 || Shape.X < 1)
            throw new ArgumentException($"A phantom needs positive lengths; found the shape {Shape}.", nameof(Shape));
        if ((long)Shape.Y * Shape.X > Array.MaxLength)
            throw new ArgumentException($"A section of {Shape.Y} x {Shape.X} voxels is too large for one array.", nameof(Shape));
        Within(NeuriteSpacing, 80, 600, nameof(NeuriteSpacing));
        Within(MediumNeurites, 0, 1, nameof(MediumNeurites));
        Within(LargeNeurites, 0, 1, nameof(LargeNeurites));
        Within(SynapseDensity, 0, 40, nameof(SynapseDensity));
        Within(PolyadicShare, 0, 1, nameof(PolyadicShare));
        Within(Mitochondria, 0, 1, nameof(Mitochondria));
        Sections(MissingSections, 0, nameof(MissingSections));
        Sections(DuplicatedSections, 1, nameof(DuplicatedSections));
        Sections(FoldedSections, 0, nameof(FoldedSections));
        EffectiveAppearance.Check();
    }

    private void Sections(IReadOnlyList<int> sections, int first, string name)
    {
        foreach (var z in sections)
            if (z < first || z >= Shape.Z)
                throw new ArgumentException($"{name} names section {z}; expected {first} to {Shape.Z - 1}.", name);
    }

    internal static void Within(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; expected {low} to {high}."), name);
    }
}
