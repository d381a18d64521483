namespace Connecto.Segmentation.Training;

/// <summary>How training patches are varied; a probability of 0 switches a variation off.</summary>
/// <remarks>Flips and quarter turns always happen. Grey values are in [0, 1].</remarks>
public sealed record AugmentationOptions
{
    /// <summary>Probability that a patch lies pixel on pixel: flips, quarter turns and whole pixels only, nothing
    /// interpolated and no section shifted, so that a label's border keeps its exact place; wherever the source has the
    /// model's pixel.</summary>
    public double Exact { get; init; }

    /// <summary>Largest turn besides the quarter turns, degrees.</summary>
    public double RotationDegrees { get; init; } = 20;

    /// <summary>Largest change of size, as a factor: patches are scaled by [1 / Scale, Scale].</summary>
    public double Scale { get; init; } = 1.2;

    /// <summary>Largest displacement of the elastic field, pixels.</summary>
    public double Elastic { get; init; } = 4;

    /// <summary>Spacing of the elastic field's knots, pixels.</summary>
    public double ElasticSpacing { get; init; } = 48;

    /// <summary>Largest independent shift of a neighbouring section, pixels.</summary>
    public double SectionShift { get; init; } = 1;

    /// <summary>Probability that the stack is read backwards.</summary>
    public double FlipZ { get; init; } = 0.5;

    /// <summary>Standard deviation of the log of contrast; a quarter of it is drawn a section.</summary>
    public double Contrast { get; init; } = 0.25;

    /// <summary>Standard deviation of brightness; a quarter of it is drawn a section.</summary>
    public double Brightness { get; init; } = 0.08;

    /// <summary>Standard deviation of the log of gamma.</summary>
    public double Gamma { get; init; } = 0.2;

    /// <summary>Largest standard deviation of pixel noise.</summary>
    public double Noise { get; init; } = 0.06;

    /// <summary>Probability that a patch is blurred, by up to <see cref="BlurSigma"/> pixels.</summary>
    public double Blur { get; init; } = 0.2;

    /// <summary>Largest standard deviation of the blur, pixels.</summary>
    public double BlurSigma { get; init; } = 1.2;

    /// <summary>Probability that one neighbouring section is blank.</summary>
    public double MissingSection { get; init; } = 0.05;

    /// <summary>Probability that a section stands twice in the stack.</summary>
    public double DuplicatedSection { get; init; }

    /// <summary>Probability that one neighbouring section lies several whole pixels aside.</summary>
    public double ShiftedSection { get; init; }

    /// <summary>Its largest shift along rows and along columns, pixels.</summary>
    public double ShiftedSectionPixels { get; init; } = 8;

    /// <summary>Probability that one section is out of focus.</summary>
    public double BlurredSection { get; init; }

    /// <summary>Largest standard deviation of its blur, pixels; the smallest is 0.4 of it.</summary>
    public double BlurredSectionSigma { get; init; } = 3;

    /// <summary>Probability that one section is pale, at 0.3 to 0.8 of its contrast, with up to 4 stains.</summary>
    public double DirtySection { get; init; }

    /// <summary>Probability that a patch is as if imaged with larger pixels.</summary>
    public double Resolution { get; init; }

    /// <summary>Largest edge of those pixels, in pixels of the model.</summary>
    public double ResolutionFactor { get; init; } = 2;

    /// <summary>What is out of range, as half a sentence; null where nothing is.</summary>
    public string? FindFault()
    {
        (string Name, double Value)[] chances =
        [
            ("exact", Exact), ("flipZ", FlipZ), ("blur", Blur), ("missingSection", MissingSection), ("duplicatedSection", DuplicatedSection),
            ("shiftedSection", ShiftedSection), ("blurredSection", BlurredSection), ("dirtySection", DirtySection), ("resolution", Resolution),
        ];
        foreach (var (name, value) in chances)
            if (value is not (>= 0 and <= 1)) return $"{name} must be a probability, but is {value}";
        return ResolutionFactor is not (>= 1 and <= 8) ? $"resolutionFactor must be from 1 to 8, but is {ResolutionFactor}" : null;
    }
}
