namespace Connecto.Graph;

/// <summary>Shortest, strongest and widest ways from one set of neurons to another.</summary>
/// <remarks>Making one costs a pass over all edges (each neuron's received contacts, 8 bytes a neuron); it answers any number
/// of questions and is safe from several threads. A neuron in both sets is a way without edges. Which of equally good ways
/// is given depends on the graph alone, not on threads or runs.</remarks>
public sealed class PathFinder
{
    private readonly Connectome _connectome;
    private readonly long[] _received;

    /// <summary>Prepares a connectome.</summary>
    public PathFinder(Connectome connectome)
    {
        _connectome = connectome;
        _received = new long[connectome.NeuronCount];
        ReadOnlySpan<int> post = connectome.Post, contacts = connectome.ContactCounts;
        for (var edge = 0; edge < post.Length; edge++) _received[post[edge]] += contacts[edge];
    }

    /// <summary>A way of the fewest edges; null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A set is empty or names no neuron of the graph.</exception>
    /// <remarks>Breadth-first search, O(neurons + edges).</remarks>
    public NeuronPath? Shortest(IEnumerable<int> from, IEnumerable<int> to) => Shortest(Set(from), Set(to), leastContacts: 1);

    /// <summary>The way whose product of input fractions is largest; null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A set is empty or names no neuron of the graph.</exception>
    /// <remarks>The length of an edge is -log(contacts / contacts that its postsynaptic neuron receives), and the shortest way
    /// is searched from both ends at once (Dijkstra 1959, Pohl 1971), so that of a brain some thousand neurons are looked at.</remarks>
    public NeuronPath? Strongest(IEnumerable<int> from, IEnumerable<int> to) =>
        new StrongestSearch(_connectome, _received).Find(Set(from), Set(to)) is { } edges ? Path(edges.Start, edges.Edges) : null;

    /// <summary>The way whose weakest edge has the most contacts, and of these one of the fewest edges; null where there is
    /// none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A set is empty or names no neuron of the graph.</exception>
    /// <remarks>Dijkstra's search for the width (by falling width instead of rising length), then a breadth-first search over
    /// the edges that are wide enough.</remarks>
    public NeuronPath? Widest(IEnumerable<int> from, IEnumerable<int> to)
    {
        bool[] start = Set(from), goal = Set(to);
        var width = Width(start, goal);
        return width == 0 ? null : Shortest(start, goal, width);
    }

    private NeuronPath? Shortest(bool[] start, bool[] goal, int leastContacts)
    {
        var c = _connectome;
        var cameBy = new int[c.NeuronCount];
        Array.Fill(cameBy, -2);
        var queue = new Queue<int>();
        for (var n = 0; n < start.Length; n++)
            if (start[n])
            {
                cameBy[n] = -1;
                queue.Enqueue(n);
            }
        var contacts = c.ContactCounts;
        while (queue.TryDequeue(out var at))
        {
            if (goal[at]) return Back(cameBy, at);
            var partners = c.Partners(at, Direction.Out);
            for (var k = 0; k < partners.Length; k++)
            {
                if (cameBy[partners[k]] != -2) continue;
                var edge = c.EdgeTo(at, Direction.Out, k);
                if (contacts[edge] < leastContacts) continue;
                cameBy[partners[k]] = edge;
                queue.Enqueue(partners[k]);
            }
        }
        return null;
    }

    private int Width(bool[] start, bool[] goal)
    {
        var c = _connectome;
        var contacts = c.ContactCounts;
        var best = new int[c.NeuronCount];
        var queue = new PriorityQueue<int, int>();
        for (var n = 0; n < start.Length; n++)
            if (start[n])
            {
                best[n] = int.MaxValue;
                queue.Enqueue(n, -int.MaxValue);
            }
        while (queue.TryDequeue(out var at, out var minus))
        {
            if (-minus < best[at]) continue;
            if (goal[at]) return best[at];
            var partners = c.Partners(at, Direction.Out);
            var first = partners.Length == 0 ? 0 : c.EdgeTo(at, Direction.Out, 0);
            for (var k = 0; k < partners.Length; k++)
            {
                // The edges out of a neuron are consecutive.
                var width = Math.Min(best[at], contacts[first + k]);
                if (width <= best[partners[k]]) continue;
                best[partners[k]] = width;
                queue.Enqueue(partners[k], -width);
            }
        }
        return 0;
    }

    private NeuronPath Back(int[] cameBy, int end)
    {
        var edges = new List<int>();
        var at = end;
        for (; cameBy[at] >= 0; at = _connectome.Pre[cameBy[at]]) edges.Add(cameBy[at]);
        edges.Reverse();
        return Path(at, edges);
    }

    private NeuronPath Path(int start, List<int> edges)
    {
        var c = _connectome;
        double[] fractions = [.. edges.Select(e => c.ContactCounts[e] / (double)_received[c.Post[e]])];
        return new NeuronPath
        {
            Neurons = [start, .. edges.Select(e => c.Post[e])],
            Edges = edges,
            Fractions = fractions,
            Strength = fractions.Aggregate(1.0, (product, f) => product * f),
            LeastContacts = edges.Select(e => c.ContactCounts[e]).DefaultIfEmpty().Min(),
        };
    }

    private bool[] Set(IEnumerable<int> neurons)
    {
        var set = new bool[_connectome.NeuronCount];
        var any = false;
        foreach (var neuron in neurons)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)neuron, (uint)set.Length, nameof(neurons));
            any = set[neuron] = true;
        }
        return any ? set : throw new ArgumentOutOfRangeException(nameof(neurons), "A way needs a neuron to start from and one to reach.");
    }
}
