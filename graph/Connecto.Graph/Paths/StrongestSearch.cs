namespace Connecto.Graph;

/// <summary>Dijkstra's search from both ends. Each end settles neurons by rising length, the end with the nearer neuron going
/// first; every edge between two neurons that both ends have reached closes a way. Once the two next lengths add up to no
/// less than the best way, no better one is left. Lengths -log(fraction) are never negative, as fractions are at most 1.</summary>
internal sealed class StrongestSearch(Connectome connectome, long[] received)
{
    private readonly End _forward = new(connectome.NeuronCount), _backward = new(connectome.NeuronCount);
    private double _best = double.PositiveInfinity;
    private int _meeting = -1;

    /// <summary>First neuron and edges of the best way, or null where there is none.</summary>
    public (int Start, List<int> Edges)? Find(bool[] from, bool[] to)
    {
        for (var n = 0; n < from.Length; n++)
        {
            if (from[n]) _forward.Reach(n, 0, -1);
            if (to[n]) _backward.Reach(n, 0, -1);
            if (from[n] && to[n]) (_best, _meeting) = (0, n);
        }
        while (_forward.Next + _backward.Next < _best)
        {
            if (_forward.Next <= _backward.Next) Settle(_forward, _backward, Direction.Out);
            else Settle(_backward, _forward, Direction.In);
        }
        return _meeting < 0 ? null : Join();
    }

    private void Settle(End mine, End other, Direction direction)
    {
        var at = mine.Take();
        if (at < 0) return;
        var length = mine.Length[at];
        var partners = connectome.Partners(at, direction);
        var contacts = connectome.ContactCounts;
        for (var k = 0; k < partners.Length; k++)
        {
            var next = partners[k];
            var edge = connectome.EdgeTo(at, direction, k);
            var post = direction == Direction.Out ? next : at;
            var reached = length + Math.Log(received[post] / (double)contacts[edge]);
            if (reached >= mine.Length[next]) continue;
            mine.Reach(next, reached, edge);
            if (reached + other.Length[next] >= _best) continue;
            (_best, _meeting) = (reached + other.Length[next], next);
        }
    }

    private (int, List<int>) Join()
    {
        var edges = new List<int>();
        var start = _meeting;
        for (; _forward.CameBy[start] >= 0; start = connectome.Pre[_forward.CameBy[start]]) edges.Add(_forward.CameBy[start]);
        edges.Reverse();
        for (var at = _meeting; _backward.CameBy[at] >= 0; at = connectome.Post[_backward.CameBy[at]])
            edges.Add(_backward.CameBy[at]);
        return (start, edges);
    }

    /// <summary>What one end has reached so far.</summary>
    private sealed class End
    {
        private readonly PriorityQueue<int, double> _queue = new();

        public End(int neurons)
        {
            (Length, CameBy) = (new double[neurons], new int[neurons]);
            Array.Fill(Length, double.PositiveInfinity);
        }

        public double[] Length { get; }

        public int[] CameBy { get; }

        /// <summary>A bound from below of what is still to be settled.</summary>
        public double Next => _queue.TryPeek(out _, out var length) ? length : double.PositiveInfinity;

        public void Reach(int neuron, double length, int edge)
        {
            (Length[neuron], CameBy[neuron]) = (length, edge);
            _queue.Enqueue(neuron, length);
        }

        /// <summary>The nearest neuron, or -1 where that entry is out of date.</summary>
        public int Take() => _queue.TryDequeue(out var neuron, out var length) && length <= Length[neuron] ? neuron : -1;
    }
}
