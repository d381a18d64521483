namespace Connecto.Graph;

/// <summary>A random graph with the same number of partners, in and out, for every neuron: pairs of edges a to b and c to d
/// become a to d and c to b wherever that makes neither a synapse on itself nor an edge that exists (Rao, Jana and
/// Bandyopadhyay 1996; Milo et al. 2003). A refused switch counts as a step: without that, graphs with few possible
/// switches would come up too often. What was given up: a lone cycle of three never turns round by such switches, which
/// matters for graphs of a handful of neurons alone. Contacts stay out of it: it is about who is connected.</summary>
internal static class EdgeSwitching
{
    /// <param name="pre">Ascending; no pair twice and none of a neuron with itself.</param>
    /// <param name="post">The other ends.</param>
    /// <param name="stepsPerEdge">Steps / edges.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>The new other ends of <paramref name="pre"/>.</returns>
    public static int[] Shuffle(ReadOnlySpan<int> pre, ReadOnlySpan<int> post, double stepsPerEdge, SplitMix random)
    {
        var posts = post.ToArray();
        var pairs = new PairSet(posts.Length);
        for (var edge = 0; edge < posts.Length; edge++) pairs.Add(pre[edge], posts[edge]);
        for (var steps = (long)(stepsPerEdge * posts.Length); posts.Length > 1 && steps > 0; steps--)
        {
            int e = random.Below(posts.Length), f = random.Below(posts.Length);
            int a = pre[e], b = posts[e], c = pre[f], d = posts[f];
            if (a == d || c == b || a == c || b == d || pairs.Contains(a, d) || pairs.Contains(c, b)) continue;
            pairs.Remove(a, b);
            pairs.Remove(c, d);
            pairs.Add(a, d);
            pairs.Add(c, b);
            (posts[e], posts[f]) = (d, b);
        }
        return posts;
    }
}
