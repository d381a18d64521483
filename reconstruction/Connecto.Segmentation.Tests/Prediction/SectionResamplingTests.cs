using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Prediction;

/// <summary>Sections of another thickness than the model's, there and back.</summary>
public sealed class SectionResamplingTests
{
    private static readonly EmModelInfo Isotropic = new() { Name = "toy", VoxelSizeNm = [10, 10, 10], Sections = 3 };

    [Theory]
    [InlineData(10, 0)]
    [InlineData(8.5, 0)]
    [InlineData(11.9, 0)]
    [InlineData(8, 16)]
    [InlineData(5, 10)]
    [InlineData(16, 32)]
    [InlineData(20, 40)]
    public void Only_sections_a_fifth_thinner_or_thicker_are_resampled(double nm, int sections)
    {
        var found = SectionResampling.For(Isotropic, new(20, 8, 8), new(nm, 10, 10));
        Assert.Equal(sections, found?.Sections ?? 0);
    }

    [Fact]
    public void Thick_sections_are_read_as_they_are() =>
        Assert.Null(SectionResampling.For(Isotropic with { VoxelSizeNm = [50, 4, 4] }, new(20, 8, 8), new(25, 4, 4)));

    [Fact]
    public void A_ramp_stays_about_a_ramp_and_a_box_reads_what_the_whole_reads()
    {
        foreach (var nm in new[] { 5.0, 8, 16, 25 })
        {
            var image = new Volume<byte>(new(24, 3, 5));
            for (var z = 0; z < 24; z++) image.Slice(z).Fill((byte)(10 * z));
            var view = SectionResampling.For(Isotropic, image.Shape, new(nm, 10, 10))!.View(new MemoryVolume<byte>(image, new(nm, 10, 10)));
            var whole = view.Read(Box.Of(view.Shape));
            var step = 24.0 / view.Shape.Z;
            // A triangle of a few taps is a tenth of a section off its centre at most.
            for (var z = 2; z < view.Shape.Z - 2; z++) Assert.Equal(10 * ((z + 0.5) * step - 0.5), whole[z, 0, 0], 2.0);
            var part = new Box(new(3, 1, 2), new(view.Shape.Z - 2, 3, 4));
            Assert.Equal(whole.Crop(part).Data, view.Read(part).Data);
        }
    }

    [Fact]
    public void A_membrane_on_a_face_parts_the_two_sections_around_it_at_any_thickness()
    {
        foreach (var nm in new[] { 4.0, 5, 8, 12.5, 16, 20, 27 })
        {
            const int Count = 30;
            var resampling = SectionResampling.For(Isotropic, new(Count, 1, 1), new(nm, 10, 10))!;
            for (var membrane = 2; membrane < resampling.Sections - 1; membrane++)
            {
                var maps = new Volume<byte>(new(resampling.Sections, 1, 1), 5);
                maps.Data.AsSpan().Fill(240);
                maps[0, membrane, 0, 0] = 20;
                var result = Whole(resampling, maps, Count);
                // The face's place, in sections of the image.
                var place = membrane * (double)Count / resampling.Sections;
                var lowest = Enumerable.Range(1, Count - 1).MinBy(z => result[0, z, 0, 0]);
                Assert.True(Math.Abs(lowest - place) <= 0.51, $"{nm} nm: face {membrane} came back at {lowest}, not {place}");
                Assert.True(result[0, lowest, 0, 0] <= (nm > 10 ? 20 : 131), $"{nm} nm: {result[0, lowest, 0, 0]}");
                Assert.Equal(240, result[1, lowest, 0, 0]);
            }
        }
    }

    [Fact]
    public void Between_finer_sections_a_face_of_the_network_keeps_its_affinity_and_others_lie_between()
    {
        var resampling = SectionResampling.For(Isotropic, new(16, 1, 1), new(5, 10, 10))!;
        var maps = new Volume<byte>(new(8, 1, 1), 5);
        for (var z = 0; z < 8; z++) maps[0, z, 0, 0] = (byte)(30 * z);
        var result = Whole(resampling, maps, 16);
        for (var z = 2; z < 14; z++) Assert.Equal(15 * z, result[0, z, 0, 0]);
    }

    [Fact]
    public void Coarser_sections_take_the_least_of_the_faces_between_their_centres()
    {
        var resampling = SectionResampling.For(Isotropic, new(8, 1, 1), new(20, 10, 10))!;
        var maps = new Volume<byte>(new(16, 1, 1), 5);
        new Random(3).NextBytes(maps.Data);
        var result = Whole(resampling, maps, 8);
        // Section z is the network's 2z and 2z + 1, so faces 2z and 2z + 1 lie after the centre of z - 1 and up to that of z.
        for (var z = 1; z < 8; z++) Assert.Equal(Math.Min(maps[0, 2 * z, 0, 0], maps[0, 2 * z + 1, 0, 0]), result[0, z, 0, 0]);
    }

    [Fact]
    public void Blocks_of_sections_are_those_of_the_whole()
    {
        foreach (var nm in new[] { 5.0, 8, 16, 25 })
        {
            var resampling = SectionResampling.For(Isotropic, new(40, 2, 3), new(nm, 10, 10))!;
            var maps = new Volume<byte>(new(resampling.Sections, 2, 3), 5);
            new Random(5).NextBytes(maps.Data);
            var whole = Whole(resampling, maps, 40);
            foreach (var (begin, end) in new[] { (0, 7), (7, 8), (8, 33), (33, 40) })
            {
                var (first, past) = resampling.Needed(begin, end);
                var part = new Volume<byte>(new(end - begin, 2, 3), 5);
                resampling.Back(maps.Crop(new(new(first, 0, 0), new(past, 2, 3))), first, begin, Five, part);
                Assert.Equal(whole.Crop(new(new(begin, 0, 0), new(end, 2, 3))).Data, part.Data);
            }
        }
    }

    private static (EmOutput First, EmOutput Past) Five => (EmOutput.AffinityZ, EmOutput.Presynaptic + 1);

    private static Volume<byte> Whole(SectionResampling resampling, Volume<byte> maps, int sections)
    {
        var result = new Volume<byte>(maps.Shape with { Z = sections }, 5);
        resampling.Back(maps, 0, 0, Five, result);
        return result;
    }
}
