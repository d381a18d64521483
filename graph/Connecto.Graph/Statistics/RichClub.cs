namespace Connecto.Graph;

/// <summary>The neurons with more than some number of partners.</summary>
/// <param name="Degree">The bound k: neurons with more than k partners, in and out added up.</param>
/// <param name="Neurons">How many these are.</param>
/// <param name="Edges">Edges among them.</param>
/// <param name="Density">Edges / (neurons * (neurons - 1)): phi(k).</param>
/// <param name="Null">phi(k) beside that of random graphs of the same degrees; null where none were drawn. Observed / mean
/// above 1 is a rich club.</param>
public readonly record struct RichClubRow(int Degree, int Neurons, long Edges, double Density, AgainstNull? Null);

/// <summary>Whether neurons with many partners are connected among themselves more than their numbers of partners make them
/// (Colizza et al. 2006; for directed graphs as in Towlson et al. 2013). A neuron's synapses on itself count for nothing.</summary>
public static class RichClub
{
    /// <summary>A row for every number of partners that occurs, as long as two neurons have more.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="options">How random graphs are drawn; null for none.</param>
    /// <param name="cancellation">Stops between random graphs.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="TriadSignificance.Of"/>.</exception>
    /// <remarks>O(neurons + edges), and for every random graph its steps and as much again.</remarks>
    public static RichClubRow[] Of(Connectome connectome, NullOptions? options = null, CancellationToken cancellation = default)
    {
        var degrees = Degrees(connectome);
        int[] bounds = [.. degrees.Distinct().Order()];
        var (neurons, edges) = (Above(degrees, bounds), Inside(new ConnectomeRows(connectome), degrees, bounds));
        var samples = options is null ? null
            : DegreeNull.Measure(connectome, options, rows => Inside(rows, degrees, bounds), cancellation);
        return [.. Enumerable.Range(0, bounds.Length).Where(i => neurons[i] >= 2).Select(i =>
        {
            var pairs = neurons[i] * (neurons[i] - 1.0);
            return new RichClubRow(
                bounds[i], neurons[i], edges[i], edges[i] / pairs,
                samples is null ? null : AgainstNull.Of(edges[i] / pairs, [.. samples.Select(s => s[i] / pairs)]));
        })];
    }

    private static int[] Degrees(Connectome c)
    {
        var degrees = new int[c.NeuronCount];
        for (var n = 0; n < degrees.Length; n++)
            degrees[n] = c.Degree(n, Direction.Out) + c.Degree(n, Direction.In) - (c.FindEdge(n, n) >= 0 ? 2 : 0);
        return degrees;
    }

    private static int[] Above(int[] degrees, int[] bounds)
    {
        var sorted = degrees.Order().ToArray();
        var counts = new int[bounds.Length];
        for (int i = 0, at = 0; i < bounds.Length; i++)
        {
            while (at < sorted.Length && sorted[at] <= bounds[i]) at++;
            counts[i] = sorted.Length - at;
        }
        return counts;
    }

    // An edge is inside for every bound below the smaller degree of its ends.
    private static long[] Inside<TRows>(TRows rows, int[] degrees, int[] bounds) where TRows : ITwoWayRows
    {
        var place = new int[bounds.Length == 0 ? 0 : bounds[^1] + 1];
        for (var i = 0; i < bounds.Length; i++) place[bounds[i]] = i;
        var counts = new long[bounds.Length + 1];
        for (var pre = 0; pre < rows.NeuronCount; pre++)
            foreach (var post in rows.Row(pre, Direction.Out))
                if (post != pre)
                    counts[place[Math.Min(degrees[pre], degrees[post])]]++;
        for (var i = bounds.Length - 1; i >= 0; i--) counts[i] += counts[i + 1];
        return counts[1..];
    }
}
