using Connecto.Segmentation.Sections;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Sections;

public sealed class ContrastNormalizerTests
{
    private static readonly VoxelSize Voxel = new(50, 4, 4);

    [Fact]
    public void A_gain_and_an_offset_hardly_change_the_result()
    {
        var section = Textured(200, 180, seed: 1);
        var dimmed = Array.ConvertAll(section, v => (byte)(40 + v * 3 / 5));
        var (a, b) = (Normalize(section, 200, 180), Normalize(dimmed, 200, 180));
        Assert.True(MeanDifference(a, b) < 3, $"mean difference {MeanDifference(a, b)}");
    }

    [Fact]
    public void Sixteen_bits_give_what_the_same_eight_bits_give()
    {
        var section = Textured(64, 96, seed: 2);
        var wide = Array.ConvertAll(section, v => (ushort)(v * 200 + 1000));
        var result = new byte[section.Length];
        Assert.True(new ContrastNormalizer(Voxel).Normalize(wide, 64, 96, result));
        Assert.True(MeanDifference(Normalize(section, 64, 96), result) < 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(97)]
    [InlineData(255)]
    public void A_constant_section_is_blank(byte value)
    {
        var section = new byte[40 * 30];
        Array.Fill(section, value);
        var result = new byte[section.Length];
        Assert.False(new ContrastNormalizer(Voxel).Normalize(section, 40, 30, result));
        Assert.All(result, v => Assert.Equal(ContrastNormalizer.BlankValue, v));
    }

    [Fact]
    public void Black_padding_does_not_change_the_contrast_of_the_tissue()
    {
        var section = Textured(256, 256, seed: 3);
        var plain = new ContrastOptions { Strength = 0 };
        var tissue = Normalize(section, 256, 256, plain);
        var padded = (byte[])section.Clone();
        Array.Clear(padded, 0, 128 * 256);
        var result = Normalize(padded, 256, 256, plain);
        Assert.True(MeanDifference(tissue[(128 * 256)..], result[(128 * 256)..]) < 3);
    }

    [Fact]
    public void Uneven_illumination_is_evened_out()
    {
        var even = Textured(512, 512, seed: 4);
        var shaded = new byte[even.Length];
        for (var i = 0; i < even.Length; i++) shaded[i] = (byte)Math.Min(255, even[i] / 2 + i % 512 / 5);
        var (tilt, plain) = (Tilt(Normalize(shaded, 512, 512)), Tilt(Normalize(shaded, 512, 512, new() { Strength = 0 })));
        Assert.True(tilt < 0.9 * plain, $"{tilt} against {plain}");

        static double Tilt(byte[] section) => Math.Abs(
            section.Where((_, i) => i % 512 < 128).Average(v => v) - section.Where((_, i) => i % 512 >= 384).Average(v => v));
    }

    [Fact]
    public void Clip_limit_one_leaves_the_stretch_alone()
    {
        var section = Textured(128, 128, seed: 5);
        var equalized = Normalize(section, 128, 128, new() { ClipLimit = 1, Strength = 1 });
        var stretched = Normalize(section, 128, 128, new() { Strength = 0 });
        Assert.True(equalized.Zip(stretched).All(p => Math.Abs(p.First - p.Second) <= 40));
    }

    [Fact]
    public void A_section_may_be_its_own_result()
    {
        var section = Textured(50, 70, seed: 6);
        var expected = Normalize(section, 50, 70);
        new ContrastNormalizer(Voxel).Normalize(section, 50, 70, section);
        Assert.Equal(expected, section);
    }

    [Fact]
    public void An_option_out_of_range_is_named()
    {
        var error = Assert.Throws<InvalidDataException>(() => new ContrastNormalizer(Voxel, new() { ClipLimit = 0.5 }));
        Assert.Contains("ClipLimit", error.Message);
    }

    private static byte[] Normalize(byte[] section, int height, int width, ContrastOptions? options = null)
    {
        var result = new byte[section.Length];
        Assert.True(new ContrastNormalizer(Voxel, options).Normalize(section, height, width, result));
        return result;
    }

    private static byte[] Textured(int height, int width, int seed)
    {
        var random = new Random(seed);
        var section = new byte[height * width];
        for (var i = 0; i < section.Length; i++)
        {
            double y = i / width, x = i % width;
            section[i] = (byte)Math.Clamp(140 + 60 * Math.Sin(y / 9) * Math.Cos(x / 7) + random.Next(-25, 26), 1, 254);
        }
        return section;
    }

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b).Average(p => Math.Abs(p.First - p.Second));
}
