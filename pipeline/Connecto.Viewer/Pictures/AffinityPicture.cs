using Connecto.Volumes;

namespace Connecto.Viewer;

/// <summary>What the network saw in a section: the slice, its affinities, boundaries and synapse maps side by
/// side.</summary>
public static class AffinityPicture
{
    /// <summary>Draws the slice; the affinities to the lower neighbour in x, y and z as red, green and blue; the
    /// boundary probability (1 - the mean of the y and x affinities); and, where there are more channels, cleft and
    /// presynaptic probability over the slice.</summary>
    /// <param name="view">The section.</param>
    /// <param name="affinities">Channels: affinity z, y, x, and optionally cleft and presynaptic; 0 to 255 for
    /// probability 0 to 1; the image's shape.</param>
    /// <param name="title">Drawn above.</param>
    /// <exception cref="ArgumentException">The section is missing, the shapes differ, or there are under 3
    /// channels.</exception>
    public static Picture Draw(SliceView view, Volume<byte> affinities, string title = "Affinities")
    {
        view = view with { MaxPixels = Math.Max(16, view.MaxPixels / 2) };
        view.Check(affinities.Shape);
        if (affinities.Channels < 3)
            throw new ArgumentException($"Affinities have 3 channels (z, y, x) or more; found {affinities.Channels}.",
                nameof(affinities));
        var grid = view.Grid();
        var grey = view.Image.Slice(view.Section);
        var slice = SliceLayers.Grey(grid, grey);
        SliceLayers.ScaleBar(slice, grid);
        var panels = new List<(string, Canvas)>
        {
            ("Image", slice),
            ("Boundary probability", SliceLayers.Map(grid, Boundary(affinities, view.Section), ColorMap.Magma)),
            ("Affinity: x red, y green, z blue", Axes(grid, affinities, view.Section)),
        };
        var legend = new List<LegendEntry>();
        if (affinities.Channels > 3)
        {
            var synapses = SliceLayers.Grey(grid, grey);
            SliceLayers.Probability(synapses, grid, affinities.Slice(view.Section, 3), Palette.Cleft, 0.8);
            legend.Add(new(Palette.Cleft, "cleft"));
            if (affinities.Channels > 4)
            {
                SliceLayers.Probability(synapses, grid, affinities.Slice(view.Section, 4), Palette.Pre, 0.8);
                legend.Add(new(Palette.Pre, "presynaptic side"));
            }
            panels.Add(("Synapse probability", synapses));
        }
        legend.Insert(0, new(ColorMap.Magma.At(0.08), "boundary 0"));
        legend.Insert(1, new(ColorMap.Magma.At(0.5), "0.5"));
        legend.Insert(2, new(ColorMap.Magma.At(0.92), "1"));
        return Figure.Compose(title, $"{view.SectionText}, {view.ExtentText}",
            $"The network's output for {view.SectionText} beside the image: boundary probability, affinities by axis"
            + (affinities.Channels > 3 ? ", synapse probability." : "."), Figure.Panels(panels, 2), legend);
    }

    private static byte[] Boundary(Volume<byte> affinities, int section)
    {
        Span<byte> down = affinities.Slice(section, 1), across = affinities.Slice(section, 2);
        var result = new byte[down.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (byte)(255 - (down[i] + across[i]) / 2);
        return result;
    }

    private static Canvas Axes(PlaneGrid grid, Volume<byte> affinities, int section)
    {
        var canvas = new Canvas(grid.Width, grid.Height);
        var x = grid.Average(affinities.Slice(section, 2));
        var y = grid.Average(affinities.Slice(section, 1));
        var z = grid.Average(affinities.Slice(section, 0));
        for (var i = 0; i < x.Length; i++) canvas.Set(i % grid.Width, i / grid.Width, new(x[i], y[i], z[i]));
        return canvas;
    }
}
