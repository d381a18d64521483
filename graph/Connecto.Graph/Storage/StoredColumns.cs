namespace Connecto.Graph;

/// <summary>Finds a stored connectome's columns and proves that they fit together.</summary>
internal sealed class StoredColumns(ConnectomeDocument document, ColumnMap map, string directory)
{
    private readonly Dictionary<string, ColumnEntry> _entries = Entries(document, directory);

    public bool Has(string name) => _entries.ContainsKey(name);

    public EdgeArrays Edges() => new()
    {
        OutStarts = Column<int>("edges.out-starts", document.Neurons + 1),
        Pre = Column<int>("edges.pre", document.Edges),
        Post = Column<int>("edges.post", document.Edges),
        Contacts = Column<int>("edges.contacts", document.Edges),
        Sizes = Column<long>("edges.size", document.Edges),
        Scores = Column<float>("edges.score", document.Edges),
        Signs = Has("edges.sign") ? Column<sbyte>("edges.sign", document.Edges) : default(Column<sbyte>?),
        InStarts = Column<int>("edges.in-starts", document.Neurons + 1),
        InEdges = Column<int>("edges.in-edges", document.Edges),
        InPre = Column<int>("edges.in-pre", document.Edges),
        ContactStarts = Has("contacts.rows") ? Column<int>("edges.contact-starts", document.Edges + 1) : default(Column<int>?),
        ContactRows = Has("contacts.rows") ? Column<int>("contacts.rows", document.Contacts) : default(Column<int>?),
        ContactCount = document.Contacts,
        Unassigned = document.UnassignedSynapses,
        Autapses = document.Autapses,
    };

    public MappedSynapses Synapses() => new()
    {
        Ids = Column<ulong>("synapses.id", document.Synapses),
        Pre = Column<ulong>("synapses.pre", document.Synapses),
        Post = Column<ulong>("synapses.post", document.Synapses),
        Clefts = Column<Site>("synapses.cleft", document.Synapses),
        PreSites = Column<Site>("synapses.pre-site", document.Synapses),
        PostSites = Column<Site>("synapses.post-site", document.Synapses),
        Sizes = Column<long>("synapses.size", document.Synapses),
        Scores = Column<float>("synapses.score", document.Synapses),
        Blocks = Column<int>("synapses.block", document.Synapses),
    };

    public Neuron[] Neurons()
    {
        var ids = Column<ulong>("neurons.id", document.Neurons).Span;
        var voxels = Column<long>("neurons.voxels", document.Neurons).Span;
        var begin = Column<Site>("neurons.begin", document.Neurons).Span;
        var end = Column<Site>("neurons.end", document.Neurons).Span;
        var centroid = Column<Site>("neurons.centroid", document.Neurons).Span;
        var neurons = new Neuron[document.Neurons];
        for (var i = 0; i < neurons.Length; i++) neurons[i] = new Neuron(ids[i], voxels[i], begin[i], end[i], centroid[i]);
        return neurons;
    }

    public NeuronLabels Labels() =>
        new([.. document.Labels.Select(l => new LabelColumn(l.Name, l.Values, Column<int>(l.Column, document.Neurons)))]);

    /// <summary>What indexing relies on: the rest, a wrong place inside a column, is caught by the bounds of spans.</summary>
    public void CheckStructure(EdgeArrays edges, ulong[] ids)
    {
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] == 0 || (i > 0 && ids[i] <= ids[i - 1])) throw Broken("its neurons are not ascending by id");
        if (!Ascends(edges.OutStarts.Span, document.Edges) || !Ascends(edges.InStarts.Span, document.Edges))
            throw Broken("the edges of its neurons do not follow each other");
    }

    private Column<T> Column<T>(string name, long count) where T : unmanaged
    {
        if (!_entries.TryGetValue(name, out var entry)) throw Broken($"it lists no column {name}");
        if (entry.Count != count) throw Broken($"its column {name} has {entry.Count} values where {count} belong");
        return map.Map<T>(entry);
    }

    private InvalidDataException Broken(string what) => new(
        $"{Path.Combine(directory, ConnectomeDocument.File)} does not fit its columns: {what}; import or build the connectome again. " +
        "Nothing was opened.");

    private static bool Ascends(ReadOnlySpan<int> starts, int end)
    {
        if (starts[0] != 0 || starts[^1] != end) return false;
        for (var i = 1; i < starts.Length; i++)
            if (starts[i] < starts[i - 1])
                return false;
        return true;
    }

    private static Dictionary<string, ColumnEntry> Entries(ConnectomeDocument document, string directory)
    {
        var entries = new Dictionary<string, ColumnEntry>(StringComparer.Ordinal);
        foreach (var entry in document.Columns)
            if (entry.Name.AsSpan().ContainsAny('/', '\\') || !entries.TryAdd(entry.Name, entry))
                throw new InvalidDataException(
                    $"{Path.Combine(directory, ConnectomeDocument.File)} lists the column '{entry.Name}' twice or outside its folder; nothing was opened.");
        return entries;
    }
}
