using Connecto.Segmentation.Alignment;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Alignment;

public sealed class SectionAlignerTests
{
    private const int Height = 300, Width = 340;
    private static readonly VoxelSize Voxel = new(50, 4, 4);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(24, -36)]
    [InlineData(-46, 10)]
    public void A_shifted_section_is_found_where_it_lies(int dy, int dx)
    {
        var (texture, cut) = (Texture(7), new byte[Height * Width]);
        Section(texture, (y, x) => (y + 60, x + 60), cut);
        var below = new byte[cut.Length];
        Section(texture, (y, x) => (y - dy + 60, x - dx + 60), below);
        var field = new SectionAligner(Voxel).Match(cut, below, Height, Width);
        if ((dy, dx) == (0, 0)) { Assert.Null(field); return; }
        Assert.NotNull(field);
        var (fy, fx) = field.At(Height / 2, Width / 2);
        Assert.Equal(dy, fy, 2.0);
        Assert.Equal(dx, fx, 2.0);
    }

    [Fact]
    public void A_stretched_section_gets_a_displacement_that_grows_along_it()
    {
        var (texture, cut, below) = (Texture(8), new byte[Height * Width], new byte[Height * Width]);
        Section(texture, (y, x) => (y + 60, x + 60), cut);
        Section(texture, (y, x) => (y + 60, (int)Math.Round(x * 1.08) + 50), below);
        var field = new SectionAligner(Voxel).Match(cut, below, Height, Width);
        Assert.NotNull(field);
        // Pixel x of the section lies where x * 1.08 + 50 was x + 60 before.
        foreach (var x in (int[])[90, 170, 250]) Assert.Equal((x + 10) / 1.08 - x, field.At(Height / 2, x).X, 5.0);
    }

    [Fact]
    public void Sections_with_nothing_in_common_stay_where_they_are()
    {
        var (one, other) = (new byte[Height * Width], new byte[Height * Width]);
        Section(Texture(1), (y, x) => (y, x), one);
        var aligner = new SectionAligner(Voxel);
        Array.Fill(other, (byte)128);
        Assert.Null(aligner.Match(one, other, Height, Width));
        Assert.Null(aligner.Match(other, other, Height, Width));
    }

    [Fact]
    public void Above_undoes_Below()
    {
        var field = new SectionField(200, 300, 2, 3, [3, -4, 5, 9, 7, 8], [-20, 4, 3, 1, 2, 15]);
        for (var y = 0; y < 200; y += 17)
            for (var x = 0; x < 300; x += 23)
            {
                var (dy, dx) = field.At(y, x);
                var (backY, backX) = field.Above(y + dy, x + dx);
                Assert.Equal(y, backY, 0.05);
                Assert.Equal(x, backX, 0.05);
            }
    }

    [Fact]
    public void A_saved_alignment_reads_back_the_same()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".json");
        try
        {
            var stack = new StackAlignment([null, new(20, 30, 1, 2, [1.5f, -2], [0, 3]), null]);
            stack.Save(path);
            var read = StackAlignment.Load(path);
            Assert.Equal((3, 4), (read.Sections, read.Reach));
            Assert.Null(read.Below(2));
            Assert.Equal(stack.Map(2, 0, 10, 12), read.Map(2, 0, 10, 12));
            Assert.Equal(stack.Map(0, 2, 10, 12), read.Map(0, 2, 10, 12));
            File.WriteAllText(path, "{\"format\":\"other\"}");
            Assert.Throws<InvalidDataException>(() => StackAlignment.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_volume_gets_the_same_fields_on_any_number_of_threads()
    {
        var texture = Texture(4);
        var sections = Enumerable.Range(0, 4).Select(z =>
        {
            var section = new byte[Height * Width];
            Section(texture, (y, x) => (y + 40 + 6 * z, x + 50 - 9 * z), section);
            return section;
        }).ToArray();
        var shape = new Index3(4, Height, Width);
        var one = new SectionAligner(Voxel).Align(z => sections[z], shape, threads: 1);
        var three = new SectionAligner(Voxel).Align(z => sections[z], shape, threads: 3);
        for (var z = 1; z < 4; z++)
        {
            Assert.Equal(one.Below(z)!.Y.ToArray(), three.Below(z)!.Y.ToArray());
            Assert.Equal(one.Below(z)!.X.ToArray(), three.Below(z)!.X.ToArray());
        }
    }

    private static void Section(byte[,] texture, Func<int, int, (int Y, int X)> from, byte[] to)
    {
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var (v, u) = from(y, x);
                to[y * Width + x] = texture[Math.Clamp(v, 0, texture.GetLength(0) - 1), Math.Clamp(u, 0, texture.GetLength(1) - 1)];
            }
    }

    // Blobs of some 30 pixels: what cells look like at 4 nm.
    private static byte[,] Texture(int seed)
    {
        var (random, texture) = (new Random(seed), new byte[Height + 140, Width + 140]);
        var centres = Enumerable.Range(0, 260).Select(_ => (Y: random.Next(Height + 140), X: random.Next(Width + 140))).ToArray();
        for (var y = 0; y < Height + 140; y++)
            for (var x = 0; x < Width + 140; x++)
            {
                var (first, second) = (double.MaxValue, double.MaxValue);
                foreach (var (cy, cx) in centres)
                {
                    var d = Math.Sqrt((y - cy) * (y - cy) + (x - cx) * (x - cx));
                    if (d < first) (first, second) = (d, first);
                    else if (d < second) second = d;
                }
                texture[y, x] = (byte)(second - first < 4 ? 60 : 190);
            }
        return texture;
    }
}
