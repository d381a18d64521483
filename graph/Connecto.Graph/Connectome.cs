namespace Connecto.Graph;

/// <summary>Neurons and the edges between them, in compressed rows both ways; an edge keeps all its contacts.</summary>
/// <remarks>In memory, or memory-mapped from the folder of a stored connectome (<see cref="Open"/>).
/// Neurons are ascending by id and have dense indices 0..n-1. Edges are ascending by (pre, post), so the edges
/// out of a neuron are consecutive; the edges into it are listed ascending by pre. The contacts of an edge are rows of
/// <see cref="Synapses"/>, ascending by id. Immutable and safe from several threads. Per edge 36 bytes, per contact 4.
/// As a matrix the weight of edge (pre, post) stands in row post, column pre.</remarks>
public sealed class Connectome : IDisposable
{
    private readonly IdIndex _index;
    private readonly Neuron[] _neurons;
    private readonly SynapseTable _synapses;
    private EdgeArrays? _columns;
    private IDisposable? _map;

    internal Connectome(Neuron[] neurons, IdIndex index, SynapseTable synapses, EdgeArrays edges, IDisposable? map = null)
    {
        (_neurons, _index, _synapses, _columns, _map) = (neurons, index, synapses, edges, map);
    }

    /// <summary>Maps a stored connectome; see <see cref="Save"/>.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="check">What is compared with the checksums; by default the neurons and edges, which takes 40 ms for
    /// 15 M edges in the page cache on two cores.</param>
    /// <returns>A connectome whose columns are read as they are asked for. It holds the map until it is disposed, and no
    /// span of it may be used after that.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no stored connectome.</exception>
    /// <exception cref="InvalidDataException">A file is missing, cut short, damaged, or of another version.</exception>
    public static Connectome Open(string directory, ConnectomeCheck check = ConnectomeCheck.Edges) =>
        ConnectomeFolder.Open(directory, check);

    /// <summary>Stores the connectome as columns in a folder of its own.</summary>
    /// <param name="directory">Made, or replaced where it holds a stored connectome. The columns are written into
    /// a folder beside it, flushed, and that is renamed: a reader sees the old connectome or the new one, whole.</param>
    /// <exception cref="InvalidDataException">The directory holds something else; nothing was changed.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string directory) => ConnectomeFolder.Save(this, directory);

    /// <summary>Takes labels along.</summary>
    /// <param name="labels">One text a neuron and column, by index.</param>
    /// <returns>A connectome over the same columns; dispose only one of the two.</returns>
    public Connectome With(NeuronLabels labels) =>
        new(_neurons, _index, _synapses, Columns, _map) { Labels = labels, Provenance = Provenance };

    /// <summary>Says where the connectome comes from.</summary>
    /// <returns>A connectome over the same columns; dispose only one of the two.</returns>
    public Connectome With(ConnectomeProvenance provenance) =>
        new(_neurons, _index, _synapses, Columns, _map) { Labels = Labels, Provenance = provenance };

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

    /// <summary>Names, types and whatever else is said of the neurons; no columns where nothing is.</summary>
    public NeuronLabels Labels { get; init; } = NeuronLabels.None;

    /// <summary>Where the connectome comes from and by which rule contacts were counted; null where nobody said.</summary>
    public ConnectomeProvenance? Provenance { get; init; }

    /// <summary>The contacts; empty where the connectome was made of counted connections.</summary>
    public SynapseTable Synapses => _columns is not null ? _synapses : throw new ObjectDisposedException(nameof(Connectome));

    /// <summary>Number of neurons.</summary>
    public int NeuronCount => _neurons.Length;

    /// <summary>Number of edges: ordered pairs of neurons with at least one contact.</summary>
    public int EdgeCount => Columns.Pre.Length;

    /// <summary>Contacts of all edges.</summary>
    public long ContactCount => Columns.ContactCount;

    /// <summary>Synapses without an edge because their pre or post is 0.</summary>
    public int UnassignedSynapses => Columns.Unassigned;

    /// <summary>Synapses of a neuron on itself, whether they were kept or dropped.</summary>
    public long Autapses => Columns.Autapses;

    /// <summary>The index of a neuron's id, or -1; constant time.</summary>
    public int IndexOf(ulong id) => _index.Find(id);

