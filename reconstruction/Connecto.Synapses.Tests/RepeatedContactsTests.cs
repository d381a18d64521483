using Connecto.Graph;

namespace Connecto.Synapses;

public class RepeatedContactsTests
{
    [Fact]
    public void Contacts_of_one_pair_that_chain_up_within_the_distance_become_one()
    {
        var rows = new[] { Row(1, 2, 0, 10, 1), Row(1, 2, 90, 30, 0.5f), Row(1, 2, 180, 20, 0.5f), Row(1, 2, 400, 7, 0.25f) };
        var joined = RepeatedContacts.Join(rows, 100);
        Assert.Equal([(60L, 105f), (7L, 400f)], joined.Select(r => (r.Size, r.Cleft.X)));
        Assert.Equal(35 / 60f, joined[0].Score, 1e-6);
        Assert.Equal(rows[1].PreSite, joined[0].PreSite);
        Assert.Equal(4, RepeatedContacts.Join(rows, 0).Count);
    }

    [Fact]
    public void Other_pairs_and_rows_without_a_partner_stay_apart()
    {
        Synapse[] rows = [Row(1, 2, 0, 1, 1), Row(2, 1, 0, 1, 1), Row(1, 3, 0, 1, 1), Row(1, 0, 0, 1, 1), Row(1, 0, 0, 1, 1)];
        Assert.Equal(rows, RepeatedContacts.Join(rows, 1000));
    }

    [Fact]
    public void The_order_of_rows_changes_the_order_of_the_result_alone()
    {
        var random = new Random(4);
        var rows = Enumerable.Range(0, 60).Select(i => Row((ulong)random.Next(1, 4), 9, random.Next(2000), i + 1, 1)).ToArray();
        var expected = RepeatedContacts.Join(rows, 40).Select(r => (r.Pre, r.Size)).Order();
        random.Shuffle(rows);
        Assert.Equal(expected, RepeatedContacts.Join(rows, 40).Select(r => (r.Pre, r.Size)).Order());
    }

    private static Synapse Row(ulong pre, ulong post, float x, long size, float score) =>
        new(0, pre, post, new(0, 0, x), new(0, 1, x), new(0, 2, x), size, score, 0);
}
