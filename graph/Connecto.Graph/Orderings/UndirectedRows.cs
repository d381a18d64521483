namespace Connecto.Graph;

/// <summary>A graph without directions: row n holds the partners of n, ascending, with the contacts both ways. A partner of
/// n itself is a loop, which stands once and with twice its weight.</summary>
internal sealed record UndirectedRows(long[] Starts, int[] Partners, double[] Weights)
{
    public int Count => Starts.Length - 1;

    public int Degree(int node) => (int)(Starts[node + 1] - Starts[node]);

    public ReadOnlySpan<int> PartnersOf(int node) => Partners.AsSpan((int)Starts[node], Degree(node));

    public ReadOnlySpan<double> WeightsOf(int node) => Weights.AsSpan((int)Starts[node], Degree(node));

    /// <exception cref="InvalidDataException">More than 2^30 edges; nothing was ordered.</exception>
    public static UndirectedRows Of(Connectome c)
    {
        if (c.EdgeCount > 1 << 30)
            throw new InvalidDataException($"{c.EdgeCount} edges are more than an order can be found for (2^30); nothing was ordered.");
        var starts = new long[c.NeuronCount + 1];
        var partners = new int[2 * c.EdgeCount];
        var weights = new double[partners.Length];
        var at = 0;
        for (var n = 0; n < c.NeuronCount; n++)
        {
            ReadOnlySpan<int> outs = c.Partners(n, Direction.Out), ins = c.Partners(n, Direction.In);
            for (int o = 0, i = 0; o < outs.Length || i < ins.Length; at++)
            {
                var next = Math.Min(o < outs.Length ? outs[o] : int.MaxValue, i < ins.Length ? ins[i] : int.MaxValue);
                partners[at] = next;
                if (o < outs.Length && outs[o] == next) weights[at] += c.ContactCounts[c.EdgeTo(n, Direction.Out, o++)];
                if (i < ins.Length && ins[i] == next) weights[at] += c.ContactCounts[c.EdgeTo(n, Direction.In, i++)];
            }
            starts[n + 1] = at;
        }
        return new UndirectedRows(starts, partners[..at], weights[..at]);
    }
}