    /// <summary>The id of a neuron's index.</summary>
    public ulong IdOf(int neuron) => _neurons[neuron].Id;

    /// <summary>One edge; 0 to <see cref="EdgeCount"/> - 1, ascending by (pre, post).</summary>
    public Edge this[int edge]
    {
        get
        {
            var e = Columns;
            return new Edge(
                e.Pre[edge], e.Post[edge], e.Contacts[edge], e.Sizes[edge], e.Scores[edge], e.Signs is { } signs ? signs[edge] : (sbyte)0);
        }
    }

    /// <summary>Presynaptic neuron of every edge.</summary>
    public ReadOnlySpan<int> Pre => Columns.Pre.Span;

    /// <summary>Postsynaptic neuron of every edge.</summary>
    public ReadOnlySpan<int> Post => Columns.Post.Span;

    /// <summary>Number of contacts of every edge.</summary>
    public ReadOnlySpan<int> ContactCounts => Columns.Contacts.Span;

    /// <summary>Summed cleft voxels of every edge.</summary>
    public ReadOnlySpan<long> Sizes => Columns.Sizes.Span;

    /// <summary>Mean score of every edge.</summary>
    public ReadOnlySpan<float> Scores => Columns.Scores.Span;

    /// <summary>1 for every edge that excites, -1 for every one that inhibits, 0 where nothing is known; empty where no edge
    /// has a sign.</summary>
    public ReadOnlySpan<sbyte> Signs => Columns.Signs is { } signs ? signs.Span : [];

    /// <summary>The rows in <see cref="Synapses"/> that make up an edge, ascending by synapse id.</summary>
    public ReadOnlySpan<int> Contacts(int edge) => Columns is { ContactRows: { } rows, ContactStarts: { } starts }
        ? rows.Span[starts[edge]..starts[edge + 1]]
        : [];

    /// <summary>Number of partners (edges) of a neuron.</summary>
    public int Degree(int neuron, Direction direction)
    {
        var starts = direction == Direction.Out ? Columns.OutStarts : Columns.InStarts;
        return starts[neuron + 1] - starts[neuron];
    }

    /// <summary>The partners of a neuron, ascending by index.</summary>
    public ReadOnlySpan<int> Partners(int neuron, Direction direction) => direction == Direction.Out
        ? Columns.Post.Span[Columns.OutStarts[neuron]..Columns.OutStarts[neuron + 1]]
        : Columns.InPre.Span[Columns.InStarts[neuron]..Columns.InStarts[neuron + 1]];

    /// <summary>The edge to the k-th of <see cref="Partners"/>.</summary>
    public int EdgeTo(int neuron, Direction direction, int k) => direction == Direction.Out
        ? Columns.OutStarts[neuron] + k
        : Columns.InEdges[Columns.InStarts[neuron] + k];

    /// <summary>The edge of a pair, or -1; binary search in the partners of <paramref name="pre"/>.</summary>
    public int FindEdge(int pre, int post)
    {
        var at = Partners(pre, Direction.Out).BinarySearch(post);
        return at < 0 ? -1 : Columns.OutStarts[pre] + at;
    }

    /// <summary>Contacts of all edges of a neuron.</summary>
    public long ContactsOf(int neuron, Direction direction)
    {
        var sum = 0L;
        for (var k = 0; k < Degree(neuron, direction); k++) sum += Columns.Contacts[EdgeTo(neuron, direction, k)];
        return sum;
    }

    /// <summary>All edges by neuron id, ascending by (pre, post).</summary>
    public IEnumerable<Connection> Connections()
    {
        for (var edge = 0; edge < EdgeCount; edge++)
        {
            var e = this[edge];
            yield return new Connection(IdOf(e.Pre), IdOf(e.Post), e.Contacts, e.Size, e.Score, e.Sign);
        }
    }

    /// <summary>Lets go of the memory map; a connectome in memory has none, and nothing happens.</summary>
    public void Dispose()
    {
        if (_map is null) return;
        _columns = null;
        _map.Dispose();
        _map = null;
    }

    internal EdgeArrays Columns => _columns ?? throw new ObjectDisposedException(nameof(Connectome));
}
