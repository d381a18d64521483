namespace Connecto.Graph;

/// <summary>How deep in the graph's cores each neuron lies.</summary>
/// <remarks>The k-core is what is left when neurons with fewer than k neighbours are taken away until none is left; direction is
/// ignored, a mutual pair is one neighbour, and a neuron is none of its own. Batagelj and Zaversnik (2003): neurons stand in
/// bins by the neighbours they have left; the least is taken, and each of its neighbours moves one bin down by a swap.</remarks>
public static class CoreNumbers
{
    /// <summary>The largest k whose core the neuron belongs to, for every neuron; O(neurons + edges).</summary>
    public static int[] Of(Connectome connectome)
    {
        var dyads = DyadRows.Of(new ConnectomeRows(connectome));
        var n = dyads.NeuronCount;
        var left = new int[n];
        for (var i = 0; i < n; i++) left[i] = dyads.Degree(i);
        var (bins, order) = CountingSort.Order(left, left.DefaultIfEmpty().Max() + 1);
        var place = new int[n];
        for (var i = 0; i < n; i++) place[order[i]] = i;
        for (var i = 0; i < n; i++)
        {
            var taken = order[i];
            foreach (var neighbour in dyads.Neighbours(taken))
            {
                if (left[neighbour] <= left[taken]) continue;
                var bin = left[neighbour]--;
                var (first, at) = (Math.Max(bins[bin], i + 1), place[neighbour]);
                (order[at], order[first]) = (order[first], neighbour);
                (place[order[at]], place[neighbour]) = (at, first);
                bins[bin] = first + 1;
            }
        }
        return left;
    }
}
