using Connecto.Volumes.Npy;
using Connecto.Volumes.Precomputed;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes.Tests;

public sealed class VolumeFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_same_labels_open_from_every_format() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var labels = Forall.Labels(random, Forall.Shape(random, 9), 20);
        for (var i = 0; i < labels.Data.Length; i++) labels.Data[i] &= 0xFFFF;
        var (shape, narrow) = (labels.Shape, Array.ConvertAll(labels.Data, id => (ushort)id));
        GreyImage[] Pages<T>(Func<int, GreyImage> page) => [.. Enumerable.Range(0, shape.Z).Select(page)];
        var area = shape.Y * shape.X;

        var volume = PrecomputedVolume<ulong>.Create(own.Path("precomputed"), new() { Shape = shape, VoxelSize = new(40, 4, 4), Kind = PrecomputedKind.Segmentation });
        volume.Write(Box.Of(shape), labels);
        var small = PrecomputedVolume<ushort>.Create(own.Path("small"), new() { Shape = shape, VoxelSize = new(40, 4, 4), Kind = PrecomputedKind.Segmentation });
        small.Write(Box.Of(shape), new Volume<ushort>(shape, 1, narrow));
        NpyFile.Write(own.Path("a.npy"), labels);
        NpyFile.Write<int>(own.Path("b.npy"), [shape.Z, shape.Y, shape.X], Array.ConvertAll(narrow, id => (int)id));
        TiffImage.Write(own.Path("c.tif"), Pages<uint>(z => new GreyImage(Array.ConvertAll(narrow[(z * area)..((z + 1) * area)], id => (uint)id), shape.Y, shape.X)));
        own.Folder("png");
        for (var z = 0; z < shape.Z; z++) PngImage.WriteGrey16(own.Path("png", $"{z}.png"), narrow.AsSpan(z * area, area), shape.Y, shape.X);

        var box = Forall.BoxIn(random, shape);
        foreach (var name in new[] { "precomputed", "small", "a.npy", "b.npy", "c.tif", "png" })
        {
            var opened = VolumeFile.OpenLabels(own.Path(name));
            Assert.Equal(shape, opened.Shape);
            Assert.Equal(labels.Data, opened.Read(Box.Of(shape)).Data);
            Assert.Equal(labels.Crop(box).Data, opened.Read(box).Data);
            Assert.Throws<ArgumentOutOfRangeException>(() => opened.Read(Box.Of(shape + new Index3(1, 0, 0))));
            Assert.Throws<NotSupportedException>(() => opened.Write(box, labels.Crop(box)));
        }
    }, 20);

    [Fact]
    public void Images_of_8_bits_open_as_they_are_and_wider_ones_over_their_whole_range()
    {
        var shape = new Index3(2, 3, 4);
        var wide = Enumerable.Range(0, 24).Select(i => (ushort)(1000 + 10 * i)).ToArray();
        var bytes = wide.Select(sample => (byte)Math.Floor((sample - 1000) * 255 / 230.0 + 0.5)).ToArray();
        folder.Folder("8");
        folder.Folder("16");
        for (var z = 0; z < 2; z++)
        {
            PngImage.WriteGrey8(folder.Path("8", $"{z}.png"), bytes.AsSpan(12 * z, 12), 3, 4);
            PngImage.WriteGrey16(folder.Path("16", $"{z}.png"), wide.AsSpan(12 * z, 12), 3, 4);
        }
        NpyFile.Write<byte>(folder.Path("8.npy"), [2, 3, 4], bytes);
        NpyFile.Write<ushort>(folder.Path("16.npy"), [2, 3, 4], wide);
        PrecomputedVolume<ushort>.Create(folder.Path("p"), new() { Shape = shape, VoxelSize = new(1, 1, 1), Chunk = new(1, 2, 2) })
            .Write(Box.Of(shape), new Volume<ushort>(shape, 1, wide));
        var box = new Box(new(1, 0, 2), new(2, 3, 4));
        foreach (var name in new[] { "8", "16", "8.npy", "16.npy", "p" })
        {
            var image = VolumeFile.OpenImage(folder.Path(name));
            Assert.Equal(bytes, image.Read(Box.Of(shape)).Data);
            Assert.Equal(new Volume<byte>(shape, 1, bytes).Crop(box).Data, image.Read(box).Data);
        }
    }

    [Fact]
    public void The_range_maps_its_ends_to_the_ends_at_every_width()
    {
        Forall.Seed(random =>
        {
            var samples = Enumerable.Range(0, random.Next(1, 6000)).Select(_ => (uint)random.NextInt64(1L << random.Next(1, 33))).ToArray();
            var range = SampleRange.Of<uint>(samples);
            var mapped = new byte[samples.Length];
            range.Map<uint>(samples, mapped);
            for (var i = 0; i < samples.Length; i++)
            {
                var exact = range.Greatest == range.Least ? 0 : (samples[i] - range.Least) * 255m / (range.Greatest - range.Least);
                Assert.Equal((byte)Math.Floor(exact + 0.5m), mapped[i]);
            }
        }, 20);
    }

    [Fact]
    public void The_voxel_size_is_the_caller_s_then_the_file_s_then_a_stand_in()
    {
        NpyFile.Write<byte>(folder.Path("a.npy"), [1, 1, 1], [7]);
        Assert.Null(VolumeFile.FindVoxelSize(folder.Path("a.npy")));
        Assert.Equal(new VoxelSize(1, 1, 1), VolumeFile.OpenImage(folder.Path("a.npy")).VoxelSize);
        new VolumeDescription(new(3, 2, 1)).Write(folder.Root);
        Assert.Equal(new VoxelSize(3, 2, 1), VolumeFile.OpenImage(folder.Path("a.npy")).VoxelSize);
        Assert.Equal(new VoxelSize(9, 9, 9), VolumeFile.OpenImage(folder.Path("a.npy"), new VoxelSize(9, 9, 9)).VoxelSize);
        PrecomputedVolume<byte>.Create(folder.Path("p"), new() { Shape = new(1, 1, 1), VoxelSize = new(5, 6, 7) });
        Assert.Equal(new VoxelSize(5, 6, 7), VolumeFile.FindVoxelSize(folder.Path("p")));
    }

    [Fact]
    public void What_is_no_label_volume_or_image_is_refused_with_the_reason()
    {
        NpyFile.Write<float>(folder.Path("f.npy"), [1, 1, 1], [7]);
        NpyFile.Write<int>(folder.Path("n.npy"), [1, 1, 1], [-7]);
        NpyFile.Write<byte>(folder.Path("c.npy"), [2, 1, 1, 1], [7, 8]);
        Assert.Contains("float32", Assert.Throws<InvalidDataException>(() => VolumeFile.OpenLabels(folder.Path("f.npy"))).Message);
        Assert.Contains("float32", Assert.Throws<InvalidDataException>(() => VolumeFile.OpenImage(folder.Path("f.npy"))).Message);
        Assert.Contains("2 channels", Assert.Throws<InvalidDataException>(() => VolumeFile.OpenLabels(folder.Path("c.npy"))).Message);
        Assert.Contains("label -7", Assert.Throws<InvalidDataException>(() => VolumeFile.OpenLabels(folder.Path("n.npy")).Read(Box.Of(new(1, 1, 1)))).Message);
        Assert.Throws<FileNotFoundException>(() => VolumeFile.OpenLabels(folder.Path("nowhere")));
        Assert.Throws<FileNotFoundException>(() => VolumeFile.OpenImage(folder.Path("nowhere.npy")));
        File.WriteAllText(folder.Path("a.txt"), "");
        Assert.Throws<InvalidDataException>(() => VolumeFile.OpenImage(folder.Path("a.txt")));
    }
}
