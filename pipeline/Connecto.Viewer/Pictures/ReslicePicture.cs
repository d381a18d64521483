using Connecto.Volumes;

namespace Connecto.Viewer;

/// <summary>A section with the two planes across it, so that segments can be followed through z.</summary>
public static class ReslicePicture
{
    private const int Gap = 8;
    private static readonly Rgb Cut = Rgb.Hex(0xFFFFFF);

    /// <summary>Draws xy, with yz to its right and xz below, at one length a pixel; white lines show where the planes
    /// meet. Labels are laid over the grey.</summary>
    /// <param name="view">The section; the image holds all sections to be shown.</param>
    /// <param name="labels">Ids, of the image's shape.</param>
    /// <param name="options">Title, opacity and where the planes cut.</param>
    /// <exception cref="ArgumentException">The section, row or column is missing, or the shapes differ.</exception>
    public static Picture Draw(SliceView view, Volume<ulong> labels, ReslicePictureOptions? options = null)
    {
        options ??= new();
        view.Check(labels.Shape);
        var (shape, size) = (view.Image.Shape, view.VoxelSize);
        int row = options.Row ?? shape.Y / 2, column = options.Column ?? shape.X / 2;
        if ((uint)row >= (uint)shape.Y || (uint)column >= (uint)shape.X)
            throw new ArgumentException($"Row {row}, column {column} is not in an image of {shape} voxels.",
                nameof(options));
        var depth = shape.Z * size.Z;
        var longest = Math.Max(shape.X * size.X, shape.Y * size.Y);
        var side = (int)Math.Max(16, view.MaxPixels * longest / (longest + depth));
        var grid = (view with { MaxPixels = side }).Grid();
        var yz = PlaneGrid.WithPixel(shape.Y, shape.Z, size.Y, size.Z, grid.PixelNm);
        var xz = PlaneGrid.WithPixel(shape.Z, shape.X, size.Z, size.X, grid.PixelNm);

        var front = Layered(grid, view.Image.Slice(view.Section), labels.Slice(view.Section), options.Opacity);
        var right = Layered(yz, AlongZ(view.Image, column), AlongZ(labels, column), options.Opacity);
        var below = Layered(xz, AlongRow(view.Image, row), AlongRow(labels, row), options.Opacity);
        double x = (column + 0.5) / shape.X, y = (row + 0.5) / shape.Y, z = (view.Section + 0.5) / shape.Z;
        Cross(front, x, y);
        Cross(right, z, y);
        Cross(below, x, z);
        SliceLayers.ScaleBar(front, grid);

        var body = new Canvas(grid.Width + Gap + yz.Width, grid.Height + Gap + xz.Height);
        body.Draw(front, 0, 0);
        body.Draw(right, grid.Width + Gap, 0);
        body.Draw(below, 0, grid.Height + Gap);
        if (yz.Width >= 70 && xz.Height >= 40)
        {
            body.Text(grid.Width + Gap + 2, grid.Height + Gap + 16, "right: y, z", TextStyle.Caption);
            body.Text(grid.Width + Gap + 2, grid.Height + Gap + 34, "below: x, z", TextStyle.Caption);
        }
        return Figure.Compose(options.Title, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{view.SectionText} with the planes through row {row + view.Origin.Y} and column {column + view.Origin.X};"
            + $" {shape.Z} sections of {size.Z:0.##} nm"),
            $"{options.Title}: {view.SectionText} and two planes across all {shape.Z} sections, segments in colours.",
            body);
    }

    private static Canvas Layered(PlaneGrid grid, ReadOnlySpan<byte> grey, ReadOnlySpan<ulong> labels, double opacity)
    {
        var canvas = SliceLayers.Grey(grid, grey);
        SliceLayers.Labels(canvas, grid, labels, opacity);
        return canvas;
    }

    private static void Cross(Canvas canvas, double x, double y)
    {
        canvas.Fill(new((int)(x * canvas.Width), 0, 1, canvas.Height), Cut, 0.6);
        canvas.Fill(new(0, (int)(y * canvas.Height), canvas.Width, 1), Cut, 0.6);
    }

    /// <summary>Rows y, columns z.</summary>
    private static T[] AlongZ<T>(Volume<T> volume, int column) where T : unmanaged
    {
        var shape = volume.Shape;
        var plane = new T[shape.Y * shape.Z];
        for (var y = 0; y < shape.Y; y++)
            for (var z = 0; z < shape.Z; z++) plane[y * shape.Z + z] = volume[z, y, column];
        return plane;
    }

    /// <summary>Rows z, columns x.</summary>
    private static T[] AlongRow<T>(Volume<T> volume, int row) where T : unmanaged
    {
        var shape = volume.Shape;
        var plane = new T[shape.Z * shape.X];
        for (var z = 0; z < shape.Z; z++)
            volume.Slice(z).Slice(row * shape.X, shape.X).CopyTo(plane.AsSpan(z * shape.X));
        return plane;
    }
}

/// <summary>How segments are followed through z.</summary>
public sealed record ReslicePictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Segments through the stack";

    /// <summary>How far the colours cover the image, 0 to 1.</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>The row of the x, z plane, counted in the image; the middle where null.</summary>
    public int? Row { get; init; }

    /// <summary>The column of the y, z plane, counted in the image; the middle where null.</summary>
    public int? Column { get; init; }
}
