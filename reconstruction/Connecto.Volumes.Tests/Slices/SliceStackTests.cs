using System.Text;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes.Tests.Slices;

public sealed class SliceStackTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Names_are_ordered_as_people_number_them()
    {
        string[] names = ["z1.png", "z2.png", "z010.png", "z10.png", "z10b.png", "z100.png", "z99999999999999999999999.png"];
        Assert.Equal(names, names.Reverse().Order(NaturalOrder.Instance));
        Forall.Seed(random =>
        {
            string Name() => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => "0129ab"[random.Next(6)]));
            var (a, b, c) = (Name(), Name(), Name());
            var order = NaturalOrder.Instance;
            Assert.Equal(Math.Sign(order.Compare(a, b)), -Math.Sign(order.Compare(b, a)));
            Assert.Equal(order.Compare(a, b) == 0, a == b);
            if (order.Compare(a, b) <= 0 && order.Compare(b, c) <= 0) Assert.True(order.Compare(a, c) <= 0);
        }, 1000);
    }

    [Fact]
    public void A_folder_of_slices_is_one_stack_in_natural_order()
    {
        foreach (var z in new[] { 1, 2, 9, 10, 11 }) Png($"s{z}.png", (byte)z);
        File.WriteAllText(folder.Path("notes.txt"), "no slice");
        File.WriteAllText(folder.Path("._s3.png"), "left by a file manager");
        var stack = SliceStack.Open(folder.Root);
        Assert.Equal((new Index3(5, 3, 4), 8), (stack.Shape, stack.BitsPerSample));
        Assert.Equal(["s1.png", "s2.png", "s9.png", "s10.png", "s11.png"], stack.Files.Select(Path.GetFileName));
        var slice = new byte[12];
        stack.ReadSlice(3, slice.AsSpan());
        Assert.Equal(Enumerable.Repeat((byte)10, 12), slice);
        var labels = stack.ReadLabels(1, 2);
        Assert.Equal((new Index3(2, 3, 4), 2ul, 9ul), (labels.Shape, labels[0, 0, 0], labels[1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.ReadLabels(4, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.ReadSlice(5, slice.AsSpan()));
    }

    [Fact]
    public void A_folder_with_pictures_only_in_raw_stands_for_raw()
    {
        Png(Path.Combine("raw", "0.png"), 1);
        Png(Path.Combine("labels", "0.png"), 2);
        Assert.Equal(folder.Path("raw"), SliceStack.Open(folder.Root).Path);
        Png("0.png", 3);
        Assert.Equal(folder.Root, SliceStack.Open(folder.Root).Path);
    }

    [Fact]
    public void A_TIFF_of_many_pages_is_a_stack_and_so_is_a_folder_of_such()
    {
        var pages = Enumerable.Range(0, 3).Select(z => new GreyImage([(ushort)(1000 + z), 0, 0, 65535], 2, 2)).ToArray();
        TiffImage.Write(folder.Path("b.tif"), pages);
        var stack = SliceStack.Open(folder.Path("b.tif"));
        Assert.Equal((new Index3(3, 2, 2), 16), (stack.Shape, stack.BitsPerSample));
        Assert.Equal(1002ul, stack.ReadLabels(2, 1)[0, 0, 0]);
        Assert.Throws<InvalidOperationException>(() => stack.ReadSlice(0, new byte[4].AsSpan()));
        TiffImage.Write(folder.Path("a.TIFF"), pages[..1]);
        Assert.Equal(4, SliceStack.Open(folder.Root).Shape.Z);
    }

    [Fact]
    public void What_cannot_be_a_stack_is_refused_with_the_reason()
    {
        Assert.Throws<FileNotFoundException>(() => SliceStack.Open(folder.Path("nowhere")));
        Refused("it is empty");
        File.WriteAllText(folder.Path("scan.jpg"), "");
        Refused("scan.jpg");
        Png("a.png", 1);
        TiffImage.Write(folder.Path("b.tif"), [new GreyImage(new byte[12], 3, 4)]);
        Refused("1 PNG and 1 TIFF");
        File.Delete(folder.Path("b.tif"));
        Png("b.png", 1, width: 5);
        Refused("b.png (slice 1) is 3 x 5, 8 bit");
        PngImage.WriteGrey16(folder.Path("b.png"), new ushort[12], 3, 4);
        Refused("3 x 4, 16 bit");
        PngImage.WriteRgb8(folder.Path("b.png"), new byte[36], 3, 4);
        Refused("colour");
        File.WriteAllBytes(folder.Path("b.png"), File.ReadAllBytes(folder.Path("a.png"))[..^6]);
        Refused("b.png is cut short");
    }

    [Fact]
    public void The_voxel_size_comes_from_the_sidecar_beside_or_above_and_from_nowhere_else()
    {
        Png(Path.Combine("stack", "raw", "0.png"), 1);
        var raw = folder.Path("stack", "raw");
        Assert.Null(SliceStack.Open(raw).VoxelSize);
        new VolumeDescription(new VoxelSize(50, 4.6, 4)).Write(folder.Path("stack"));
        Assert.Equal(new VoxelSize(50, 4.6, 4), SliceStack.Open(raw).VoxelSize);
        Assert.Equal(new VoxelSize(50, 4.6, 4), SliceStack.Open(folder.Path("stack")).VoxelSize);
        File.WriteAllText(Path.Combine(raw, "volume.json"), """{"voxelSize": [10, 10, 10], "seed": 7}""");
        Assert.Equal(new VoxelSize(10, 10, 10), SliceStack.Open(raw).VoxelSize);
        foreach (var bad in new[] { "", "[]", "{}", """{"voxelSize": [1, 2]}""", """{"voxelSize": [1, 2, 0]}""", """{"voxelSize": [1, 2, "3"]}""", """{"voxelSize": [1, 2, 1e999]}""" })
        {
            File.WriteAllText(Path.Combine(raw, "volume.json"), bad);
            Assert.Contains("volume.json", Assert.Throws<InvalidDataException>(() => SliceStack.Open(raw)).Message);
        }
    }

    [Fact]
    public void A_slice_that_changed_behind_the_stack_is_an_error()
    {
        Png("a.png", 1);
        var stack = SliceStack.Open(folder.Root);
        Png("a.png", 1, width: 9);
        Assert.Contains("a.png", Assert.Throws<InvalidDataException>(() => stack.ReadLabels(0, 1)).Message);
    }

    private void Refused(string reason)
    {
        var message = Assert.Throws<InvalidDataException>(() => SliceStack.Open(folder.Root)).Message;
        Assert.Contains(reason, message);
        Assert.Contains(folder.Root, message);
    }

    private void Png(string name, byte value, int width = 4)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Path(name))!);
        PngImage.WriteGrey8(folder.Path(name), Enumerable.Repeat(value, 3 * width).ToArray(), 3, width);
    }
}
