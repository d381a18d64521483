using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Volumes.Tests.Precomputed;

public sealed class PrecomputedVolumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Any_box_of_any_volume_reads_as_it_was_written() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var (shape, chunk) = (Forall.Shape(random, 20), Forall.Shape(random, 9));
        var labels = Forall.Labels(random, shape, 30);
        var options = new PrecomputedOptions
        {
            Shape = shape,
            VoxelSize = new(40, 4, 4),
            Chunk = chunk,
            Kind = PrecomputedKind.Segmentation,
            Encoding = (PrecomputedEncoding)random.Next(2),
            VoxelOffset = new(random.Next(-9, 9), random.Next(-9, 9), random.Next(-9, 9)),
        };
        var written = PrecomputedVolume<ulong>.Create(own.Root, options);
        foreach (var slab in Box.Of(shape).Tile(chunk with { X = chunk.X * 2 })) written.Write(slab, labels.Crop(slab));
        var read = PrecomputedVolume<ulong>.Open(own.Root);
        Assert.Equal((shape, chunk, new VoxelSize(40, 4, 4), options.VoxelOffset), (read.Shape, read.Chunk, read.VoxelSize, read.VoxelOffset));
        Assert.Equal(labels.Data, read.Read(Box.Of(shape)).Data);
        var box = Forall.BoxIn(random, shape);
        Assert.Equal(labels.Crop(box).Data, read.Read(box).Data);
    }, 60);

    [Fact]
    public void Plain_chunks_read_as_they_were_written_any_box_and_the_first_channels() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var (shape, chunk, channels) = (Forall.Shape(random, 20), Forall.Shape(random, 9), random.Next(1, 5));
        var voxels = Forall.Labels(random, shape, 30, channels);
        var volume = PrecomputedVolume<ulong>.Create(own.Root, new()
        {
            Shape = shape,
            VoxelSize = new(1, 1, 1),
            Chunk = chunk,
            Channels = channels,
            Packing = PrecomputedPacking.Plain,
        });
        foreach (var slab in Box.Of(shape).Tile(chunk with { X = chunk.X * 2 })) volume.Write(slab, voxels.Crop(slab));
        Assert.Empty(Directory.GetFiles(own.Root, "*.gz", SearchOption.AllDirectories));
        var read = PrecomputedVolume<ulong>.Open(own.Root);
        var box = Forall.BoxIn(random, shape);
        var expected = voxels.Crop(box);
        Assert.Equal(expected.Data, read.Read(box).Data);
        var first = new Volume<ulong>(box.Shape, random.Next(1, channels + 1));
        read.Read(box, first);
        Assert.Equal(expected.Data[..first.Data.Length], first.Data);
    }, 60);

    [Fact]
    public void The_first_channels_of_packed_chunks_read_too()
    {
        var voxels = Forall.Labels(new Random(1), new(9, 9, 9), 30, 3);
        var volume = PrecomputedVolume<ulong>.Create(folder.Path("packed"),
            new() { Shape = voxels.Shape, VoxelSize = new(1, 1, 1), Chunk = new(4, 5, 6), Channels = 3 });
        volume.Write(Box.Of(voxels.Shape), voxels);
        var first = new Volume<ulong>(voxels.Shape, 2);
        volume.Read(Box.Of(voxels.Shape), first);
        Assert.Equal(voxels.Data[..first.Data.Length], first.Data);
        Assert.Throws<ArgumentException>(() => volume.Read(Box.Of(voxels.Shape), new(voxels.Shape, 4)));
    }

    [Fact]
    public void A_plain_chunk_of_another_length_is_told_by_its_name()
    {
        var volume = PrecomputedVolume<byte>.Create(folder.Path("cut"),
            new() { Shape = new(4, 4, 4), VoxelSize = new(1, 1, 1), Packing = PrecomputedPacking.Plain });
        volume.Write(Box.Of(volume.Shape), new(volume.Shape));
        var file = Directory.GetFiles(folder.Path("cut"), "0-4*", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(file, new byte[63]);
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => volume.Read(Box.Of(volume.Shape))).Message);
    }

    [Fact]
    public void Renamed_chunks_are_the_files_that_writing_renamed_voxels_gives() => Forall.Seed(random =>
    {
        using var own = new TemporaryFolder();
        var (shape, chunk) = (Forall.Shape(random, 20), Forall.Shape(random, 20));
        var labels = Forall.Labels(random, shape, 1 << random.Next(10));
        var options = new PrecomputedOptions
        {
            Shape = shape,
            VoxelSize = new(1, 1, 1),
            Chunk = chunk,
            Kind = PrecomputedKind.Segmentation,
            Encoding = PrecomputedEncoding.CompressedSegmentation,
        };
        ulong kinds = (ulong)random.Next(1, 300);
        ulong NameOf(ulong id) => id == 0 ? 0 : id % kinds + 1;
        var source = PrecomputedVolume<ulong>.Create(own.Path("source"), options);
        source.Write(Box.Of(shape), labels);
        var expected = PrecomputedVolume<ulong>.Create(own.Path("expected"), options);
        expected.Write(Box.Of(shape), new(shape, 1, Array.ConvertAll(labels.Data, NameOf)));
        var renamed = PrecomputedVolume<ulong>.Create(own.Path("renamed"), options);
        foreach (var box in Box.Of(shape).Tile(chunk))
            renamed.WriteRenamed(source, box, ids =>
            {
                foreach (ref var id in ids) id = NameOf(id);
            });
        foreach (var file in Directory.GetFiles(own.Path("expected"), "*.gz", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace("expected", "renamed", StringComparison.Ordinal)));
    }, 60);

    [Fact]
    public void Every_voxel_type_and_several_channels_read_as_they_were_written()
    {
        RoundTrip<byte>("uint8", i => (byte)i);
        RoundTrip<ushort>("uint16", i => (ushort)(i * 77));
        RoundTrip<uint>("uint32", i => (uint)i * 70001);
        RoundTrip<ulong>("uint64", i => (ulong)i << 40);
        RoundTrip<float>("float32", i => i / 7f);

        void RoundTrip<T>(string name, Func<int, T> value) where T : unmanaged
        {
            var shape = new Index3(3, 5, 7);
            var voxels = new Volume<T>(shape, 2, [.. Enumerable.Range(0, 210).Select(value)]);
            var volume = PrecomputedVolume<T>.Create(folder.Path(name), new() { Shape = shape, Channels = 2, VoxelSize = new(1, 1, 1), Chunk = new(2, 3, 4) });
            volume.Write(Box.Of(shape), voxels);
            Assert.Equal(voxels.Data, PrecomputedVolume<T>.Open(folder.Path(name)).Read(Box.Of(shape)).Data);
            Assert.Contains($"\"data_type\": \"{name}\"", File.ReadAllText(folder.Path(name, "info")));
        }
    }

    [Fact]
    public void Files_and_info_are_those_of_the_published_specification()
    {
        // Shape z 5, y 6, x 7; chunks z 2, y 4, x 3; the first voxel at z 10, y 20, x 30.
        var voxels = new Volume<ushort>(new(5, 6, 7), 2, [.. Enumerable.Range(0, 420).Select(i => (ushort)(i * 150))]);
        var volume = PrecomputedVolume<ushort>.Create(folder.Root, new()
        {
            Shape = voxels.Shape,
            Channels = 2,
            VoxelSize = new(45, 4.6, 4.5),
            Chunk = new(2, 4, 3),
            VoxelOffset = new(10, 20, 30),
        });
        volume.Write(Box.Of(voxels.Shape), voxels);

        var info = JsonNode.Parse(File.ReadAllText(folder.Path("info")))!;
        var expected = JsonNode.Parse("""
            {"@type": "neuroglancer_multiscale_volume", "type": "image", "data_type": "uint16", "num_channels": 2, "scales": [
              {"key": "4.5_4.6_45", "size": [7, 6, 5], "resolution": [4.5, 4.6, 45], "voxel_offset": [30, 20, 10],
               "chunk_sizes": [[3, 4, 2]], "encoding": "raw"}]}
            """);
        Assert.True(JsonNode.DeepEquals(expected, info), info.ToJsonString());

        var names = new List<string>();
        foreach (var (x0, x1) in new[] { (0, 3), (3, 6), (6, 7) })
            foreach (var (y0, y1) in new[] { (0, 4), (4, 6) })
                foreach (var (z0, z1) in new[] { (0, 2), (2, 4), (4, 5) })
                {
                    names.Add($"{x0 + 30}-{x1 + 30}_{y0 + 20}-{y1 + 20}_{z0 + 10}-{z1 + 10}.gz");
                    var bytes = Gunzip(File.ReadAllBytes(folder.Path("4.5_4.6_45", names[^1])));
                    var at = 0;
                    for (var c = 0; c < 2; c++)
                        for (var z = z0; z < z1; z++)
                            for (var y = y0; y < y1; y++)
                                for (var x = x0; x < x1; x++, at += 2)
                                    Assert.Equal(voxels[c, z, y, x], bytes[at] | bytes[at + 1] << 8);
                    Assert.Equal(bytes.Length, at);
                }
        Assert.Equal(names.Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(folder.Path("4.5_4.6_45")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Labels_are_stored_as_compressed_segmentation_of_the_published_specification()
    {
        var labels = Forall.Labels(new Random(5), new(19, 9, 17), 50);
        var volume = Segmentation(labels, new(16, 16, 16));
        Assert.Contains("compressed_segmentation_block_size", File.ReadAllText(folder.Path("info")));
        var bytes = Gunzip(File.ReadAllBytes(folder.Path("4_4_40", "16-17_0-9_16-19.gz")));
        for (var z = 16; z < 19; z++)
            for (var y = 0; y < 9; y++)
                Assert.Equal(labels[z, y, 16], CompressedSegmentationOracle.ValueAt(bytes, 0, 0, y, z - 16, (1, 9, 3), (8, 8, 8), 8));
        Assert.True(volume.HasChunk(new(18, 8, 16)));
    }

    [Fact]
    public void Plain_chunk_files_are_read_and_so_are_packed_ones_without_the_suffix()
    {
        var labels = Forall.Labels(new Random(5), new(9, 9, 9), 50);
        foreach (var encoding in new[] { PrecomputedEncoding.Raw, PrecomputedEncoding.CompressedSegmentation })
        {
            var volume = Segmentation(labels, new(8, 8, 8), encoding, encoding.ToString());
            foreach (var file in Directory.GetFiles(folder.Path(encoding.ToString(), "4_4_40")))
            {
                var bytes = File.ReadAllBytes(file);
                File.WriteAllBytes(file[..^3], file.Contains("0-8_0-8_0-8") ? bytes : Gunzip(bytes));
                File.Delete(file);
            }
            Assert.Equal(labels.Data, volume.Read(Box.Of(labels.Shape)).Data);
        }
    }

    [Fact]
    public void A_missing_or_damaged_chunk_is_an_error_that_names_its_file()
    {
        var labels = Forall.Labels(new Random(5), new(9, 9, 9), 50);
        foreach (var encoding in new[] { PrecomputedEncoding.Raw, PrecomputedEncoding.CompressedSegmentation })
        {
            var volume = Segmentation(labels, new(8, 8, 8), encoding, encoding.ToString());
            var file = folder.Path(encoding.ToString(), "4_4_40", "0-8_0-8_0-8.gz");
            var whole = File.ReadAllBytes(file);
            for (var length = 0; length < whole.Length; length += 7) Broken(volume, file, whole[..length]);
            Broken(volume, file, Gzip(new byte[8]));
            Broken(volume, file, Gzip(new byte[8 * 8 * 8 * 8 + 1]));
            Broken(volume, file, Gzip(Enumerable.Repeat((byte)255, 100).ToArray()));
            Broken(volume, file, Gzip(new byte[1 << 20]));
            File.Delete(file);
            Assert.Contains("0-8_0-8_0-8", Assert.Throws<InvalidDataException>(() => volume.Read(Box.Of(labels.Shape))).Message);
            Assert.False(volume.HasChunk(default));
        }

        static void Broken(PrecomputedVolume<ulong> volume, string file, byte[] bytes)
        {
            File.WriteAllBytes(file, bytes);
            Assert.Contains(file, Assert.Throws<InvalidDataException>(() => volume.Read(new Box(default, new(1, 1, 1)))).Message);
        }
    }

    [Fact]
    public void Boxes_that_leave_the_volume_or_cut_chunks_are_refused()
    {
        var volume = Segmentation(new Volume<ulong>(new(5, 5, 5)), new(4, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Read(new Box(default, new(6, 5, 5))));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Read(new Box(new(-1, 0, 0), new(5, 5, 5))));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Read(new Box(new(3, 0, 0), new(2, 5, 5))));
        Assert.Empty(volume.Read(new Box(new(5, 5, 5), new(5, 5, 5))).Data);
        Assert.Throws<ArgumentException>(() => volume.Write(new Box(default, new(3, 4, 4)), new Volume<ulong>(new(3, 4, 4))));
        Assert.Throws<ArgumentException>(() => volume.Write(new Box(new(1, 0, 0), new(5, 5, 5)), new Volume<ulong>(new(4, 5, 5))));
        Assert.Throws<ArgumentException>(() => volume.Write(Box.Of(volume.Shape), new Volume<ulong>(new(5, 5, 4))));
        volume.Write(new Box(new(4, 4, 4), new(5, 5, 5)), new Volume<ulong>(new(1, 1, 1)));
    }

    [Fact]
    public void Making_a_volume_again_keeps_it_and_making_another_there_is_refused()
    {
        var labels = Forall.Labels(new Random(5), new(9, 9, 9), 50);
        Segmentation(labels, new(8, 8, 8));
        var options = new PrecomputedOptions
        {
            Shape = labels.Shape,
            VoxelSize = new(40, 4, 4),
            Chunk = new(8, 8, 8),
            Kind = PrecomputedKind.Segmentation,
            Encoding = PrecomputedEncoding.CompressedSegmentation,
        };
        Assert.Equal(labels.Data, PrecomputedVolume<ulong>.Create(folder.Root, options).Read(Box.Of(labels.Shape)).Data);
        var before = File.ReadAllText(folder.Path("info"));
        Assert.Throws<InvalidDataException>(() => PrecomputedVolume<uint>.Create(folder.Root, options));
        Assert.Throws<InvalidDataException>(() => PrecomputedVolume<ulong>.Create(folder.Root, options with { Shape = new(9, 9, 10) }));
        Assert.Throws<ArgumentException>(() => PrecomputedVolume<byte>.Create(folder.Path("b"), options));
        Assert.Throws<ArgumentException>(() => PrecomputedVolume<ulong>.Create(folder.Path("b"), options with { Channels = 2 }));
        Assert.Equal(before, File.ReadAllText(folder.Path("info")));
        Assert.False(Directory.Exists(folder.Path("b")));
    }

    [Fact]
    public void What_is_no_volume_that_can_be_read_is_refused_with_the_reason()
    {
        Assert.Throws<DirectoryNotFoundException>(() => PrecomputedVolume<ulong>.Open(folder.Path("nowhere")));
        Assert.Throws<FileNotFoundException>(() => PrecomputedVolume<ulong>.Open(folder.Root));
        Segmentation(new Volume<ulong>(new(5, 5, 5)), new(4, 4, 4));
        Assert.Contains("uint64", Assert.Throws<InvalidDataException>(() => PrecomputedVolume<byte>.Open(folder.Root)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrecomputedVolume<ulong>.Open(folder.Root, 1));
        var good = File.ReadAllText(folder.Path("info"));
        foreach (var (from, to) in new[]
        {
            ("\"compressed_segmentation\"", "\"compresso\""), ("segmentation\"", "movie\""), ("neuroglancer_multiscale_volume", "neuroglancer_skeletons"),
            ("\"key\"", "\"sharding\": {}, \"key\""), ("\"scales\"", "\"scale\""), ("\"size\"", "\"sizes\""), ("{", "["), ("uint64", "uint8"),
        })
        {
            File.WriteAllText(folder.Path("info"), good.Replace(from, to));
            Assert.Contains("info", Assert.Throws<InvalidDataException>(() => PrecomputedVolume<ulong>.Open(folder.Root)).Message);
        }
        for (var length = 0; length < good.Length - 1; length += 11)
        {
            File.WriteAllText(folder.Path("info"), good[..length]);
            Assert.Throws<InvalidDataException>(() => PrecomputedVolume<ulong>.Open(folder.Root));
        }
    }

    private PrecomputedVolume<ulong> Segmentation(Volume<ulong> labels, Index3 chunk,
        PrecomputedEncoding encoding = PrecomputedEncoding.CompressedSegmentation, string name = "")
    {
        var volume = PrecomputedVolume<ulong>.Create(folder.Path(name), new()
        {
            Shape = labels.Shape,
            VoxelSize = new(40, 4, 4),
            Chunk = chunk,
            Kind = PrecomputedKind.Segmentation,
            Encoding = encoding,
        });
        volume.Write(Box.Of(labels.Shape), labels);
        return volume;
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
