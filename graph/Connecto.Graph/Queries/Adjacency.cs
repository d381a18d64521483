namespace Connecto.Graph;

/// <summary>The edges that lead from one set of neurons to another.</summary>
public static class Adjacency
{
    /// <summary>All edges from a set to a set.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="from">Presynaptic neurons, by index.</param>
    /// <param name="to">Postsynaptic neurons, by index; may overlap with the first.</param>
    /// <returns>Edges, ascending by (pre, post), by their number in the connectome.</returns>
    /// <remarks>O(edges out of the first set), or where the second is small, a binary search a pair.</remarks>
    public static int[] Between(Connectome connectome, IEnumerable<int> from, IEnumerable<int> to)
    {
        int[] pres = [.. from.Distinct().Order()], posts = [.. to.Distinct().Order()];
        var isPost = new bool[connectome.NeuronCount];
        foreach (var post in posts) isPost[post] = true;
        var found = new List<int>();
        foreach (var pre in pres)
        {
            var partners = connectome.Partners(pre, Direction.Out);
            if (posts.Length * 16L < partners.Length)
            {
                foreach (var post in posts)
                    if (connectome.FindEdge(pre, post) is >= 0 and var edge)
                        found.Add(edge);
                continue;
            }
            for (var k = 0; k < partners.Length; k++)
                if (isPost[partners[k]])
                    found.Add(connectome.EdgeTo(pre, Direction.Out, k));
        }
        return [.. found];
    }
}
