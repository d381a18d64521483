namespace Connecto.Graph.Tests;

public class SynapseTableTests
{
    [Fact]
    public void Rows_come_back_ascending_by_id_whatever_their_order()
    {
        var rows = Samples.Synapses(new Random(1), 5, 100);
        var shuffled = rows.ToArray();
        new Random(2).Shuffle(shuffled);
        Assert.Equal(rows, SynapseTable.From(shuffled).Rows());
        Assert.Equal(rows, SynapseTable.From(rows).Rows());
    }

    [Fact]
    public void An_id_leads_to_its_row()
    {
        var table = SynapseTable.From([Samples.Synapse(9, 1, 2), Samples.Synapse(4, 2, 1)]);
        Assert.Equal((0, 1, -1), (table.RowOf(4), table.RowOf(9), table.RowOf(5)));
        Assert.Equal(-1, SynapseTable.Empty.RowOf(1));
    }

    [Fact]
    public void Bad_rows_are_refused_by_number()
    {
        var good = Samples.Synapse(1, 1, 2);
        Refused("row 1 has the id 0", good, good with { Id = 0 });
        Refused("row 2 repeats the id of row 0", good, good with { Id = 2 }, good with { Id = 1 });
        Refused("size -1", good with { Size = -1 });
        Refused("score", good with { Score = float.NaN });
        Refused("score", good with { Score = -0.5f });
        Refused("position", good with { Cleft = new Site(0, float.NaN, 0) });
        Refused("position", good with { PostSite = new Site(0, 0, float.PositiveInfinity) });

        static void Refused(string words, params Synapse[] rows) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => SynapseTable.From(rows)).Message);
    }

    [Fact]
    public void Columns_of_different_length_are_refused() =>
        Assert.Throws<ArgumentException>(() => new SynapseTable(new SynapseColumns
        {
            Ids = [1],
            Pre = [1],
            Post = [],
            Clefts = [default],
            PreSites = [default],
            PostSites = [default],
            Sizes = [0],
            Scores = [0],
            Blocks = [0],
        }));
}
