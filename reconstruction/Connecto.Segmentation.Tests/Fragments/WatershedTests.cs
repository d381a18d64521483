using Connecto.Volumes;

namespace Connecto.Segmentation;

public class WatershedTests
{
    private static readonly VoxelSize Thin = new(50, 4, 4), Even = new(10, 10, 10);

    [Theory]
    [InlineData(FloodDimensions.Section)]
    [InlineData(FloodDimensions.Volume)]
    public void No_fragment_spans_two_cells_when_affinities_are_exact(FloodDimensions dimensions)
    {
        var size = dimensions == FloodDimensions.Section ? Thin : Even;
        var truth = Toy.Cells(new(6, 60, 70), size, 25, 3);
        var fragments = new Volume<ulong>(truth.Shape);
        var count = Watershed.Flood(Toy.Affinities(truth), size, WatershedOptions.For(size), fragments);
        var score = SegmentationScore.Compute(fragments, truth, new());
        Assert.True(score.ViMerge < 0.02, $"{score}");
        Assert.Equal(count, fragments.Data.Distinct().Count());
    }

    [Fact]
    public void Ids_are_dense_in_the_order_of_first_voxels_and_every_fragment_is_connected()
    {
        foreach (var (size, seed) in new[] { (Thin, 1), (Even, 2) })
        {
            var affinities = Toy.SmoothAffinities(new(5, 40, 50), seed);
            var fragments = new Volume<ulong>(affinities.Shape);
            var count = Watershed.Flood(affinities, size, WatershedOptions.For(size), fragments);
            Assert.Equal(Enumerable.Range(1, count).Select(i => (ulong)i),
                fragments.Data.Where(f => f != 0).Distinct());
            var components = new Volume<ulong>(fragments.Shape);
            Assert.Equal(count, ConnectedComponents.Label(fragments, Connectivity.Faces, components));
            Assert.Equal(fragments.Data, components.Data);
        }
    }

    [Fact]
    public void Threads_and_neighbouring_sections_do_not_change_a_section()
    {
        var affinities = Toy.SmoothAffinities(new(7, 40, 50), 4);
        var options = WatershedOptions.For(Thin);
        var one = new Volume<ulong>(affinities.Shape);
        var many = new Volume<ulong>(affinities.Shape);
        Watershed.Flood(affinities, Thin, options, one);
        Watershed.Flood(affinities, Thin, options, many, threads: 4);
        Assert.Equal(one.Data, many.Data);

        var third = affinities.Crop(new(new(3, 0, 0), new(4, 40, 50)));
        var alone = new Volume<ulong>(third.Shape);
        Watershed.Flood(third, Thin, options, alone);
        Assert.True(Toy.SameCut(one.Slice(3), alone.Data));
    }

    [Fact]
    public void A_long_tube_is_one_fragment_and_a_deep_neck_makes_two()
    {
        var labels = new Volume<ulong>(new(1, 31, 120));
        for (var y = 0; y < 31; y++)
            for (var x = 0; x < 120; x++)
                if (Math.Abs(y - 15) <= 10) labels[0, y, x] = 1;
        var fragments = new Volume<ulong>(labels.Shape);
        Assert.Equal(1, Watershed.Flood(Toy.Affinities(labels), Thin, WatershedOptions.For(Thin), fragments));
        Assert.All(fragments.Data, f => Assert.Equal(1ul, f));

        for (var y = 0; y < 31; y++)
            for (var x = 58; x < 62; x++)
                labels[0, y, x] = Math.Abs(y - 15) <= 2 ? 1ul : 0;
        Assert.Equal(2, Watershed.Flood(Toy.Affinities(labels), Thin, WatershedOptions.For(Thin), fragments));
        Assert.NotEqual(fragments[0, 15, 20], fragments[0, 15, 100]);
    }

    [Fact]
    public void A_blank_section_is_background_and_a_section_without_boundary_one_fragment()
    {
        var affinities = new Volume<byte>(new(2, 9, 9), 3);
        for (var c = 0; c < 3; c++) affinities.Slice(1, c).Fill(255);
        var fragments = new Volume<ulong>(affinities.Shape);
        Assert.Equal(1, Watershed.Flood(affinities, Thin, WatershedOptions.For(Thin), fragments));
        Assert.All(fragments.Slice(0).ToArray(), f => Assert.Equal(0ul, f));
        Assert.All(fragments.Slice(1).ToArray(), f => Assert.Equal(1ul, f));
    }

    [Fact]
    public void Blocks_give_unique_connected_fragments_that_depend_on_block_and_halo_alone()
    {
        var truth = Toy.Cells(new(12, 60, 60), Even, 20, 8);
        var affinities = Toy.Affinities(truth);
        var options = WatershedOptions.For(Even);
        var whole = Box.Of(truth.Shape);
        var result = new Volume<ulong>(truth.Shape);
        var blocks = whole.Tile(new(12, 25, 40)).ToArray();
        for (var b = 0; b < blocks.Length; b++)
        {
            var read = blocks[b].Grow(new(8, 8, 8)).Intersect(whole);
            var fragments = FragmentBlock.Flood(affinities.Crop(read), read, blocks[b], Even, options, b);
            Assert.All(fragments.Data, f => Assert.Equal((ulong)b, f >> 32));
            result.Paste(fragments, Box.Of(fragments.Shape), blocks[b].Begin);
        }
        Assert.True(SegmentationScore.Compute(result, truth, new()).ViMerge < 0.02);
        var components = new Volume<ulong>(result.Shape);
        Assert.Equal(result.Data.Distinct().Count(), ConnectedComponents.Label(result, Connectivity.Faces, components));
    }

    [Fact]
    public void Shapes_channels_and_options_are_checked()
    {
        var affinities = new Volume<byte>(new(2, 3, 4), 3);
        Assert.Throws<ArgumentException>(() => Watershed.Flood(affinities, Thin, new(), new(new(2, 3, 5))));
        Assert.Throws<ArgumentException>(() => Watershed.Flood(new(new(2, 3, 4), 2), Thin, new(), new(new(2, 3, 4))));
        Assert.Throws<ArgumentException>(() => Watershed.Flood(affinities, Thin, new() { InteriorThreshold = 1.5 },
            new(new(2, 3, 4))));
        Assert.Equal(0, Watershed.Flood(new(new(0, 3, 4), 3), Thin, new(), new(new(0, 3, 4))));
    }
}
