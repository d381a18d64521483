namespace Connecto.Viewer;

/// <summary>Layers of a slice, each drawn over what is there: grey, segments, maps, and the scale bar.</summary>
internal static class SliceLayers
{
    /// <summary>The grey plane as a canvas of its own.</summary>
    internal static Canvas Grey(PlaneGrid grid, ReadOnlySpan<byte> plane) => Map(grid, plane, ColorMap.Grey);

    /// <summary>A plane of bytes in the colours of a map.</summary>
    internal static Canvas Map(PlaneGrid grid, ReadOnlySpan<byte> plane, ColorMap colors)
    {
        var canvas = new Canvas(grid.Width, grid.Height);
        var values = grid.Average(plane);
        for (var i = 0; i < values.Length; i++) canvas.Set(i % grid.Width, i / grid.Width, colors.At(values[i]));
        return canvas;
    }

    /// <summary>Segments in their colours with a thin dark outline; id 0 stays as it was.</summary>
    internal static void Labels(Canvas canvas, PlaneGrid grid, ReadOnlySpan<ulong> plane, double opacity)
    {
        var labels = grid.Sample(plane);
        for (var y = 0; y < grid.Height; y++)
            for (var x = 0; x < grid.Width; x++)
            {
                var id = labels[y * grid.Width + x];
                if (id != 0) canvas.Blend(x, y, LabelColors.Of(id), opacity);
                var right = x + 1 < grid.Width ? labels[y * grid.Width + x + 1] : id;
                var below = y + 1 < grid.Height ? labels[(y + 1) * grid.Width + x] : id;
                if (id != right || id != below) canvas.Blend(x, y, default, 0.55);
            }
    }

    /// <summary>A probability map as one colour: as opaque as it is probable, up to so much.</summary>
    internal static void Probability(Canvas canvas, PlaneGrid grid, ReadOnlySpan<byte> plane, Rgb color, double opacity)
    {
        var values = grid.Average(plane);
        for (var i = 0; i < values.Length; i++)
            canvas.Blend(i % grid.Width, i / grid.Width, color, values[i] / 255.0 * opacity);
    }

    /// <summary>A bar of a round length in the lower left corner; left out where the plane is too small for
    /// it.</summary>
    internal static void ScaleBar(Canvas canvas, PlaneGrid grid)
    {
        const int margin = 10, pad = 7;
        var nm = NiceNumber.AtMost(0.28 * grid.Width * grid.PixelNm);
        var bar = Math.Max(1, (int)Math.Round(nm / grid.PixelNm));
        var text = NumberText.Length(nm);
        var style = TextStyle.Label with { Color = Rgb.Hex(0xFFFFFF), Weight = 0.11, Align = TextAlign.Center };
        var inner = Math.Max(bar, Canvas.Measure(text, style));
        var box = new PixelRect(margin, grid.Height - margin - 34, inner + 2 * pad, 34);
        if (box.Right + margin > grid.Width || box.Y < margin) return;
        canvas.Fill(box, default, 0.62);
        canvas.Fill(new(box.X + pad + (inner - bar) / 2, box.Bottom - 11, bar, 4), style.Color);
        canvas.Text(box.X + pad + inner / 2, box.Y + 16, text, style);
    }
}
