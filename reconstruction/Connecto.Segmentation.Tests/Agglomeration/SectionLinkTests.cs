using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>How pieces of neighbouring sections are joined.</summary>
public class SectionLinkTests
{
    private static readonly VoxelSize Thin = new(50, 4, 4);

    private static readonly AgglomerationOptions Plain = new() { PlaneThreshold = 0.9, Threshold = 0.5 };

    [Fact]
    public void Faces_under_a_membrane_do_not_speak_against_a_link_when_the_interior_is_asked()
    {
        // Two sections of one piece each; the links are poor wherever the upper section sees a membrane.
        var (fragments, affinities) = Stack([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]);
        foreach (var x in new[] { 2, 3, 4, 5 }) (affinities[0, 1, 0, x], affinities[2, 1, 0, x]) = (20, 100);
        Assert.Equal([1, 2], Merge(fragments, affinities, Plain with { Threshold = 0.8 }));
        Assert.Equal([1, 1], Merge(fragments, affinities,
            Plain with { Threshold = 0.8, LinkFaces = LinkFaces.Interior }));
    }

    [Fact]
    public void What_the_pass_within_sections_kept_apart_is_not_joined_by_the_same_faces_later()
    {
        var (fragments, affinities) = Stack([1, 1, 1, 2, 2, 2]);
        affinities[2, 0, 0, 3] = 179;
        Assert.Equal([1, 2], Merge(fragments, affinities, Plain));
        Assert.Equal([1, 1], Merge(fragments, affinities, Plain with { PlaneThreshold = 0.7 }));
    }

    [Fact]
    public void A_link_without_interior_faces_is_judged_by_all_its_faces()
    {
        var (fragments, affinities) = Stack([1, 1, 1, 1], [2, 2, 2, 2]);
        affinities.Channel(2).Fill(0);
        affinities[0, 1, 0, 0] = 0;
        foreach (var link in Enum.GetValues<LinkFaces>())
        {
            // The first column has no face to its left, so it is interior; it alone says no.
            var expected = link == LinkFaces.Interior ? new ulong[] { 1, 2 } : [1, 1];
            Assert.Equal(expected, Merge(fragments, affinities, Plain with { LinkFaces = link }));
        }
        foreach (ref var id in fragments.Data.AsSpan(0, 1)) id = 0;
        Assert.Equal([1, 1], Merge(fragments, affinities, Plain with { LinkFaces = LinkFaces.Interior }));
    }

    [Fact]
    public void A_link_gives_way_to_a_better_one_on_the_same_side()
    {
        // 1 lies under 2 (6 voxels) and 3 (2 voxels); all affinities across z are equal.
        var (fragments, affinities) = Stack([1, 1, 1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2, 3, 3]);
        affinities[2, 1, 0, 6] = 0;
        affinities.Slice(1, 0).Fill(230);
        var weights = Plain with { ZWeight = 10 };
        Assert.Equal([1, 1, 1], Merge(fragments, affinities, weights));
        Assert.Equal([1, 1, 2], Merge(fragments, affinities, weights with { Rivalry = 1 }));
    }

    [Fact]
    public void Links_to_the_section_above_and_below_do_not_compete()
    {
        // A neurite that grows thin: 6 voxels of overlap below, 2 above.
        var (fragments, affinities) = Stack([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], [0, 0, 3, 3, 0, 0]);
        Assert.Equal([1, 1, 1], Merge(fragments, affinities, Plain with { Rivalry = 4 }));

        // The same with a lower piece in two, whose names lie to either side of the middle one's.
        (fragments, affinities) = Stack([1, 1, 5, 5, 5, 5, 5], [3, 3, 3, 3, 3, 3, 3], [0, 0, 7, 7, 0, 0, 0]);
        Assert.Equal([1, 1, 1, 1], Merge(fragments, affinities, Plain with { Rivalry = 4 }));
    }

    [Fact]
    public void Rivalry_counts_by_the_ratio_of_strengths()
    {
        // The weaker link has 1/4 of the better one's strength: its score is 230/255 / 4^rivalry.
        var (fragments, affinities) = Stack([1, 1, 1, 1, 1, 0, 1], [2, 2, 2, 2, 0, 0, 3]);
        affinities.Slice(1, 0).Fill(230);
        foreach (var rivalry in new[] { 0.25, 0.5, 1 })
        {
            var score = 230 / 255.0 / Math.Pow(4, rivalry);
            var options = Plain with { Rivalry = rivalry, PlaneThreshold = 0.99 };
            Assert.Equal([1, 1, 1], Merge(fragments, affinities, options with { Threshold = score - 0.002 }));
            Assert.Equal([1, 1, 2], Merge(fragments, affinities, options with { Threshold = score + 0.002 }));
        }
    }

