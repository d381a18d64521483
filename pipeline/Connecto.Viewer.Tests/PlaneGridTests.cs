namespace Connecto.Viewer;

public class PlaneGridTests
{
    [Theory]
    [InlineData(512, 512, 512, 512)]
    [InlineData(250, 250, 750, 750)]
    [InlineData(100, 200, 400, 800)]
    [InlineData(1024, 1024, 900, 900)]
    [InlineData(10_000, 5_000, 900, 450)]
    [InlineData(1, 1, 16, 16)]
    public void Small_planes_grow_by_a_whole_factor_and_large_ones_shrink_to_the_limit(
        int rows, int columns, int height, int width)
    {
        var grid = PlaneGrid.Fit(rows, columns, 4, 4, 900);
        Assert.Equal((height, width), (grid.Height, grid.Width));
        Assert.Equal(4.0 * rows / height, grid.PixelNm, 6);
    }

    [Fact]
    public void Thick_sections_are_stretched_to_their_length()
    {
        var grid = PlaneGrid.WithPixel(20, 512, 50, 4, 4);
        Assert.Equal((250, 512), (grid.Height, grid.Width));
    }

    [Fact]
    public void A_pixel_is_the_mean_of_the_area_it_covers()
    {
        byte[] plane = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        Assert.Equal([35, 55, 95, 115], new PlaneGrid(2, 6, 2, 2, 1).Average(
            [10, 20, 75, 40, 50, 75, 70, 80, 135, 100, 110, 135]));
        Assert.Equal([65], new PlaneGrid(3, 4, 1, 1, 1).Average(plane));
        Assert.Equal(plane, new PlaneGrid(3, 4, 3, 4, 1).Average(plane));
        Assert.Equal([10, 10, 20, 20, 10, 10, 20, 20], new PlaneGrid(1, 2, 2, 4, 1).Average([10, 20]));
    }

    [Fact]
    public void Averaging_keeps_a_constant_at_any_scale()
    {
        var plane = new byte[37 * 53];
        Array.Fill(plane, (byte)201);
        foreach (var (height, width) in ((int, int)[])[(1, 1), (7, 11), (36, 52), (37, 53), (38, 60), (100, 140)])
            Assert.All(new PlaneGrid(37, 53, height, width, 1).Average(plane), v => Assert.Equal(201, v));
    }

    [Fact]
    public void Labels_are_never_mixed()
    {
        ulong[] plane = [1, ulong.MaxValue, 3, 4, 5, 6];
        foreach (var side in (int[])[1, 2, 3, 5, 8])
            Assert.All(new PlaneGrid(2, 3, side, side, 1).Sample<ulong>(plane), id => Assert.Contains(id, plane));
        Assert.Equal([1, 1, 2, 2], new PlaneGrid(1, 2, 1, 4, 1).Sample<ulong>([1UL, 2UL]));
    }
}
