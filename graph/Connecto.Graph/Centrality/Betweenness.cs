namespace Connecto.Graph;

/// <summary>Betweenness: on how many shortest ways (fewest edges) between two others a neuron lies, ways of one pair sharing one
/// point. Brandes (2001): a breadth-first search a source counts the ways to each neuron, and on the way back each hands its
/// dependence to those before it. Sources fall in a fixed number of groups that are summed in order, so that adding in
/// floats gives the same bits at any number of threads.</summary>
public static class Betweenness
{
    private const int Groups = 32;

    /// <summary>The betweenness of every neuron, not normalised, ends not counted.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="options">Sources, seed and threads.</param>
    /// <param name="cancellation">Stops between sources.</param>
    /// <remarks>O(sources * edges), 24 bytes a neuron and thread and 256 a neuron in all.</remarks>
    public static double[] Of(Connectome connectome, CentralityOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var n = connectome.NeuronCount;
        var sources = options.Draw(n);
        var sums = new double[Groups][];
        Parallel.For(0, Groups,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
            () => new Search(connectome),
            (group, _, search) =>
            {
                sums[group] = new double[n];
                for (var i = group; i < sources.Length; i += Groups)
                {
                    cancellation.ThrowIfCancellationRequested();
                    search.AddFrom(sources[i], sums[group]);
                }
                return search;
            },
            _ => { });
        var scale = sources.Length == 0 ? 1 : (double)n / sources.Length;
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var group = 0; group < Groups; group++) values[i] += sums[group][i];
            values[i] *= scale;
        }
        return values;
    }

    private sealed class Search(Connectome c)
    {
        private readonly int[] _hops = [.. Enumerable.Repeat(-1, c.NeuronCount)], _queue = new int[c.NeuronCount];
        private readonly double[] _ways = new double[c.NeuronCount], _dependence = new double[c.NeuronCount];

        public void AddFrom(int source, double[] sums)
        {
            var end = 1;
            (_queue[0], _hops[source], _ways[source]) = (source, 0, 1);
            for (var head = 0; head < end; head++)
            {
                var at = _queue[head];
                foreach (var next in c.Partners(at, Direction.Out))
                {
                    if (_hops[next] < 0)
                    {
                        _hops[next] = _hops[at] + 1;
                        _queue[end++] = next;
                    }
                    if (_hops[next] == _hops[at] + 1) _ways[next] += _ways[at];
                }
            }
            for (var head = end - 1; head >= 0; head--)
            {
                var at = _queue[head];
                foreach (var next in c.Partners(at, Direction.Out))
                    if (_hops[next] == _hops[at] + 1)
                        _dependence[at] += _ways[at] / _ways[next] * (1 + _dependence[next]);
                if (at != source) sums[at] += _dependence[at];
            }
            for (var i = 0; i < end; i++) (_hops[_queue[i]], _ways[_queue[i]], _dependence[_queue[i]]) = (-1, 0, 0);
        }
    }
}
