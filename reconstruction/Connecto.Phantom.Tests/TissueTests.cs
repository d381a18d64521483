using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Tests;

public class TissueTests
{
    private static readonly Bounds Window = new(new Point3(0, 0, 0), new Point3(900, 900, 900));
    private static readonly TissueModel Tissue = new(new PhantomOptions { Seed = 7, SynapseDensity = 30 }, Window, Window);

    [Fact]
    public void Every_centre_line_owns_itself()
    {
        // With cells that are star-shaped towards their axis this is what makes every neurite connected.
        foreach (var c in Tissue.Capsules)
            for (var k = 0; k <= 4; k++)
            {
                var at = c.Begin + c.Axis * (k / 4f);
                if (Window.Touches(at, 0)) Assert.Equal(c.Neurite, Tissue.QueryUnwarped(at).Owner);
            }
    }

    [Fact]
    public void No_place_is_out_of_reach_of_a_neurite()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var hash = PlaceRandom.Hash(99, (ulong)i);
            var contest = Tissue.Query(new Point3(PlaceRandom.Unit(hash), PlaceRandom.Unit(hash, 20), PlaceRandom.Unit(hash, 40)) * 900);
            Assert.NotEqual(0, contest.Owner);
            Assert.True(contest.OwnerDistance < Tissue.Grid.Reach - 120, $"distance {contest.OwnerDistance}");
        }
    }

    [Fact]
    public void The_grid_finds_what_a_search_of_all_capsules_finds()
    {
        for (var i = 0; i < 300; i++)
        {
            var hash = PlaceRandom.Hash(5, (ulong)i);
            var at = new Point3(PlaceRandom.Unit(hash), PlaceRandom.Unit(hash, 20), PlaceRandom.Unit(hash, 40)) * 900;
            Assert.Equal(Tissue.Capsules.Min(c => c.Distance(at)), Tissue.QueryUnwarped(at).OwnerDistance, 2f);
        }
    }

    [Fact]
    public void A_path_hangs_on_one_other_path_at_most_and_vertices_belong_to_one_path()
    {
        var level = NeuriteLevel.Of(new PhantomOptions { Seed = 3 })[2];
        var paths = RegionGrowth.Grow(level, new(0, 0, 0), _ => true);
        var vertices = paths.SelectMany(p => p.Vertices).ToList();
        Assert.Equal(vertices.Count, vertices.Distinct().Count());
        Assert.Equal(level.RegionLength * level.RegionLength * level.RegionLength, vertices.Count);
        foreach (var path in paths)
        {
            Assert.False(path.Stem is not null && path.Across is not null);
            foreach (var (a, b) in path.Vertices.Zip(path.Vertices.Skip(1)))
                Assert.Equal(1, Math.Abs(a.Z - b.Z) + Math.Abs(a.Y - b.Y) + Math.Abs(a.X - b.X));
        }
    }

    [Fact]
    public void Sites_have_partners_that_face_them_and_stand_apart()
    {
        Assert.NotEmpty(Tissue.Sites);
        foreach (var site in Tissue.Sites)
        {
            Assert.DoesNotContain(site.Pre, site.Posts);
            Assert.Equal(site.Posts.Length, site.Posts.Distinct().Count());
            Assert.Equal(1, site.Normal.Length, 0.01f);
            Assert.All(Tissue.Sites.Where(s => s != site), s => Assert.True((s.Centre - site.Centre).Length >= 200));
        }
    }

    [Fact]
    public void Random_numbers_are_even_and_normal_enough()
    {
        double mean = 0, square = 0, unit = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var n = PlaceRandom.Normal(PlaceRandom.Hash(1, (ulong)i));
            mean += n;
            square += n * n;
            unit += PlaceRandom.Unit(PlaceRandom.Hash(2, i, 3, -i));
        }
        Assert.InRange(mean / 100_000, -0.02, 0.02);
        Assert.InRange(square / 100_000, 0.98, 1.02);
        Assert.InRange(unit / 100_000, 0.49, 0.51);
    }
}