    [Fact]
    public void Names_of_fragments_do_not_matter()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (fragments, affinities) = Sections(seed);
            var options = AgglomerationOptions.For(Thin) with { LeastVolumeNm3 = 0, Threshold = 0.3 };
            var expected = Apply(fragments, affinities, options);
            var ids = fragments.Data.Distinct().Order().ToArray();
            var names = Enumerable.Range(1, ids.Length).Select(i => (ulong)i * 7).ToArray();
            new Random(seed).Shuffle(names);
            var renamed = new Volume<ulong>(fragments.Shape, 1,
                [.. fragments.Data.Select(id => names[Array.BinarySearch(ids, id)])]);
            Assert.True(Toy.SameCut(expected.Data, Apply(renamed, affinities, options).Data), $"seed {seed}");
            Assert.InRange(expected.Data.Distinct().Count(), 2, ids.Length - 1);
        }
    }

    [Fact]
    public void Up_and_down_do_not_matter()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (fragments, affinities) = Sections(seed);
            var options = AgglomerationOptions.For(Thin) with { LeastVolumeNm3 = 0, Threshold = 0.3 };
            var (shape, plane) = (fragments.Shape, fragments.Shape.Y * fragments.Shape.X);
            var turned = new Volume<ulong>(shape);
            var turnedAffinities = new Volume<byte>(shape, 3);
            for (var z = 0; z < shape.Z; z++)
            {
                fragments.Slice(z).CopyTo(turned.Slice(shape.Z - 1 - z));
                for (var axis = 1; axis < 3; axis++)
                    affinities.Slice(z, axis).CopyTo(turnedAffinities.Slice(shape.Z - 1 - z, axis));
                if (z > 0) affinities.Slice(z, 0).CopyTo(turnedAffinities.Slice(shape.Z - z, 0));
            }
            var there = Apply(turned, turnedAffinities, options);
            var back = new Volume<ulong>(shape);
            for (var z = 0; z < shape.Z; z++) there.Slice(z).CopyTo(back.Slice(shape.Z - 1 - z));
            Assert.True(Toy.SameCut(Apply(fragments, affinities, options).Data, back.Data), $"seed {seed}");
        }
    }

    [Fact]
    public void Blocks_and_threads_do_not_matter()
    {
        var (fragments, affinities) = Sections(3);
        var options = AgglomerationOptions.For(Thin);
        var whole = RegionGraphTests.ByBlocks(fragments, affinities, fragments.Shape, 0);
        var expected = Agglomeration.Merge(whole, Thin, options).Segments.ToArray();
        foreach (var block in new[] { new Index3(1, 30, 30), new(2, 7, 11), new(5, 3, 30) })
            Assert.Equal(expected, Agglomeration.Merge(
                RegionGraphTests.ByBlocks(fragments, affinities, block, 1), Thin, options).Segments.ToArray());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var options in new AgglomerationOptions[] { new() { Rivalry = -1 }, new() { Rivalry = double.NaN },
            new() { LinkFaces = (LinkFaces)7 } })
            Assert.Throws<ArgumentException>(options.Validate);
    }

    /// <summary>Sections of one row each, all affinities 255.</summary>
    private static (Volume<ulong> Fragments, Volume<byte> Affinities) Stack(params ulong[][] sections)
    {
        var shape = new Index3(sections.Length, 1, sections[0].Length);
        var fragments = new Volume<ulong>(shape, 1, [.. sections.SelectMany(s => s)]);
        var affinities = new Volume<byte>(fragments.Shape, 3);
        affinities.Data.AsSpan().Fill(255);
        return (fragments, affinities);
    }

    /// <summary>Cells cut into one piece a section, under noisy affinities.</summary>
    private static (Volume<ulong> Fragments, Volume<byte> Affinities) Sections(int seed)
    {
        var cells = Toy.Cells(new(5, 30, 30), Thin, 12, seed);
        var affinities = Toy.Affinities(cells);
        var random = new Random(seed);
        foreach (ref var v in affinities.Data.AsSpan())
            v = (byte)Math.Clamp(v * 0.7 + 40 + random.Next(-40, 41), 0, 255);
        var pieces = new Volume<ulong>(cells.Shape);
        Watershed.Flood(Toy.Affinities(cells), Thin, WatershedOptions.For(Thin), pieces);
        return (pieces, affinities);
    }

    private static ulong[] Merge(Volume<ulong> fragments, Volume<byte> affinities, AgglomerationOptions options) =>
        Agglomeration.Merge(Graph(fragments, affinities), Thin, options).Segments.ToArray();

    private static Volume<ulong> Apply(Volume<ulong> fragments, Volume<byte> affinities, AgglomerationOptions options)
    {
        var result = new Volume<ulong>(fragments.Shape, 1, [.. fragments.Data]);
        Agglomeration.Merge(Graph(fragments, affinities), Thin, options).Apply(result);
        return result;
    }

    private static RegionGraph Graph(Volume<ulong> fragments, Volume<byte> affinities)
    {
        var builder = new RegionGraphBuilder();
        builder.Add(fragments, affinities);
        return builder.Build();
    }
}
