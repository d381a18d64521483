namespace Connecto.Graph;

/// <summary>Reverse Cuthill-McKee (Cuthill and McKee 1969; George 1971): a breadth-first search that numbers partners by rising
/// degree, read backward, so that partners have near numbers. Every component starts at a neuron far from its others (George
/// and Liu 1979: search again from the last wave's neuron of least degree while that gets deeper). Given up: the exact least
/// bandwidth, which is NP-hard.</summary>
internal static class CuthillMcKee
{
    public static int[] Reversed(UndirectedRows graph)
    {
        var search = new Search(graph);
        foreach (var node in Enumerable.Range(0, graph.Count).OrderBy(graph.Degree).ThenBy(n => n))
            if (!search.Placed[node])
                search.Place(search.Far(node));
        Array.Reverse(search.Order);
        return search.Order;
    }

    private sealed class Search(UndirectedRows graph)
    {
        private readonly int[] _seen = new int[graph.Count];
        private readonly int[] _wave = new int[graph.Count];
        private int _turn, _placed;

        public bool[] Placed { get; } = new bool[graph.Count];

        public int[] Order { get; } = new int[graph.Count];

        /// <summary>A node whose breadth-first search is about as deep as any of its component.</summary>
        public int Far(int node)
        {
            for (var depth = -1; ;)
            {
                var (deeper, last) = Deepest(node);
                if (deeper <= depth) return node;
                (depth, node) = (deeper, last);
            }
        }

        public void Place(int root)
        {
            var begin = _placed;
            Order[_placed++] = root;
            Placed[root] = true;
            for (var at = begin; at < _placed; at++)
            {
                var first = _placed;
                foreach (var next in graph.PartnersOf(Order[at]))
                    if (!Placed[next])
                    {
                        Placed[next] = true;
                        Order[_placed++] = next;
                    }
                Order.AsSpan(first, _placed - first).Sort((a, b) =>
                    graph.Degree(a) != graph.Degree(b) ? graph.Degree(a).CompareTo(graph.Degree(b)) : a.CompareTo(b));
            }
        }

        private (int Depth, int Last) Deepest(int root)
        {
            _turn++;
            _wave[0] = root;
            _seen[root] = _turn;
            int begin = 0, end = 1, depth = 0;
            for (; ; depth++)
            {
                var next = end;
                for (var at = begin; at < end; at++)
                    foreach (var partner in graph.PartnersOf(_wave[at]))
                        if (_seen[partner] != _turn)
                        {
                            _seen[partner] = _turn;
                            _wave[next++] = partner;
                        }
                if (next == end) break;
                (begin, end) = (end, next);
            }
            var least = _wave[begin];
            for (var at = begin; at < end; at++)
                if ((graph.Degree(_wave[at]), _wave[at]).CompareTo((graph.Degree(least), least)) < 0)
                    least = _wave[at];
            return (depth, least);
        }
    }
}
