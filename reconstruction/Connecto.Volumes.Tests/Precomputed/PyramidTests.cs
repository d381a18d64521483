using System.Text.Json.Nodes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Volumes.Tests.Precomputed;

public sealed class PyramidTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_are_averaged_over_windows_of_the_global_grid() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var shape = Forall.Shape(random, 14) with { X = random.Next(1, 150) };
        var image = new Volume<byte>(shape, 2);
        random.NextBytes(image.Data);
        var options = Options(random, shape) with { Channels = 2 };
        PrecomputedVolume<byte>.Create(own.Root, options).Write(Box.Of(shape), image);
        var scales = Pyramid.Build(own.Root, new() { Threads = random.Next(1, 4) });
        for (var scale = 1; scale < scales; scale++)
            CheckScale(PrecomputedVolume<byte>.Open(own.Root, scale - 1), PrecomputedVolume<byte>.Open(own.Root, scale),
                window => (byte)Math.Floor(window.Average(value => (double)value) + 0.5));
    }, 40);

    [Fact]
    public void Labels_take_the_commonest_id_and_background_wins_no_tie() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var shape = Forall.Shape(random, 14);
        var labels = Forall.Labels(random, shape, 4);
        var options = Options(random, shape) with { Kind = PrecomputedKind.Segmentation, Encoding = PrecomputedEncoding.CompressedSegmentation };
        PrecomputedVolume<ulong>.Create(own.Root, options).Write(Box.Of(shape), labels);
        var scales = Pyramid.Build(own.Root, new() { Threads = random.Next(1, 4) });
        for (var scale = 1; scale < scales; scale++)
            CheckScale(PrecomputedVolume<ulong>.Open(own.Root, scale - 1), PrecomputedVolume<ulong>.Open(own.Root, scale),
                // Groups come in the order of their first value, and OrderBy keeps the order of equals.
                window => window.GroupBy(id => id).OrderByDescending(group => 2 * group.Count() - (group.Key == 0 ? 1 : 0)).First().Key);
    }, 40);

    [Fact]
    public void Whole_numbers_of_64_bits_and_floats_do_not_lose_their_ends()
    {
        Flat(ulong.MaxValue, "a");
        Flat(uint.MaxValue, "b");
        Flat(0.1f, "c");

        void Flat<T>(T value, string name) where T : unmanaged
        {
            var volume = PrecomputedVolume<T>.Create(folder.Path(name), new() { Shape = new(4, 4, 4), VoxelSize = new(1, 1, 1), Chunk = new(2, 2, 2) });
            volume.Write(Box.Of(volume.Shape), new Volume<T>(volume.Shape, 1, [.. Enumerable.Repeat(value, 64)]));
            Assert.Equal(2, Pyramid.Build(folder.Path(name)));
            Assert.All(PrecomputedVolume<T>.Open(folder.Path(name), 1).Read(Box.Of(new(2, 2, 2))).Data, found => Assert.Equal(value, found));
        }
    }

    [Theory]
    [InlineData(50, 4, 4, "8_8_50 16_16_50 32_32_50 64_64_100 128_128_200")]
    [InlineData(10, 10, 10, "20_20_20 40_40_40 80_80_80 160_160_160 320_320_320")]
    [InlineData(4, 30, 4, "8_30_8 16_30_16 32_60_32 64_120_64 128_240_128")]
    public void Thin_axes_are_halved_until_voxels_are_cubes(double z, double y, double x, string keys)
    {
        var finest = new PrecomputedScale
        {
            Key = "",
            Shape = new(20000, 20000, 20000),
            VoxelSize = new(z, y, x),
            Chunk = new(64, 64, 64),
            Offset = default,
            Encoding = PrecomputedEncoding.Raw,
        };
        Assert.Equal(keys.Split(' '), Pyramid.Plan(finest, 5).Select(scale => scale.Key));
    }

    [Fact]
    public void A_pyramid_ends_with_the_scale_that_fits_one_chunk_and_one_section_does_not_stop_it()
    {
        var finest = new PrecomputedScale
        {
            Key = "",
            Shape = new(1, 300, 1000),
            VoxelSize = new(4, 40, 40),
            Chunk = new(64, 64, 64),
            Offset = default,
            Encoding = PrecomputedEncoding.Raw,
        };
        Assert.Equal([new Index3(1, 150, 500), new(1, 75, 250), new(1, 38, 125), new(1, 19, 63)], Pyramid.Plan(finest, 100).Select(scale => scale.Shape));
        Assert.Empty(Pyramid.Plan(finest with { Shape = new(64, 64, 64) }, 100));
    }

    [Fact]
    public void The_same_files_come_out_on_any_number_of_threads()
    {
        var labels = Forall.Labels(new Random(2), new(40, 50, 60), 100);
        foreach (var threads in new[] { 1, 2, 7 })
        {
            var volume = PrecomputedVolume<ulong>.Create(folder.Path($"{threads}"), new()
            {
                Shape = labels.Shape,
                VoxelSize = new(4, 4, 4),
                Chunk = new(16, 16, 16),
                Kind = PrecomputedKind.Segmentation,
                Encoding = PrecomputedEncoding.CompressedSegmentation,
            });
            volume.Write(Box.Of(labels.Shape), labels);
            Assert.Equal(3, Pyramid.Build(folder.Path($"{threads}"), new() { Threads = threads }));
        }
        var files = Directory.GetFiles(folder.Path("1"), "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 20);
        foreach (var file in files)
            foreach (var threads in new[] { "2", "7" })
                Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder.Path(threads, Path.GetRelativePath(folder.Path("1"), file))));
    }

    [Fact]
    public void A_cancelled_pyramid_lists_whole_scales_only_and_unknown_members_stay()
    {
        var volume = PrecomputedVolume<byte>.Create(folder.Root, new() { Shape = new(64, 64, 64), VoxelSize = new(1, 1, 1), Chunk = new(8, 8, 8) });
        volume.Write(Box.Of(volume.Shape), new Volume<byte>(volume.Shape));
        var info = JsonNode.Parse(File.ReadAllText(folder.Path("info")))!;
        info["mesh"] = "mesh";
        info["scales"]![0]!["hidden"] = true;
        File.WriteAllText(folder.Path("info"), info.ToJsonString());

        using var cancel = new CancellationTokenSource();
        var seen = new List<PyramidProgress>();
        var progress = new Inline(report =>
        {
            lock (seen) seen.Add(report);
            if (report.Level == 2) cancel.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Pyramid.Build(folder.Root, new() { Threads = 1 }, progress, cancel.Token));
        Assert.Equal(2, PrecomputedVolume<byte>.Open(folder.Root).Scales);
        Assert.Equal(new PyramidProgress(1, 3, 64, 64), seen[63]);
        info = JsonNode.Parse(File.ReadAllText(folder.Path("info")))!;
        Assert.Equal(("mesh", true), ((string)info["mesh"]!, (bool)info["scales"]![0]!["hidden"]!));
        Assert.Equal(4, Pyramid.Build(folder.Root));
    }

    private static PrecomputedOptions Options(Random random, Index3 shape) => new()
    {
        Shape = shape,
        VoxelSize = new(random.Next(1, 20), random.Next(1, 20), random.Next(1, 20)),
        Chunk = new(random.Next(1, 6), 4, 3),
        VoxelOffset = new(random.Next(-5, 5), random.Next(-5, 5), random.Next(-5, 5)),
    };

    private static void CheckScale<T>(PrecomputedVolume<T> fine, PrecomputedVolume<T> coarse, Func<List<T>, T> reduce) where T : unmanaged
    {
        var (source, target) = (fine.Read(Box.Of(fine.Shape)), coarse.Read(Box.Of(coarse.Shape)));
        int Factor(double a, double b) => (int)Math.Round(b / a);
        var (fz, fy, fx) = (Factor(fine.VoxelSize.Z, coarse.VoxelSize.Z), Factor(fine.VoxelSize.Y, coarse.VoxelSize.Y), Factor(fine.VoxelSize.X, coarse.VoxelSize.X));
        var windows = new Dictionary<(int, Index3), List<T>>();
        for (var c = 0; c < fine.Channels; c++)
            for (var z = 0; z < fine.Shape.Z; z++)
                for (var y = 0; y < fine.Shape.Y; y++)
                    for (var x = 0; x < fine.Shape.X; x++)
                    {
                        var at = new Index3(Floor(z + fine.VoxelOffset.Z, fz), Floor(y + fine.VoxelOffset.Y, fy), Floor(x + fine.VoxelOffset.X, fx)) - coarse.VoxelOffset;
                        if (!windows.TryGetValue((c, at), out var window)) windows[(c, at)] = window = [];
                        window.Add(source[c, z, y, x]);
                    }
        Assert.Equal(target.Data.Length, windows.Count);
        foreach (var ((c, at), window) in windows) Assert.Equal(reduce(window), target[c, at.Z, at.Y, at.X]);
    }

    private static int Floor(int a, int b) => (int)Math.Floor((double)a / b);

    private sealed class Inline(Action<PyramidProgress> report) : IProgress<PyramidProgress>
    {
        public void Report(PyramidProgress value) => report(value);
    }
}
