using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Viewer;

public class PictureTests
{
    private static readonly VoxelSize Voxel = new(50, 4, 4);

    [Fact]
    public void Empty_and_constant_inputs_give_pictures()
    {
        var image = new Volume<byte>(new(3, 40, 50));
        var view = new SliceView(image, Voxel, 1) { MaxPixels = 200 };
        var labels = new Volume<ulong>(image.Shape);
        Picture[] pictures =
        [
            SlicePicture.Draw(view),
            SlicePicture.Draw(new(new Volume<byte>(new(1, 1, 1)), Voxel, 0)),
            AffinityPicture.Draw(view, new Volume<byte>(image.Shape, 3)),
            AffinityPicture.Draw(view, new Volume<byte>(image.Shape, 5)),
            LabelPicture.Draw(view, labels),
            ReslicePicture.Draw(view, labels),
            SynapsePicture.Draw(view, []),
            SynapsePicture.Draw(view, [default]),
            AdjacencyPicture.Draw(0, []),
            AdjacencyPicture.Draw(1, [new(0, 0, 1)]),
            AdjacencyPicture.Draw(5, []),
            DistributionPicture.Draw([]),
            DistributionPicture.Draw([new("Contacts", "contacts", "pairs", [])]),
            DistributionPicture.Draw([new("Contacts", "contacts", "pairs", [0, 0]), new("C", "c", "p", [7000])]),
            RasterPicture.Draw([], 0, 0),
            RasterPicture.Draw([], 4, 0),
            RasterPicture.Draw(new float[12], 4, 3),
            RasterPicture.Draw([float.NaN, float.PositiveInfinity], 1, 2),
            CurvePicture.Draw([]),
            CurvePicture.Draw([new("loss", [new(0, double.NaN)]), new("other", [new(3, 1), new(3, 1)])]),
        ];
        Assert.All(pictures, p => Assert.True(p.Title.Length > 0 && p.Description.Length > 0));
        Assert.All(pictures, p => Assert.Contains(p.Canvas.Pixels, b => b < 100));
        Assert.True(ContactSheet.Draw(pictures).Canvas.Width > 1000);
        Assert.NotNull(ContactSheet.Draw([]));
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        var (view, labels) = Tissue();
        Func<Picture>[] pictures =
        [
            () => LabelPicture.Draw(view, labels), () => ReslicePicture.Draw(view, labels),
            () => SynapsePicture.Draw(view, [At(1)], new() { Segments = labels, Clefts = view.Image }),
            () => AdjacencyPicture.Draw(9, [new(1, 2, 3), new(4, 5, 6)]), () => RasterPicture.Draw([1, 2, 3, 4], 2, 2),
        ];
        foreach (var draw in pictures) Assert.Equal(draw().ToPng(), draw().ToPng());
    }

    [Fact]
    public void A_slice_shows_its_grey_values_in_place()
    {
        var image = new Volume<byte>(new(2, 900, 900));
        image[1, 10, 20] = 77;
        var picture = SlicePicture.Draw(new(image, Voxel, 1));
        Assert.Equal(Rgb.Grey(77), picture.Canvas[picture.Body.X + 20, picture.Body.Y + 10]);
        Assert.Equal(Rgb.Grey(0), picture.Canvas[picture.Body.X + 21, picture.Body.Y + 10]);
    }

    [Fact]
    public void Background_stays_grey_and_segments_take_their_colour()
    {
        var image = new Volume<byte>(new(1, 600, 600));
        Array.Fill(image.Data, (byte)100);
        var labels = new Volume<ulong>(image.Shape);
        for (var y = 0; y < 300; y++) labels.Data.AsSpan(y * 600, 600).Fill(42);
        var picture = LabelPicture.Draw(new(image, Voxel, 0), labels, new() { Opacity = 1 });
        Assert.Equal(LabelColors.Of(42), picture.Canvas[picture.Body.X + 100, picture.Body.Y + 100]);
        Assert.Equal(Rgb.Grey(100), picture.Canvas[picture.Body.X + 100, picture.Body.Y + 400]);
        Assert.Contains("1 segment on 50.0 %", picture.Description);
    }

