using Connecto.Graph;

namespace Connecto.Synapses;

/// <summary>Joins contacts of one pair that are one synapse seen twice: a cleft that a thin or damaged section cut in
/// two.</summary>
/// <remarks>Rows of the same pre and post from different clefts whose centres chain up within a distance become one. Its
/// size is their sum, its place and score their means weighed by size, its sites and block those of the largest (the first of
/// equals). So it depends on the rows alone, not on blocks. O(n log n) but for pairs with many contacts close by.</remarks>
internal static class RepeatedContacts
{
    /// <summary>Rows in the order given, each joined one at the place of its first.</summary>
    /// <param name="rows">Rows with a pre and a post; rows without one are left as they are.</param>
    /// <param name="distanceNm">Centres this close are one synapse; 0 joins nothing.</param>
    public static List<Synapse> Join(IReadOnlyList<Synapse> rows, double distanceNm)
    {
        var first = Enumerable.Range(0, rows.Count).ToArray();
        if (distanceNm > 0)
            foreach (var pair in Enumerable.Range(0, rows.Count).Where(i => rows[i].Pre != 0 && rows[i].Post != 0)
                .GroupBy(i => (rows[i].Pre, rows[i].Post)).Select(g => g.ToArray()))
                for (var a = 0; a < pair.Length; a++)
                    for (var b = a + 1; b < pair.Length; b++)
                        if (rows[pair[a]].Cleft.DistanceTo(rows[pair[b]].Cleft) <= distanceNm)
                        {
                            var (low, high) = (Math.Min(first[pair[a]], first[pair[b]]), Math.Max(first[pair[a]], first[pair[b]]));
                            foreach (var i in pair)
                                if (first[i] == high) first[i] = low;
                        }
        return [.. Enumerable.Range(0, rows.Count).GroupBy(i => first[i]).OrderBy(g => g.Key).Select(g => One([.. g.Select(i => rows[i])]))];
    }

    private static Synapse One(Synapse[] rows)
    {
        if (rows.Length == 1) return rows[0];
        var size = rows.Sum(r => r.Size);
        double Mean(Func<Synapse, double> value) => rows.Sum(r => value(r) * r.Size) / size;
        return rows.MaxBy(r => r.Size) with
        {
            Size = size,
            Score = (float)Mean(r => r.Score),
            Cleft = new((float)Mean(r => r.Cleft.Z), (float)Mean(r => r.Cleft.Y), (float)Mean(r => r.Cleft.X)),
        };
    }
}
