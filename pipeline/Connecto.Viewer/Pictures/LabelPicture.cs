using System.Globalization;
using Connecto.Volumes;

namespace Connecto.Viewer;

/// <summary>Fragments, segments or any labels of a section in colours over the image.</summary>
public static class LabelPicture
{
    /// <summary>Draws them; an id has the same colour in every picture (<see cref="LabelColors"/>), 0 stays
    /// clear.</summary>
    /// <param name="view">The section.</param>
    /// <param name="labels">Ids, of the image's shape.</param>
    /// <param name="options">Title and opacity.</param>
    /// <exception cref="ArgumentException">The section is missing, or the shapes differ.</exception>
    public static Picture Draw(SliceView view, Volume<ulong> labels, LabelPictureOptions? options = null)
    {
        options ??= new();
        view.Check(labels.Shape);
        var grid = view.Grid();
        var plane = labels.Slice(view.Section);
        var body = SliceLayers.Grey(grid, view.Image.Slice(view.Section));
        SliceLayers.Labels(body, grid, plane, options.Opacity);
        SliceLayers.ScaleBar(body, grid);
        var (count, covered) = Tally(plane);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{NumberText.Plural(count, options.Noun)} on {covered:0.0} % of the section");
        return Figure.Compose(options.Title, $"{view.SectionText}, {view.ExtentText}; {text}",
            $"{options.Title} of {view.SectionText} in colours over the image: {text}.", body);
    }

    private static (int Count, double Covered) Tally(ReadOnlySpan<ulong> plane)
    {
        var ids = new HashSet<ulong>();
        var labelled = 0;
        ulong last = 0;
        foreach (var id in plane)
        {
            if (id == 0) continue;
            labelled++;
            if (id != last) ids.Add(last = id);
        }
        return (ids.Count, 100.0 * labelled / plane.Length);
    }
}

/// <summary>How labels are shown.</summary>
public sealed record LabelPictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Segments";

    /// <summary>What one label is called; the caption counts them.</summary>
    public string Noun { get; init; } = "segment";

    /// <summary>How far the colours cover the image, 0 to 1.</summary>
    public double Opacity { get; init; } = 0.5;
}
