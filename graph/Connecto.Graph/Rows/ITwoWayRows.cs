namespace Connecto.Graph;

/// <summary>A directed graph as ascending rows both ways; what algorithms over the mere wiring read.</summary>
internal interface ITwoWayRows
{
    int NeuronCount { get; }

    /// <summary>Partners of a neuron, ascending, each once.</summary>
    ReadOnlySpan<int> Row(int neuron, Direction direction);
}

/// <summary>The wiring of a connectome.</summary>
internal readonly struct ConnectomeRows(Connectome connectome) : ITwoWayRows
{
    public int NeuronCount => connectome.NeuronCount;

    public ReadOnlySpan<int> Row(int neuron, Direction direction) => connectome.Partners(neuron, direction);
}

/// <summary>Wiring alone, from pairs. Two counting sorts: by post, which lists the edges into each neuron ascending by pre
/// where they came so, and back by pre, which lists those out of it ascending by post.</summary>
internal sealed class PlainRows : ITwoWayRows
{
    private readonly int[] _outStarts, _inStarts, _posts, _pres;

    /// <param name="neurons">Number of neurons.</param>
    /// <param name="pre">Ascending.</param>
    /// <param name="post">The other end of each pair; no pair twice.</param>
    public PlainRows(int neurons, ReadOnlySpan<int> pre, ReadOnlySpan<int> post)
    {
        NeuronCount = neurons;
        (_inStarts, var byPost) = CountingSort.Order(post, neurons);
        _pres = CountingSort.Gather(pre, byPost);
        _outStarts = CountingSort.Starts(pre, neurons);
        _posts = new int[post.Length];
        var next = _outStarts.AsSpan(0, neurons).ToArray();
        for (var neuron = 0; neuron < neurons; neuron++)
            foreach (var from in Row(neuron, Direction.In))
                _posts[next[from]++] = neuron;
    }

    public int NeuronCount { get; }

    public ReadOnlySpan<int> Row(int neuron, Direction direction) => direction == Direction.Out
        ? _posts.AsSpan(_outStarts[neuron].._outStarts[neuron + 1])
        : _pres.AsSpan(_inStarts[neuron].._inStarts[neuron + 1]);
}
