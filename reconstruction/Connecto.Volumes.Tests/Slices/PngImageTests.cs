using System.Buffers.Binary;
using System.IO.Compression;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes.Tests.Slices;

public sealed class PngImageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Every_grey_depth_filter_and_interlacing_is_read_as_the_specification_has_it(int depth) => Forall.Seed(random =>
    {
        var (height, width) = (random.Next(1, 20), random.Next(1, 70));
        var samples = Enumerable.Range(0, height * width).Select(_ => random.Next(1 << depth)).ToArray();
        var (interlaced, fixedFilter) = (random.Next(2) == 1, random.Next(6));
        var file = PngOracle.Write(samples, height, width, depth, interlaced, n => fixedFilter < 5 ? fixedFilter : n % 5, random.Next(1, 300));
        var image = PngImage.Decode(file, "slice.png");
        Assert.Equal(new GreyFormat(height, width, depth == 16 ? 16 : 8), image.Format);
        Assert.Equal(samples, Samples(image));
    });

    [Fact]
    public void What_is_written_is_read_again() => Forall.Seed(random =>
    {
        var (height, width) = (random.Next(1, 40), random.Next(1, 200));
        var level = (CompressionLevel)random.Next(4);
        var bytes = new byte[height * width];
        // Smooth rows, flat rows and noise make the writer choose each of its filters.
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)((i / width % 3) switch { 0 => i, 1 => 7, _ => random.Next(256) });
        var words = bytes.Select(b => (ushort)(b * 257 - random.Next(2))).ToArray();
        Assert.Equal(bytes.Select(b => (int)b), Samples(PngImage.Decode(PngImage.EncodeGrey8(bytes, height, width, level), "a")));
        Assert.Equal(words.Select(w => (int)w), Samples(PngImage.Decode(PngImage.EncodeGrey16(words, height, width, level), "b")));
    });

    [Fact]
    public void Colour_is_written_by_the_specification_and_refused_on_reading()
    {
        byte[] pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90];
        var file = PngImage.EncodeRgb8(pixels, 2, 3);
        Assert.Equal((8, 2), (file[24], file[25]));
        Assert.Equal(pixels, UnfilterRgb(file, 2, 3));
        var error = Assert.Throws<InvalidDataException>(() => PngImage.Decode(file, "stack/0007.png"));
        Assert.Contains("stack/0007.png is a colour (RGB) PNG", error.Message);
    }

    [Theory]
    [InlineData(2, "colour (RGB)")]
    [InlineData(3, "palette")]
    [InlineData(4, "grey + alpha")]
    [InlineData(6, "RGBA")]
    public void Palette_colour_and_alpha_are_refused_by_name(byte colour, string name)
    {
        var file = PngOracle.Write(new int[4], 2, 2, 8, false, _ => 0, colour: colour);
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => PngImage.Decode(file, "a.png")).Message);
    }

    [Fact]
    public void A_file_cut_anywhere_or_with_any_byte_changed_is_one_error_that_names_it()
    {
        var samples = Enumerable.Range(0, 20 * 20).Select(i => i * i % 251).ToArray();
        var file = PngOracle.Write(samples, 20, 20, 8, false, n => n % 5, idat: 60);
        for (var length = 0; length < file.Length; length++)
            Assert.Contains("cut.png", Assert.Throws<InvalidDataException>(() => PngImage.Decode(file[..length], "cut.png")).Message);
        for (var i = 0; i < file.Length; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[i] ^= 0x10;
            Assert.Contains("hit.png", Assert.Throws<InvalidDataException>(() => PngImage.Decode(damaged, "hit.png")).Message);
        }
    }

    [Fact]
    public void A_file_cut_short_is_found_out_by_its_header_check()
    {
        using var folder = new TemporaryFolder();
        var file = PngOracle.Write(new int[900], 30, 30, 8, false, _ => 0, idat: 10);
        foreach (var length in new[] { 0, 5, 20, 33, 40, file.Length / 2, file.Length - 12, file.Length - 1 })
        {
            File.WriteAllBytes(folder.Path("a.png"), file[..length]);
            Assert.Contains("a.png", Assert.Throws<InvalidDataException>(() => PngImage.ReadFormat(folder.Path("a.png"))).Message);
        }
        File.WriteAllBytes(folder.Path("a.png"), file);
        Assert.Equal(new GreyFormat(30, 30, 8), PngImage.ReadFormat(folder.Path("a.png")));
    }

    [Fact]
    public void A_size_that_the_data_cannot_fill_is_refused_before_memory_is_taken()
    {
        var file = PngOracle.Write(new int[1], 1, 1, 8, false, _ => 0);
        // The same file with a header of 30000 x 30000 and a right checksum.
        var header = file.AsSpan(16, 13).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(header, 30000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 30000);
        var bomb = new MemoryStream();
        bomb.Write(file.AsSpan(0, 8));
        PngOracle.Chunk(bomb, "IHDR", header);
        bomb.Write(file.AsSpan(33));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too few", Assert.Throws<InvalidDataException>(() => PngImage.Decode(bomb.ToArray(), "bomb.png")).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Writing_leaves_nothing_but_the_file()
    {
        using var folder = new TemporaryFolder();
        PngImage.WriteGrey8(folder.Path("a.png"), [1, 2, 3, 4, 5, 6], 2, 3);
        PngImage.WriteGrey8(folder.Path("a.png"), [6, 5, 4, 3, 2, 1], 2, 3);
        Assert.Equal([folder.Path("a.png")], Directory.GetFileSystemEntries(folder.Root));
        Assert.Equal([6, 5, 4, 3, 2, 1], Samples(PngImage.Read(folder.Path("a.png"))));
    }

    private static int[] Samples(GreyImage image)
    {
        var samples = new uint[image.Height * image.Width];
        image.CopyTo(samples);
        return [.. samples.Select(sample => (int)sample)];
    }

    /// <summary>The pixels of a colour file with one IDAT chunk, by the specification.</summary>
    private static byte[] UnfilterRgb(byte[] file, int height, int width)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(file, 41, length), CompressionMode.Decompress);
        var pixels = new byte[height * width * 3];
        for (var y = 0; y < height; y++)
        {
            var filter = zlib.ReadByte();
            for (var i = 0; i < width * 3; i++)
            {
                var at = y * width * 3 + i;
                var (left, up) = (i < 3 ? 0 : pixels[at - 3], y == 0 ? 0 : pixels[at - width * 3]);
                pixels[at] = (byte)(zlib.ReadByte() + filter switch { 0 => 0, 1 => left, 2 => up, _ => throw new InvalidDataException() });
            }
        }
        return pixels;
    }
}
