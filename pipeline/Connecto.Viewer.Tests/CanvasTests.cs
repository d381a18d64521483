namespace Connecto.Viewer;

public class CanvasTests
{
    [Fact]
    public void A_new_canvas_is_paper()
    {
        var canvas = new Canvas(3, 2);
        Assert.Equal(18, canvas.Pixels.Length);
        Assert.All(canvas.Pixels, b => Assert.Equal(255, b));
    }
}
