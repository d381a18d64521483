using Connecto.Graph;

namespace Connecto.Synapses;

/// <summary>Matches two sets one to one, within a distance, at the least sum of distances.</summary>
/// <remarks>An unmatched pair costs twice the distance, as in the CREMI challenge's measure; so a match always pays.
/// The graph of pairs that may match falls into small connected pieces, and each is an assignment of its own: the same
/// result as one large matrix, without the matrix.</remarks>
internal static class SiteMatching
{
    /// <summary>Matches points.</summary>
    public static long Count(Site[] a, Site[] b, double distance)
    {
        var grid = Enumerable.Range(0, b.Length).ToLookup(i => Cell(b[i], distance));
        return Match(a.Length, b.Length, distance, Candidates());

        IEnumerable<(int, int, double)> Candidates()
        {
            for (var i = 0; i < a.Length; i++)
            {
                foreach (var j in Near(grid, a[i], distance))
                    if (a[i].DistanceTo(b[j]) is var d && d <= distance)
                        yield return (i, j, d);
            }
        }
    }

    /// <summary>Matches by a cost of every pair; null = the two cannot match.</summary>
    public static long Count(int a, int b, double distance, Func<int, int, double?> cost)
    {
        return Match(a, b, distance, Candidates());

        IEnumerable<(int, int, double)> Candidates()
        {
            for (var i = 0; i < a; i++)
                for (var j = 0; j < b; j++)
                    if (cost(i, j) is { } c)
                        yield return (i, j, c);
        }
    }

    /// <summary>The means of the points that chain up within a distance, in the order of each chain's first
    /// point.</summary>
    public static Site[] Chains(Site[] points, double distance)
    {
        var grid = Enumerable.Range(0, points.Length).ToLookup(i => Cell(points[i], distance));
        var chains = new List<Site>();
        var taken = new bool[points.Length];
        for (var first = 0; first < points.Length; first++)
        {
            if (taken[first]) continue;
            taken[first] = true;
            List<int> chain = [first];
            for (var k = 0; k < chain.Count; k++)
                foreach (var next in Near(grid, points[chain[k]], distance))
                    if (!taken[next] && points[chain[k]].DistanceTo(points[next]) <= distance)
                    {
                        taken[next] = true;
                        chain.Add(next);
                    }
            chain.Sort();
            chains.Add(new(chain.Average(i => points[i].Z), chain.Average(i => points[i].Y),
                chain.Average(i => points[i].X)));
        }
        return [.. chains];
    }

    private static IEnumerable<int> Near(ILookup<(long, long, long), int> grid, Site site, double distance)
    {
        var (z, y, x) = Cell(site, distance);
        for (var k = 0; k < 27; k++)
            foreach (var i in grid[(z + k / 9 - 1, y + k / 3 % 3 - 1, x + k % 3 - 1)])
                yield return i;
    }

    private static (long, long, long) Cell(Site site, double size) =>
        ((long)Math.Floor(site.Z / size), (long)Math.Floor(site.Y / size), (long)Math.Floor(site.X / size));

    private static long Match(int a, int b, double distance, IEnumerable<(int A, int B, double Cost)> candidates)
    {
        var pairs = candidates.ToArray();
        var parents = Enumerable.Range(0, a + b).ToArray();
        foreach (var (i, j, _) in pairs) parents[Root(i)] = Root(a + j);
        return pairs.GroupBy(p => Root(p.A)).Sum(piece => MatchPiece([.. piece], distance));

        int Root(int at)
        {
            while (parents[at] != at) at = parents[at] = parents[parents[at]];
            return at;
        }
    }

    private static long MatchPiece((int A, int B, double Cost)[] pairs, double distance)
    {
        var rows = pairs.Select(p => p.A).Distinct().Order().ToArray();
        var columns = pairs.Select(p => p.B).Distinct().Order().ToArray();
        var flip = rows.Length > columns.Length;
        var cost = flip ? new double[columns.Length, rows.Length] : new double[rows.Length, columns.Length];
        var none = 2 * distance;
        for (var i = 0; i < cost.GetLength(0); i++)
            for (var j = 0; j < cost.GetLength(1); j++)
                cost[i, j] = none;
        foreach (var (a, b, c) in pairs)
        {
            var (i, j) = (Array.BinarySearch(rows, a), Array.BinarySearch(columns, b));
            if (flip) cost[j, i] = c;
            else cost[i, j] = c;
        }
        var assigned = Assignment.Least(cost);
        return assigned.Where((column, row) => cost[row, column] < none).LongCount();
    }
}
