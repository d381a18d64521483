namespace Connecto.Segmentation.Alignment;

/// <summary>How far and how finely neighbouring sections are matched; lengths in nm.</summary>
public sealed record AlignmentOptions
{
    /// <summary>Edge of the pixels that images are compared at; finer sections are averaged first.</summary>
    public double PixelNm { get; init; } = 8;

    /// <summary>Largest shift of a whole section.</summary>
    public double ShiftNm { get; init; } = 250;

    /// <summary>Distance between the knots of the displacement field.</summary>
    public double SpacingNm { get; init; } = 600;

    /// <summary>Largest displacement of a knot against the whole section.</summary>
    public double LocalNm { get; init; } = 80;

    /// <summary>What a displacement of a knot against the whole section costs in correlation, per nm: a repetitive
    /// texture does not pull its knot away.</summary>
    public double PenaltyPerNm { get; init; } = 0.000125;

    /// <summary>Sections (or knots) that correlate less stay where they are (where their section is).</summary>
    public double LeastCorrelation { get; init; } = 0.08;

    /// <summary>A knot this far from the median of the knots around it takes the median.</summary>
    public double OutlierNm { get; init; } = 60;

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <exception cref="ArgumentException">A value does not.</exception>
    public void Validate()
    {
        ReadOnlySpan<double> lengths = [PixelNm, SpacingNm];
        foreach (var length in lengths)
            if (!(length > 0 && double.IsFinite(length)))
                throw new ArgumentException($"Pixel and spacing are positive lengths; found {length} nm.");
        ReadOnlySpan<double> values = [ShiftNm, LocalNm, PenaltyPerNm, LeastCorrelation, OutlierNm];
        foreach (var value in values)
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentException($"Alignment options are numbers from 0; found {value}.");
    }
}