    [Fact]
    public void Only_synapses_of_neighbouring_sections_are_shown()
    {
        var view = new SliceView(new Volume<byte>(new(3, 600, 600)), Voxel, 1) { Origin = new(10, 0, 0) };
        var picture = SynapsePicture.Draw(view, [At(9), At(10), At(11), At(12), At(13)]);
        Assert.Contains("3 synapses of 5", picture.Description);
        var only = SynapsePicture.Draw(view, [At(9), At(10), At(11), At(12), At(13)], new() { SectionsAway = 0 });
        Assert.Contains("1 synapse of 5", only.Description);
        Assert.Equal(Palette.Post, only.Canvas[only.Body.X + 300, only.Body.Y + 200]);
    }

    [Fact]
    public void The_matrix_has_rows_after_synapses_and_columns_before_them()
    {
        var picture = AdjacencyPicture.Draw(500, [new(400, 100, 1)]);
        var corner = (X: picture.Body.X + ChartAxes.Left, Y: picture.Body.Y + 8);
        var empty = picture.Canvas[corner.X + 10, corner.Y + 10];
        Assert.NotEqual(empty, picture.Canvas[corner.X + 100, corner.Y + 400]);
        Assert.Equal(empty, picture.Canvas[corner.X + 400, corner.Y + 100]);
        var turned = AdjacencyPicture.Draw(500, [new(400, 100, 1)],
            new() { Order = [.. Enumerable.Range(0, 500).Reverse()] });
        Assert.NotEqual(empty, turned.Canvas[corner.X + 399, corner.Y + 99]);
    }

    [Fact]
    public void Broken_promises_are_refused()
    {
        var (view, labels) = Tissue();
        Assert.Throws<ArgumentException>(() => SlicePicture.Draw(view with { Section = 3 }));
        Assert.Throws<ArgumentException>(() => LabelPicture.Draw(view, new Volume<ulong>(new(3, 1, 1))));
        Assert.Throws<ArgumentException>(() => AffinityPicture.Draw(view, new Volume<byte>(labels.Shape, 2)));
        Assert.Throws<ArgumentException>(() => ReslicePicture.Draw(view, labels, new() { Row = 64 }));
        Assert.Throws<ArgumentException>(() => AdjacencyPicture.Draw(2, [new(2, 0, 1)]));
        Assert.Throws<ArgumentException>(() => AdjacencyPicture.Draw(2, [new(1, 0, double.NaN)]));
        Assert.Throws<ArgumentException>(() => AdjacencyPicture.Draw(2, [], new() { Order = [1, 1] }));
        Assert.Throws<ArgumentException>(() => DistributionPicture.Draw([new("", "", "", [-1])]));
        Assert.Throws<ArgumentException>(() => RasterPicture.Draw(new float[5], 2, 3));
    }

    [Fact]
    public void Many_neurons_are_binned_and_no_contact_is_lost()
    {
        var picture = AdjacencyPicture.Draw(200_000, [new(199_999, 0, 3), new(0, 199_999, 4)]);
        Assert.Contains("7 contacts", picture.Description);
        Assert.InRange(picture.Canvas.Width, 500, 900);
    }

    private static (SliceView, Volume<ulong>) Tissue()
    {
        var image = new Volume<byte>(new(3, 64, 80));
        var labels = new Volume<ulong>(image.Shape);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)(i * 2654435761 >> 24);
            labels.Data[i] = (ulong)(i / 13 % 7);
        }
        return (new(image, Voxel, 1) { MaxPixels = 200 }, labels);
    }

    private static Synapse At(int section)
    {
        var z = (section + 0.5f) * 50;
        return new(1, 1, 2, new(z, 800, 1100), new(z, 800, 1000), new(z, 802, 1202), 5, 0.9f, 0);
    }
}
