namespace Connecto.Graph;

/// <summary>Strong components by Tarjan's algorithm (SIAM J. Comput. 1972), with an explicit stack: a whole brain's
/// search is deeper than a thread's. A component's number is smaller than those of all that lead into it.</summary>
internal static class StrongComponents
{
    /// <param name="connectome">The graph.</param>
    /// <param name="closed">Neurons whose incoming edges are left out.</param>
    /// <returns>Each neuron's component, and the neurons ascending by component.</returns>
    public static (int[] Component, int[] Order) Find(Connectome connectome, bool[] closed)
    {
        var search = new Search(connectome, closed);
        for (var n = 0; n < connectome.NeuronCount; n++) search.Start(n);
        return (search.Component, search.Order);
    }

    private sealed class Search(Connectome graph, bool[] closed)
    {
        private readonly int[] _number = new int[graph.NeuronCount];
        private readonly int[] _low = new int[graph.NeuronCount];
        private readonly int[] _nextPartner = new int[graph.NeuronCount];
        private readonly Stack<int> _path = new();
        private readonly Stack<int> _open = new();
        private int _visited, _components, _ordered;

        /// <summary>-1 while open.</summary>
        public int[] Component { get; } = [.. Enumerable.Repeat(-1, graph.NeuronCount)];

        public int[] Order { get; } = new int[graph.NeuronCount];

        public void Start(int root)
        {
            if (_number[root] != 0) return;
            Enter(root);
            while (_path.TryPeek(out var at))
            {
                var partners = graph.Partners(at, Direction.Out);
                if (_nextPartner[at] == partners.Length)
                {
                    Leave(at);
                    continue;
                }
                var next = partners[_nextPartner[at]++];
                if (closed[next]) continue;
                if (_number[next] == 0) Enter(next);
                else if (Component[next] < 0) _low[at] = Math.Min(_low[at], _number[next]);
            }
        }

        private void Enter(int neuron)
        {
            _number[neuron] = _low[neuron] = ++_visited;
            _path.Push(neuron);
            _open.Push(neuron);
        }

        private void Leave(int neuron)
        {
            _path.Pop();
            if (_path.TryPeek(out var parent)) _low[parent] = Math.Min(_low[parent], _low[neuron]);
            if (_low[neuron] != _number[neuron]) return;
            int member;
            do
            {
                member = _open.Pop();
                Component[member] = _components;
                Order[_ordered++] = member;
            }
            while (member != neuron);
            _components++;
        }
    }
}
