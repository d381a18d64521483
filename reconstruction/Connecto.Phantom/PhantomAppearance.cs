namespace Connecto.Phantom;

/// <summary>How a microscope renders the tissue: grey levels (0 black to 255 white), sharpness, noise, section jitter.</summary>
public sealed record PhantomAppearance
{
    /// <summary>Serial sections in transmission: crisp dark membranes, granular cytoplasm, jitter and uneven stain.</summary>
    public static PhantomAppearance SerialSections { get; } = new();

    /// <summary>A milled block face (FIB-SEM): softer, smooth cytoplasm, cells of different grey, sections in register.</summary>
    public static PhantomAppearance BlockFace { get; } = new()
    {
        Cytoplasm = 146,
        CytoplasmSpread = 19,
        Membrane = 56,
        MembraneWidth = 18,
        Mitochondrion = 72,
        Granularity = 9,
        Noise = 5,
        CorrelatedNoise = 4,
        Blur = 7,
        Jitter = 0.8,
        Gain = 0.02,
        Brightness = 2,
        Shading = 3,
    };

    /// <summary>Mean grey of cytoplasm.</summary>
    public double Cytoplasm { get; init; } = 150;

    /// <summary>Standard deviation of the grey from neurite to neurite.</summary>
    public double CytoplasmSpread { get; init; } = 9;

    /// <summary>Grey of a membrane cut at right angles.</summary>
    public double Membrane { get; init; } = 38;

    /// <summary>Full width at half depth of the two membranes between neighbours, nm.</summary>
    public double MembraneWidth { get; init; } = 15;

    /// <summary>Mean grey inside mitochondria.</summary>
    public double Mitochondrion { get; init; } = 84;

    /// <summary>Standard deviation of the cytoplasm's granular texture, grey levels.</summary>
    public double Granularity { get; init; } = 20;

    /// <summary>Standard deviation of shot noise at mid grey, grey levels.</summary>
    public double Noise { get; init; } = 8;

    /// <summary>Standard deviation of noise correlated over about two pixels, grey levels.</summary>
    public double CorrelatedNoise { get; init; } = 8;

    /// <summary>Standard deviation of the optical blur, nm; varies by a third from section to section.</summary>
    public double Blur { get; init; } = 3;

    /// <summary>Standard deviation of a section's lateral shift, nm an axis. Truth shifts with the image.</summary>
    public double Jitter { get; init; } = 5;

    /// <summary>Standard deviation of a section's contrast, as a share.</summary>
    public double Gain { get; init; } = 0.07;

    /// <summary>Standard deviation of a section's brightness, grey levels.</summary>
    public double Brightness { get; init; } = 6;

    /// <summary>Standard deviation of the slow shading within a section, grey levels.</summary>
    public double Shading { get; init; } = 6;

    internal void Check()
    {
        PhantomOptions.Within(Cytoplasm, 0, 255, nameof(Cytoplasm));
        PhantomOptions.Within(CytoplasmSpread, 0, 100, nameof(CytoplasmSpread));
        PhantomOptions.Within(Membrane, 0, 255, nameof(Membrane));
        PhantomOptions.Within(MembraneWidth, 4, 60, nameof(MembraneWidth));
        PhantomOptions.Within(Mitochondrion, 0, 255, nameof(Mitochondrion));
        PhantomOptions.Within(Granularity, 0, 100, nameof(Granularity));
        PhantomOptions.Within(Noise, 0, 100, nameof(Noise));
        PhantomOptions.Within(CorrelatedNoise, 0, 100, nameof(CorrelatedNoise));
        PhantomOptions.Within(Blur, 0, 40, nameof(Blur));
        PhantomOptions.Within(Jitter, 0, 60, nameof(Jitter));
        PhantomOptions.Within(Gain, 0, 0.5, nameof(Gain));
        PhantomOptions.Within(Brightness, 0, 60, nameof(Brightness));
        PhantomOptions.Within(Shading, 0, 60, nameof(Shading));
    }
}
