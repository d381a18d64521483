using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

public class SynapseScoreTests
{
    private static readonly SynapseScoreOptions Options = new();

    [Fact]
    public void The_truth_scores_one()
    {
        var truth = Rows((1, 2, 0), (1, 2, 5000), (2, 3, 900));
        var score = SynapseScore.Compute(truth, Segments(truth), truth, Options);
        Assert.Equal((1.0, 1.0, 1.0, 1.0), (score.Partners.F1, score.Clefts.F1, score.Connections.F1,
            score.Contacts.F1));
    }

    [Fact]
    public void Partners_need_both_sites_near_and_both_segments_right()
    {
        var truth = Rows((1, 2, 0), (1, 3, 3000), (4, 5, 6000));
        var found = Rows((1, 2, 300), (3, 1, 3000), (4, 5, 6500));
        var score = SynapseScore.Compute(found, Segments(found), truth, Options);
        Assert.Equal(new MatchCount(1, 3, 3, 1), score.Partners);
        Assert.Equal(1.0 / 3, score.Partners.F1, 12);
        Assert.Equal(1, score.Clefts.Matched);
        Assert.Equal(new MatchCount(2, 3, 3, 2), score.Connections);
    }

    [Fact]
    public void A_true_synapse_is_matched_once_and_by_the_matching_that_matches_most()
    {
        // Greedy by distance would pair the second found row with the first true one, and leave two alone.
        var truth = Rows((1, 2, 0), (1, 2, 450));
        var found = Rows((1, 2, 200), (1, 2, 600));
        Assert.Equal(2, SynapseScore.Compute(found, Segments(found), truth, Options).Partners.Matched);
        var twice = Rows((1, 2, 0), (1, 2, 10));
        var score = SynapseScore.Compute(twice, Segments(twice), Rows((1, 2, 0)), Options).Partners;
        Assert.Equal((0.5, 1.0), (score.Precision, score.Recall));
    }

    [Fact]
    public void Rows_of_one_cleft_are_one_detection()
    {
        var rows = Rows((1, 2, 0), (1, 3, 0), (1, 4, 1000));
        Assert.Equal(new MatchCount(2, 2, 2, 2), SynapseScore.MatchClefts(rows, rows, 200));
        Assert.Equal(new MatchCount(1, 1, 2, 1), SynapseScore.MatchClefts(Rows((7, 8, 150)), rows, 200));
        Assert.Equal(new MatchCount(1, 2, 1, 1), SynapseScore.MatchClefts(Rows((7, 8, 90), (9, 8, 90)),
            Rows((1, 2, 0), (1, 3, 180)), 200));
    }

    [Fact]
    public void A_segment_that_merges_two_cells_stands_for_the_one_most_of_its_sites_lie_in()
    {
        var truth = Rows((1, 2, 0), (1, 2, 2000), (3, 4, 4000));
        var found = Rows((9, 8, 0), (9, 8, 2000), (9, 7, 4000));
        var score = SynapseScore.Compute(found, Segments(truth), truth, Options);
        Assert.Equal(1, score.Partners.F1);
        Assert.Equal(new MatchCount(1, 2, 2, 1), score.Connections);
        Assert.Equal(new MatchCount(2, 3, 3, 2), score.Contacts);
    }

    [Fact]
    public void Sites_are_looked_up_in_the_true_segments()
    {
        var size = new VoxelSize(40, 4, 4);
        var segments = new Volume<ulong>(new(3, 10, 10));
        for (var i = 0; i < segments.Data.Length; i++) segments.Data[i] = (ulong)i + 1;
        Site[] sites = [new(0, 0, 0), new(41, 9, 39.9f), new(119, 39, 39), new(120, 0, 0), new(-1, 0, 0)];
        Assert.Equal([1, 130, 300, 0, 0], SiteLookup.Read(new MemoryVolume<ulong>(segments, size), size, sites));
    }

    [Fact]
    public void Nothing_found_and_nothing_there_are_no_division_by_zero()
    {
        var score = SynapseScore.Compute([], [], [], Options);
        Assert.Equal(1, score.Partners.F1);
        Assert.Equal(0, SynapseScore.Compute([], [], Rows((1, 2, 0)), Options).Partners.F1);
    }

    private static Synapse[] Rows(params (ulong Pre, ulong Post, float X)[] rows) =>
        [.. rows.Select((r, i) => new Synapse((ulong)i + 1, r.Pre, r.Post, new(0, 0, r.X), new(0, 30, r.X),
            new(0, -30, r.X), 10, 1, 0))];

    private static (ulong, ulong)[] Segments(Synapse[] rows) => [.. rows.Select(r => (r.Pre, r.Post))];
}
