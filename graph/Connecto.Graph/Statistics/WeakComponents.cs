namespace Connecto.Graph;

/// <summary>Parts of the graph that hang together when the direction of edges is ignored.</summary>
/// <remarks>Union-find with path halving, roots by least index; O(edges), the same labels for the same graph.</remarks>
public static class WeakComponents
{
    /// <summary>The component of every neuron, 0..k-1, numbered by their first neuron.</summary>
    public static int[] Label(Connectome connectome)
    {
        var parent = new int[connectome.NeuronCount];
        for (var i = 0; i < parent.Length; i++) parent[i] = i;
        ReadOnlySpan<int> pre = connectome.Pre, post = connectome.Post;
        for (var edge = 0; edge < pre.Length; edge++)
        {
            int a = Root(parent, pre[edge]), b = Root(parent, post[edge]);
            if (a < b) parent[b] = a;
            else parent[a] = b;
        }
        var next = 0;
        var label = new int[parent.Length];
        for (var i = 0; i < label.Length; i++)
            label[i] = parent[i] == i ? next++ : label[Root(parent, i)];
        return label;
    }

    private static int Root(int[] parent, int at)
    {
        while (parent[at] != at) at = parent[at] = parent[parent[at]];
        return at;
    }
}
