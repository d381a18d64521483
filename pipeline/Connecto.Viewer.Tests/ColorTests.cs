namespace Connecto.Viewer;

public class ColorTests
{
    [Fact]
    public void Colours_of_ids_do_not_change()
    {
        // Pictures of different runs and versions are compared side by side: a change here needs a reason.
        Rgb[] golden = [new(0, 183, 241), new(213, 148, 0), new(233, 168, 255), new(113, 228, 189), new(207, 68, 43)];
        Assert.Equal(golden, Enumerable.Range(1, 5).Select(i => LabelColors.Of((ulong)i)));
    }

    [Fact]
    public void Consecutive_ids_differ_clearly()
    {
        for (ulong id = 1; id < 2000; id++)
        {
            var (a, b) = (LabelColors.Of(id), LabelColors.Of(id + 1));
            Assert.True(Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B) > 60, $"{id}: {a} and {b}");
        }
    }

    [Fact]
    public void Ids_of_every_size_spread_over_many_colours()
    {
        foreach (var step in (ulong[])[1, 256, 65_536, 1UL << 32, 1UL << 40])
        {
            var colors = new HashSet<Rgb>();
            for (ulong i = 1; i <= 512; i++) colors.Add(LabelColors.Of(i * step));
            Assert.True(colors.Count > 200, $"step {step} gives {colors.Count} colours");
        }
    }

    [Fact]
    public void Maps_brighten_without_a_step_back()
    {
        foreach (var map in (ColorMap[])[ColorMap.Viridis, ColorMap.Magma, ColorMap.Grey])
        {
            var last = -1.0;
            for (var i = 0; i < 256; i++)
            {
                var c = map.At((byte)i);
                Assert.Equal(c, map.At(i / 255.0));
                var luminance = 0.2126 * Math.Pow(c.R / 255.0, 2.2) + 0.7152 * Math.Pow(c.G / 255.0, 2.2)
                    + 0.0722 * Math.Pow(c.B / 255.0, 2.2);
                Assert.True(luminance > last - 2e-3, $"{i}: {luminance} after {last}");
                last = luminance;
            }
        }
    }

    [Fact]
    public void Maps_take_any_number()
    {
        Assert.Equal(ColorMap.Magma.At(0.0), ColorMap.Magma.At(double.NaN));
        Assert.Equal(ColorMap.Magma.At(0.0), ColorMap.Magma.At(double.NegativeInfinity));
        Assert.Equal(ColorMap.Magma.At(1.0), ColorMap.Magma.At(double.PositiveInfinity));
    }
}
