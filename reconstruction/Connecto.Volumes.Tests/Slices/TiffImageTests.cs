using System.IO.Compression;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes.Tests.Slices;

public sealed class TiffImageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.Path("a.tif");

    public void Dispose() => folder.Dispose();

    public static TheoryData<int, int> CompressionsAndBits()
    {
        var data = new TheoryData<int, int>();
        foreach (var compression in new[] { 1, 5, 8, 32946, 32773 })
            foreach (var bits in new[] { 8, 16, 32 })
                data.Add(compression, bits);
        return data;
    }

    [Theory]
    [MemberData(nameof(CompressionsAndBits))]
    public void Every_order_layout_predictor_and_polarity_is_read_as_the_specification_has_it(int compression, int bits)
    {
        var random = new Random(compression + bits);
        foreach (var bigEndian in new[] { false, true })
            foreach (var big in new[] { false, true })
                foreach (var predictor in new[] { 1, 2 })
                    foreach (var photometric in new[] { 0, 1 })
                        foreach (var (rows, tile) in new (int?, (int, int)?)[] { (null, null), (1, null), (5, null), (null, (16, 16)), (null, (16, 48)) })
                        {
                            var (height, width) = (random.Next(1, 40), random.Next(1, 60));
                            var layout = new TiffLayout
                            {
                                BigEndian = bigEndian, Big = big, Compression = compression, Predictor = predictor, Bits = bits,
                                Photometric = photometric, RowsPerStrip = rows, Tile = tile,
                            };
                            uint[][] pages = [Page(random, height, width, bits), Page(random, height, width, bits)];
                            File.WriteAllBytes(Path, TiffOracle.Write(layout, height, width, pages));
                            Assert.Equal(Enumerable.Repeat(new GreyFormat(height, width, bits), 2), TiffImage.ReadFormats(Path));
                            for (var i = 0; i < 2; i++) Assert.Equal(pages[i], Samples(TiffImage.Read(Path, i)));
                        }
    }

    [Fact]
    public void Lzw_data_that_fills_its_table_many_times_is_read()
    {
        var page = Page(new Random(1), 200, 300, 16);
        File.WriteAllBytes(Path, TiffOracle.Write(new TiffLayout { Compression = 5, Bits = 16, BigEndian = true }, 200, 300, page));
        Assert.Equal(page, Samples(TiffImage.Read(Path)));
        var flat = new uint[500 * 500];
        File.WriteAllBytes(Path, TiffOracle.Write(new TiffLayout { Compression = 5 }, 500, 500, flat));
        Assert.Equal(flat, Samples(TiffImage.Read(Path)));
    }

    [Fact]
    public void What_is_written_is_read_again() => Forall.Seed(random =>
    {
        var (height, width, bits) = (random.Next(1, 30), random.Next(1, 30), 8 << random.Next(3));
        var pages = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Page(random, height, width, bits)).ToArray();
        TiffImage.Write(Path, pages.Select(page => bits switch
        {
            8 => new GreyImage(page.Select(sample => (byte)sample).ToArray(), height, width),
            16 => new GreyImage(page.Select(sample => (ushort)sample).ToArray(), height, width),
            _ => new GreyImage(page, height, width),
        }), random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
        Assert.Equal(pages.Length, TiffImage.ReadFormats(Path).Count);
        for (var i = 0; i < pages.Length; i++) Assert.Equal(pages[i], Samples(TiffImage.Read(Path, i)));
    }, 30);

    [Fact]
    public void An_ImageJ_stack_with_one_directory_gives_all_its_images()
    {
        var random = new Random(3);
        uint[][] pages = [Page(random, 7, 9, 16), Page(random, 7, 9, 16), Page(random, 7, 9, 16)];
        // The one directory stands behind a "page" that is three images long; its size is then put right.
        var layout = new TiffLayout { Bits = 16, BigEndian = true, Description = "ImageJ=1.53\nimages=3\nslices=3\n", RowsPerStrip = 21 };
        var file = TiffOracle.Write(layout, 21, 9, [.. pages.SelectMany(page => page)]);
        var height = Find(file, 257, bigEndian: true) + 8;
        file[height + 3] = 7;
        File.WriteAllBytes(Path, file);
        Assert.Equal(3, TiffImage.ReadFormats(Path).Count);
        for (var i = 0; i < 3; i++) Assert.Equal(pages[i], Samples(TiffImage.Read(Path, i)));
    }

    [Theory]
    [InlineData(7, "JPEG (7)")]
    [InlineData(6, "old JPEG (6)")]
    [InlineData(4, "CCITT Group 4 (4)")]
    [InlineData(34712, "JPEG 2000")]
    [InlineData(50000, "Zstandard (50000)")]
    [InlineData(12345, "12345")]
    public void Other_compressions_are_refused_by_name(int compression, string name) => Refused(new TiffLayout { Compression = compression }, name);

    [Fact]
    public void What_is_no_grey_slice_is_refused_by_name()
    {
        Refused(new TiffLayout { Photometric = 2, SamplesPerPixel = 3 }, "colour (RGB)");
        Refused(new TiffLayout { Photometric = 3 }, "palette");
        Refused(new TiffLayout { SamplesPerPixel = 2 }, "2 samples a pixel");
        Refused(new TiffLayout { SampleFormat = 3, Bits = 32 }, "floating-point");
        Refused(new TiffLayout { SampleFormat = 2 }, "signed");
        Refused(new TiffLayout { FillOrder = 2 }, "fill order 2");
        Refused(new TiffLayout { Predictor = 3 }, "predictor 3");
        Refused(new TiffLayout { Bits = 64 }, "64 bits");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(32773)]
    public void A_file_cut_anywhere_is_one_error_that_names_it(int compression)
    {
        var file = TiffOracle.Write(new TiffLayout { Compression = compression, RowsPerStrip = 4 }, 12, 10, Page(new Random(1), 12, 10, 8));
        for (var length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(Path, file[..length]);
            Assert.Contains(Path, Assert.Throws<InvalidDataException>(() => TiffImage.ReadFormats(Path)).Message);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    [InlineData(8, false)]
    [InlineData(32773, true)]
    public void A_damaged_file_is_an_error_that_names_it_or_a_picture_and_nothing_else(int compression, bool big)
    {
        var file = TiffOracle.Write(new TiffLayout { Compression = compression, RowsPerStrip = 4, Big = big }, 12, 10, Page(new Random(1), 12, 10, 8));
        for (var i = 0; i < file.Length; i++)
            foreach (var bit in new[] { 1, 16, 255 })
            {
                var damaged = (byte[])file.Clone();
                damaged[i] ^= (byte)bit;
                File.WriteAllBytes(Path, damaged);
                try
                {
                    TiffImage.Read(Path);
                }
                catch (InvalidDataException error)
                {
                    Assert.Contains(Path, error.Message);
                }
            }
    }

    [Fact]
    public void Directories_in_a_circle_are_refused()
    {
        var file = TiffOracle.Write(new TiffLayout(), 2, 2, new uint[4]);
        file.AsSpan(4, 4).CopyTo(file.AsSpan(file.Length - 4));
        File.WriteAllBytes(Path, file);
        Assert.Contains("circle", Assert.Throws<InvalidDataException>(() => TiffImage.ReadFormats(Path)).Message);
    }

    private void Refused(TiffLayout layout, string name)
    {
        File.WriteAllBytes(Path, TiffOracle.Write(layout, 4, 4, new uint[16]));
        var message = Assert.Throws<InvalidDataException>(() => TiffImage.ReadFormats(Path)).Message;
        Assert.Contains(name, message);
        Assert.Contains(Path, message);
    }

    // Runs and noise, so that every compression has something to do.
    private static uint[] Page(Random random, int height, int width, int bits)
    {
        var (page, value) = (new uint[height * width], 0u);
        for (var i = 0; i < page.Length; i++)
            page[i] = value = random.Next(3) == 0 ? (uint)random.NextInt64(1L << bits) : value;
        return page;
    }

    private static uint[] Samples(GreyImage image)
    {
        var samples = new uint[image.Height * image.Width];
        image.CopyTo(samples);
        return samples;
    }

    private static int Find(byte[] file, int tag, bool bigEndian)
    {
        for (var i = 0; i < file.Length - 12; i++)
            if (bigEndian && file[i] == tag >> 8 && file[i + 1] == (tag & 255) && file[i + 2] == 0 && file[i + 3] == 4)
                return i;
        throw new InvalidDataException("no such tag");
    }
}
