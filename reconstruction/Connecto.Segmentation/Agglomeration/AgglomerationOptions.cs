using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>How the affinities on the faces between two segments make one score.</summary>
public enum FaceMean
{
    /// <summary>Their mean.</summary>
    Arithmetic,

    /// <summary>The root of the mean of their squares: a few good faces tell more than the poor ones of the rim, where
    /// every face between two pieces of one cell runs into the cell's membrane.</summary>
    RootMeanSquare,
}

/// <summary>Which faces across z tell whether pieces of two neighbouring sections are one cell.</summary>
public enum LinkFaces
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those between voxels that lie inside a cell in both sections, see <see cref="Contact.Interior"/>; all,
    /// where there is none. In thick sections a membrane moves between two sections: faces under it say little about
    /// the cells to either side.</summary>
    Interior,
}

/// <summary>When two fragments are one cell.</summary>
public sealed record AgglomerationOptions
{
    /// <summary>Two segments merge while the score between them, a mean affinity in [0, 1], reaches this.</summary>
    public double Threshold { get; init; } = 0.4;

    /// <summary>Which mean.</summary>
    public FaceMean Mean { get; init; } = FaceMean.RootMeanSquare;

    /// <summary>The same for fragments of one section, merged before any two sections are joined; 1 or more skips that
    /// pass. Used for sections flooded one by one.</summary>
    public double PlaneThreshold { get; init; } = 2;

    /// <summary>How much a face across z counts against one within the section, in the mean.</summary>
    public double ZWeight { get; init; } = 1;

    /// <summary>Which faces across z give the mean affinity of an overlap; the overlap counts with all its faces either
    /// way.</summary>
    public LinkFaces LinkFaces { get; init; }

    /// <summary>How much a link between pieces of neighbouring sections gives way to a better one. A link's strength is
    /// its overlap times its mean affinity (mean square, by <see cref="Mean"/>); its score across z is multiplied by
    /// the power <see cref="Rivalry"/> of the ratio of its strength to the best that either piece has on that side. 0
    /// switches it off; needs the pass of <see cref="PlaneThreshold"/>.</summary>
    public double Rivalry { get; init; }

    /// <summary>Two pieces of neighbouring sections overlap fully, as far as merging is concerned, when this part of
    /// the smaller one lies over the other; with less, the affinities of the overlap count in proportion. 0 switches it
    /// off; needs the pass of <see cref="PlaneThreshold"/>.</summary>
    public double FullOverlap { get; init; }

    /// <summary>Segments below this volume merge more readily, nm^3; 0 switches it off.</summary>
    public double SmallVolumeNm3 { get; init; }

    /// <summary>What is added to the score for a segment of no volume; it falls to 0 in proportion at
    /// <see cref="SmallVolumeNm3"/>.</summary>
    public double SmallBonus { get; init; }

    /// <summary>Segments below this volume are given to the best neighbour in the end, whatever the score, nm^3; 0
    /// keeps them.</summary>
    public double LeastVolumeNm3 { get; init; }

    /// <summary>Defaults for a voxel size.</summary>
    /// <remarks>Chosen by VI on the sections that the shipped models were trained on (isbi2012 0-15, fib25 0-129) and
    /// on a phantom of thick sections. There the faces within sections must outweigh those across: on isbi2012 a weight
    /// of 0.05 for z and proportional overlaps took VI from 1.56 to 1.11 bits, interior faces to 1.02, and rivalry, by
    /// fewer mergers, to 0.99 (the phantom: 0.65, 0.60, 0.60). Rivalry from 0.3 to 0.5 is as good within 0.01.</remarks>
    public static AgglomerationOptions For(VoxelSize voxelSize) =>
        voxelSize.Anisotropy >= WatershedOptions.SectionAnisotropy
            ? new()
            {
                Threshold = 0.45,
                PlaneThreshold = 0.6,
                ZWeight = 0.05,
                LinkFaces = LinkFaces.Interior,
                Rivalry = 0.4,
                FullOverlap = 0.5,
                LeastVolumeNm3 = 1e6,
            }
            : new() { Threshold = 0.45, LeastVolumeNm3 = 1e6 };

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        ReadOnlySpan<double> values = [Threshold, PlaneThreshold, ZWeight, Rivalry, FullOverlap, SmallVolumeNm3,
            SmallBonus, LeastVolumeNm3];
        if (!Enum.IsDefined(Mean))
            throw new ArgumentException($"The mean is arithmetic or root mean square; found {Mean}.");
        if (!Enum.IsDefined(LinkFaces))
            throw new ArgumentException($"The faces of a link are all or the interior ones; found {LinkFaces}.");
        foreach (var value in values)
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentException($"Agglomeration options are numbers from 0; found {value} in {this}.");
    }
}
