namespace Connecto.Viewer;

public class CanvasTests
{
    private static readonly Rgb Red = new(255, 0, 0);

    [Fact]
    public void A_new_canvas_is_paper()
    {
        var canvas = new Canvas(3, 2);
        Assert.Equal(18, canvas.Pixels.Length);
        Assert.All(canvas.Pixels, b => Assert.Equal(255, b));
    }

    [Fact]
    public void A_fill_covers_its_rectangle_and_nothing_else()
    {
        var canvas = new Canvas(6, 5);
        canvas.Fill(new(1, 2, 3, 2), Red);
        for (var y = 0; y < 5; y++)
            for (var x = 0; x < 6; x++)
                Assert.Equal(x is >= 1 and < 4 && y is >= 2 and < 4 ? Red : Palette.Paper, canvas[x, y]);
    }

    [Fact]
    public void Drawing_outside_is_cut_off()
    {
        var canvas = new Canvas(4, 4);
        canvas.Fill(new(-5, -5, 100, 6), Red);
        canvas.Line(-1e6, 3.5, -10, 3.5, Red);
        canvas.Set(4, 0, Red);
        canvas.Text(1000, -1000, "text", TextStyle.Label);
        canvas.Draw(new Canvas(9, 9), -4, 2);
        Assert.Equal(Red, canvas[3, 0]);
        Assert.Equal(Palette.Paper, canvas[0, 1]);
    }

    [Fact]
    public void A_blend_is_the_weighted_mean()
    {
        var canvas = new Canvas(1, 1);
        canvas.Fill(new(0, 0, 1, 1), new(0, 100, 200));
        canvas.Blend(0, 0, new(200, 0, 200), 0.25);
        Assert.Equal(new Rgb(50, 75, 200), canvas[0, 0]);
    }

    [Fact]
    public void A_line_through_pixel_centres_inks_them_fully_and_fades_beside_them()
    {
        var canvas = new Canvas(20, 5);
        canvas.Line(2.5, 2.5, 17.5, 2.5, Red, 1);
        Assert.Equal(Red, canvas[10, 2]);
        Assert.Equal(Palette.Paper, canvas[10, 0]);
        Assert.Equal(Palette.Paper, canvas[10, 1]);
        Assert.Equal(Palette.Paper, canvas[0, 2]);
    }

    [Fact]
    public void A_line_is_the_same_drawn_from_either_end()
    {
        Canvas a = new(30, 30), b = new(30, 30);
        a.Line(3, 4, 25, 19, Red, 2.5);
        b.Line(25, 19, 3, 4, Red, 2.5);
        Assert.All(a.Pixels.Zip(b.Pixels), p => Assert.InRange(p.First - p.Second, -1, 1));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, -1)]
    [InlineData(100_000, 100_000)]
    public void No_canvas_is_empty_or_larger_than_an_array(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Canvas(width, height));
}
