using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Viewer;

/// <summary>The synapses of a section: clefts, and an arrow from each presynaptic to its postsynaptic site.</summary>
public static class SynapsePicture
{
    /// <summary>Draws the synapses whose cleft lies within a section of the one shown.</summary>
    /// <param name="view">The section.</param>
    /// <param name="synapses">Any synapses; sites in nm from the whole volume's first corner.</param>
    /// <param name="options">Layers to lay beneath.</param>
    /// <exception cref="ArgumentException">The section is missing, or the shapes differ.</exception>
    public static Picture Draw(SliceView view, IReadOnlyList<Synapse> synapses, SynapsePictureOptions? options = null)
    {
        options ??= new();
        view.Check(options.Segments?.Shape);
        view.Check(options.Clefts?.Shape);
        var grid = view.Grid();
        var body = SliceLayers.Grey(grid, view.Image.Slice(view.Section));
        if (options.Segments is { } segments) SliceLayers.Labels(body, grid, segments.Slice(view.Section), 0.22);
        if (options.Clefts is { } clefts)
            SliceLayers.Probability(body, grid, clefts.Slice(view.Section, options.CleftChannel), Palette.Cleft, 0.65);
        var shown = 0;
        foreach (var synapse in synapses)
        {
            if (Math.Abs(view.SectionsAway(synapse.Cleft)) > options.SectionsAway) continue;
            shown++;
            Arrow(body, view, grid, synapse);
        }
        SliceLayers.ScaleBar(body, grid);
        var near = options.SectionsAway == 0 ? "" : $" ± {options.SectionsAway}";
        var text = $"{NumberText.Plural(shown, "synapse")} of {NumberText.Count(synapses.Count)}";
        return Figure.Compose(options.Title, $"{view.SectionText}{near}, "
            + $"{view.ExtentText}; {text}",
            $"Synapses of {view.SectionText} as arrows from presynaptic to postsynaptic side over the image: {text}.",
            body,
            new LegendEntry(Palette.Pre, "presynaptic"), new LegendEntry(Palette.Post, "postsynaptic"),
            new LegendEntry(Palette.Cleft, "cleft"));
    }

    private static void Arrow(Canvas canvas, SliceView view, PlaneGrid grid, Synapse synapse)
    {
        var (fromX, fromY) = Pixel(synapse.PreSite);
        var (toX, toY) = Pixel(synapse.PostSite);
        var (cleftX, cleftY) = Pixel(synapse.Cleft);
        double dx = toX - fromX, dy = toY - fromY, length = Math.Sqrt(dx * dx + dy * dy);
        foreach (var (color, wider) in (ReadOnlySpan<(Rgb, double)>)[(default, 2), (Rgb.Hex(0xFFFFFF), 0)])
        {
            canvas.Line(fromX, fromY, toX, toY, color, 1.6 + wider);
            if (length < 18) continue;
            double tipX = toX - 5.5 * dx / length, tipY = toY - 5.5 * dy / length;
            double backX = toX - 13 * dx / length, backY = toY - 13 * dy / length;
            double sideX = -4.5 * dy / length, sideY = 4.5 * dx / length;
            canvas.Line(backX + sideX, backY + sideY, tipX, tipY, color, 1.6 + wider);
            canvas.Line(backX - sideX, backY - sideY, tipX, tipY, color, 1.6 + wider);
        }
        Dot(canvas, fromX, fromY, Palette.Pre, 3.6);
        Dot(canvas, toX, toY, Palette.Post, 3.6);
        Dot(canvas, cleftX, cleftY, Palette.Cleft, 2.6);

        (double X, double Y) Pixel(Site site) => (
            (site.X / view.VoxelSize.X - view.Origin.X) * grid.Width / grid.Columns,
            (site.Y / view.VoxelSize.Y - view.Origin.Y) * grid.Height / grid.Rows);
    }

    private static void Dot(Canvas canvas, double x, double y, Rgb color, double radius)
    {
        canvas.Disc(x, y, radius + 1.2, default);
        canvas.Disc(x, y, radius, color);
    }
}

/// <summary>What lies beneath the synapses.</summary>
public sealed record SynapsePictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Synapses";

    /// <summary>Synapses up to so many sections above or below are shown.</summary>
    public int SectionsAway { get; init; } = 1;

    /// <summary>Segments to tint the image with; none where null.</summary>
    public Volume<ulong>? Segments { get; init; }

    /// <summary>Cleft probability, 0 to 255 (1 to 255 for a mask); none where null.</summary>
    public Volume<byte>? Clefts { get; init; }

    /// <summary>The channel of <see cref="Clefts"/> that holds clefts; 3 in the network's output.</summary>
    public int CleftChannel { get; init; }
}
