namespace Connecto.Graph;

/// <summary>Neurons and the edges between them, in compressed rows both ways; an edge keeps all its contacts.</summary>
/// <remarks>Neurons are ascending by id and have dense indices 0..n-1. Edges are ascending by (pre, post), so the edges
/// out of a neuron are consecutive; the edges into it are listed ascending by pre. The contacts of an edge are rows of
/// <see cref="Synapses"/>, ascending by id. Immutable and safe from several threads. Per edge 36 bytes, per contact 4.
/// As a matrix the weight of edge (pre, post) stands in row post, column pre.</remarks>
public sealed class Connectome
{
    private readonly IdIndex _index;
    private readonly EdgeArrays _edges;
    private readonly Neuron[] _neurons;

    internal Connectome(Neuron[] neurons, IdIndex index, SynapseTable synapses, EdgeArrays edges)
    {
        (_neurons, _index, Synapses, _edges) = (neurons, index, synapses, edges);
    }

    /// <summary>Builds the connectome of a synapse table.</summary>
    /// <param name="neurons">All neurons, in any order, also those without synapses.</param>
    /// <param name="synapses">The contacts. One whose pre or post is 0 (unknown) makes no edge and is counted in
    /// <see cref="UnassignedSynapses"/>.</param>
    /// <param name="options">What to do with autapses; by default they make no edge and are counted.</param>
    /// <exception cref="InvalidDataException">A neuron has the id 0 or occurs twice, a synapse names a neuron that is not
    /// in the list, or an autapse is refused.</exception>
    /// <remarks>O(neurons log neurons + synapses), two stable counting sorts. The result depends neither on the order of
    /// the neurons nor on that of the rows.</remarks>
    public static Connectome Build(
        IEnumerable<Neuron> neurons, SynapseTable synapses, ConnectomeOptions? options = null) =>
        ConnectomeBuilder.FromSynapses(neurons, synapses, options ?? new());

    /// <summary>Builds the connectome of a synapse table whose neurons are known by their ids alone.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Build(IEnumerable{Neuron}, SynapseTable, ConnectomeOptions?)"/>.</exception>
    public static Connectome Build(SynapseTable synapses, ConnectomeOptions? options = null) =>
        Build(NeuronIds.Of(synapses), synapses, options);

    /// <summary>Builds a connectome of counted connections, as published edge lists have them; rows of one pair add up,
    /// and <see cref="Contacts"/> is empty for every edge.</summary>
    /// <param name="neurons">All neurons in any order, or null for those that the connections name.</param>
    /// <param name="connections">Rows in any order.</param>
    /// <param name="options">What to do with autapses.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Build(IEnumerable{Neuron}, SynapseTable, ConnectomeOptions?)"/>,
    /// or a row has fewer than one contact, a negative size, or a score that is negative or no number.</exception>
    public static Connectome FromConnections(
        IEnumerable<Neuron>? neurons, IReadOnlyList<Connection> connections, ConnectomeOptions? options = null) =>
        ConnectomeBuilder.FromConnections(neurons ?? NeuronIds.Of(connections), connections, options ?? new());

    /// <summary>The neurons, ascending by id.</summary>
    public ReadOnlySpan<Neuron> Neurons => _neurons;

    /// <summary>The contacts; empty where the connectome was made of counted connections.</summary>
    public SynapseTable Synapses { get; }

    /// <summary>Number of neurons.</summary>
    public int NeuronCount => _neurons.Length;

    /// <summary>Number of edges: ordered pairs of neurons with at least one contact.</summary>
    public int EdgeCount => _edges.Pre.Length;

    /// <summary>Contacts of all edges.</summary>
    public long ContactCount => _edges.ContactCount;

    /// <summary>Synapses without an edge because their pre or post is 0.</summary>
    public int UnassignedSynapses => _edges.Unassigned;

    /// <summary>Synapses of a neuron on itself, whether they were kept or dropped.</summary>
    public long Autapses => _edges.Autapses;

    /// <summary>The index of a neuron's id, or -1; constant time.</summary>
    public int IndexOf(ulong id) => _index.Find(id);

    /// <summary>The id of a neuron's index.</summary>
    public ulong IdOf(int neuron) => _neurons[neuron].Id;

    /// <summary>One edge; 0 to <see cref="EdgeCount"/> - 1, ascending by (pre, post).</summary>
    public Edge this[int edge] => new(
        _edges.Pre[edge], _edges.Post[edge], _edges.Contacts[edge], _edges.Sizes[edge], _edges.Scores[edge]);

    /// <summary>Presynaptic neuron of every edge.</summary>
    public ReadOnlySpan<int> Pre => _edges.Pre;

    /// <summary>Postsynaptic neuron of every edge.</summary>
    public ReadOnlySpan<int> Post => _edges.Post;

    /// <summary>Number of contacts of every edge.</summary>
    public ReadOnlySpan<int> ContactCounts => _edges.Contacts;

    /// <summary>Summed cleft voxels of every edge.</summary>
    public ReadOnlySpan<long> Sizes => _edges.Sizes;

    /// <summary>Mean score of every edge.</summary>
    public ReadOnlySpan<float> Scores => _edges.Scores;

    /// <summary>The rows in <see cref="Synapses"/> that make up an edge, ascending by synapse id.</summary>
    public ReadOnlySpan<int> Contacts(int edge) => _edges.ContactRows is null
        ? []
        : _edges.ContactRows.AsSpan(_edges.ContactStarts![edge].._edges.ContactStarts[edge + 1]);

    /// <summary>Number of partners (edges) of a neuron.</summary>
    public int Degree(int neuron, Direction direction)
    {
        var starts = direction == Direction.Out ? _edges.OutStarts : _edges.InStarts;
        return starts[neuron + 1] - starts[neuron];
    }

    /// <summary>The partners of a neuron, ascending by index.</summary>
    public ReadOnlySpan<int> Partners(int neuron, Direction direction) => direction == Direction.Out
        ? _edges.Post.AsSpan(_edges.OutStarts[neuron].._edges.OutStarts[neuron + 1])
        : _edges.InPre.AsSpan(_edges.InStarts[neuron].._edges.InStarts[neuron + 1]);

    /// <summary>The edge to the k-th of <see cref="Partners"/>.</summary>
    public int EdgeTo(int neuron, Direction direction, int k) => direction == Direction.Out
        ? _edges.OutStarts[neuron] + k
        : _edges.InEdges[_edges.InStarts[neuron] + k];

    /// <summary>The edge of a pair, or -1; binary search in the partners of <paramref name="pre"/>.</summary>
    public int FindEdge(int pre, int post)
    {
        var at = Partners(pre, Direction.Out).BinarySearch(post);
        return at < 0 ? -1 : _edges.OutStarts[pre] + at;
    }

    /// <summary>Contacts of all edges of a neuron.</summary>
    public long ContactsOf(int neuron, Direction direction)
    {
        var sum = 0L;
        for (var k = 0; k < Degree(neuron, direction); k++) sum += _edges.Contacts[EdgeTo(neuron, direction, k)];
        return sum;
    }

    /// <summary>All edges by neuron id, ascending by (pre, post).</summary>
    public IEnumerable<Connection> Connections()
    {
        for (var edge = 0; edge < EdgeCount; edge++)
        {
            var e = this[edge];
            yield return new Connection(IdOf(e.Pre), IdOf(e.Post), e.Contacts, e.Size, e.Score);
        }
    }
}
