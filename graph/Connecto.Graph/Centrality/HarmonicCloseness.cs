namespace Connecto.Graph;

/// <summary>Harmonic closeness (Marchiori and Latora 2000): the sum over all others of 1 / fewest edges, / (neurons - 1). Unlike the
/// mean distance it is defined where not all can be reached. A breadth-first search a neuron, each summed by itself.</summary>
public static class HarmonicCloseness
{
    /// <summary>The closeness of chosen neurons.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="neurons">Indices.</param>
    /// <param name="direction">In for how near the others are to it (as networkx has it), Out for how near it is to them.</param>
    /// <param name="threads">Threads; the result is the same with any number.</param>
    /// <param name="cancellation">Stops between neurons.</param>
    /// <returns>A value a neuron asked for, 0 to 1.</returns>
    /// <remarks>O(chosen neurons * edges).</remarks>
    public static double[] Of(
        Connectome connectome, IReadOnlyList<int> neurons, Direction direction, int threads = 1, CancellationToken cancellation = default)
    {
        var values = new double[neurons.Count];
        Parallel.For(0, values.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Wave(connectome.NeuronCount),
            (i, _, wave) =>
            {
                values[i] = wave.Sum(connectome, neurons[i], direction);
                return wave;
            },
            _ => { });
        return values;
    }

    private sealed class Wave(int neurons)
    {
        private readonly int[] _hops = [.. Enumerable.Repeat(-1, neurons)], _queue = new int[neurons];

        public double Sum(Connectome c, int start, Direction direction)
        {
            var (end, sum) = (1, 0.0);
            (_queue[0], _hops[start]) = (start, 0);
            for (var head = 0; head < end; head++)
            {
                var hops = _hops[_queue[head]];
                if (hops > 0) sum += 1.0 / hops;
                foreach (var next in c.Partners(_queue[head], direction))
                {
                    if (_hops[next] >= 0) continue;
                    _hops[next] = hops + 1;
                    _queue[end++] = next;
                }
            }
            for (var i = 0; i < end; i++) _hops[_queue[i]] = -1;
            return neurons > 1 ? sum / (neurons - 1) : 0;
        }
    }
}
