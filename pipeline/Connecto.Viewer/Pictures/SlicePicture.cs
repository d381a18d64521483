namespace Connecto.Viewer;

/// <summary>One section of the image as it is, with a scale bar.</summary>
public static class SlicePicture
{
    /// <summary>Draws it.</summary>
    /// <exception cref="ArgumentException">The section is not in the image.</exception>
    public static Picture Draw(SliceView view, string title = "Image")
    {
        view.Check();
        var grid = view.Grid();
        var body = SliceLayers.Grey(grid, view.Image.Slice(view.Section));
        SliceLayers.ScaleBar(body, grid);
        return Figure.Compose(title, $"{view.SectionText}, {view.ExtentText}",
            $"Grey electron-microscopy image of {view.SectionText}.", body);
    }
}
