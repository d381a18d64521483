namespace Connecto.Graph;

/// <summary>Communities by the Louvain method (Blondel et al. 2008): every node moves to the neighbouring community that raises
/// modularity most, until none does; communities become nodes, and so on. Nodes take turns in their order and of equals the
/// lowest community wins, so the result is the graph's alone. The order of nodes is by the highest level's community, then by
/// the next, down to the node: a community is one run of numbers at every level. Given up: Leiden's guarantee that communities
/// hang together.</summary>
internal static class Louvain
{
    private const int MostPasses = 20;
    private const double LeastGain = 1e-4;

    public static int[] Order(UndirectedRows graph)
    {
        List<int[]> levels = [];
        for (var level = graph; ;)
        {
            var (community, count) = Renumber(Move(level));
            if (count == level.Count) break;
            levels.Add(community);
            level = Merge(level, community, count);
        }
        int[] order = levels.Count == 0 ? [.. Enumerable.Range(0, graph.Count)] : [.. Enumerable.Range(0, levels[^1].Max() + 1)];
        for (var l = levels.Count - 1; l >= 0; l--)
        {
            var rank = new int[order.Length];
            for (var place = 0; place < order.Length; place++) rank[order[place]] = place;
            var community = levels[l];
            order = [.. Enumerable.Range(0, community.Length).OrderBy(n => rank[community[n]])];
        }
        return order;
    }

    private static int[] Move(UndirectedRows graph)
    {
        var community = Enumerable.Range(0, graph.Count).ToArray();
        var own = new double[graph.Count];
        for (var n = 0; n < own.Length; n++)
            foreach (var weight in graph.WeightsOf(n)) own[n] += weight;
        var (total, all) = ((double[])own.Clone(), own.Sum());
        var (links, touched) = (new double[graph.Count], new List<int>());
        for (var pass = 0; pass < MostPasses && all > 0; pass++)
        {
            var gained = 0.0;
            for (var n = 0; n < graph.Count; n++)
            {
                var partners = graph.PartnersOf(n);
                var weights = graph.WeightsOf(n);
                for (var k = 0; k < partners.Length; k++)
                {
                    if (partners[k] == n) continue;
                    var c = community[partners[k]];
                    if (links[c] == 0) touched.Add(c);
                    links[c] += weights[k];
                }
                var (home, share) = (community[n], own[n] / all);
                total[home] -= own[n];
                double stay = links[home] - total[home] * share, best = stay;
                var chosen = home;
                foreach (var c in touched)
                {
                    var value = links[c] - total[c] * share;
                    if (value > best || (value == best && chosen != home && c < chosen)) (best, chosen) = (value, c);
                }
                foreach (var c in touched) links[c] = 0;
                touched.Clear();
                total[chosen] += own[n];
                community[n] = chosen;
                gained += best - stay;
            }
            if (gained <= LeastGain * all) break;
        }
        return community;
    }

    private static (int[] Community, int Count) Renumber(int[] community)
    {
        var number = new int[community.Length];
        Array.Fill(number, -1);
        var count = 0;
        for (var n = 0; n < community.Length; n++)
        {
            if (number[community[n]] < 0) number[community[n]] = count++;
        }
        return (Array.ConvertAll(community, c => number[c]), count);
    }

    private static UndirectedRows Merge(UndirectedRows graph, int[] community, int count)
    {
        var members = Enumerable.Range(0, graph.Count).GroupBy(n => community[n]).OrderBy(g => g.Key).ToArray();
        var starts = new long[count + 1];
        List<int> partners = [];
        List<double> weights = [];
        var (links, touched) = (new double[count], new List<int>());
        for (var c = 0; c < count; c++)
        {
            foreach (var n in members[c])
            {
                var next = graph.PartnersOf(n);
                var weight = graph.WeightsOf(n);
                for (var k = 0; k < next.Length; k++)
                {
                    var to = community[next[k]];
                    if (links[to] == 0) touched.Add(to);
                    links[to] += weight[k];
                }
            }
            touched.Sort();
            foreach (var to in touched)
            {
                partners.Add(to);
                weights.Add(links[to]);
                links[to] = 0;
            }
            touched.Clear();
            starts[c + 1] = partners.Count;
        }
        return new UndirectedRows(starts, [.. partners], [.. weights]);
    }
}
