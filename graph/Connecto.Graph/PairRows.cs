namespace Connecto.Graph;

/// <summary>The rows that make edges, by dense index, on their way into <see cref="ConnectomeBuilder"/>.</summary>
internal sealed class PairRows(int capacity)
{
    private int _count;

    public int[] Row { get; } = new int[capacity];

    public int[] Pre { get; } = new int[capacity];

    public int[] Post { get; } = new int[capacity];

    public long Contacts { get; private set; }

    public long Autapses { get; private set; }

    /// <exception cref="InvalidDataException">An autapse is refused.</exception>
    public void Add(int row, int pre, int post, int contacts, AutapseRule rule, ulong id)
    {
        if (pre == post)
        {
            if (rule == AutapseRule.Refuse)
                throw new InvalidDataException(
                    $"Row {row} connects neuron {id} with itself, and autapses are refused; no connectome was built.");
            Autapses += contacts;
            if (rule == AutapseRule.Drop) return;
        }
        (Row[_count], Pre[_count], Post[_count]) = (row, pre, post);
        _count++;
        Contacts += contacts;
    }

    /// <summary>Entries ascending by (pre, post), equal pairs in the order they were added.</summary>
    public int[] SortByPair(int neurons)
    {
        var (_, byPost) = CountingSort.Order(Post.AsSpan(0, _count), neurons);
        return CountingSort.Stable(Pre, byPost, neurons);
    }

    public bool SamePair(int a, int b) => Pre[a] == Pre[b] && Post[a] == Post[b];
}

/// <summary>Where an edge's contacts, size and score are summed from.</summary>
internal interface IPairSource
{
    bool HasContacts { get; }

    bool HasSigns { get; }

    (int Contacts, long Size, float Score, sbyte Sign) Row(int row);
}

internal readonly struct SynapseSource(SynapseTable table) : IPairSource
{
    public bool HasContacts => true;

    public bool HasSigns => false;

    public (int Contacts, long Size, float Score, sbyte Sign) Row(int row) => (1, table.Sizes[row], table.Scores[row], 0);
}

internal readonly struct ConnectionSource(IReadOnlyList<Connection> rows) : IPairSource
{
    public bool HasContacts => false;

    public bool HasSigns { get; } = rows.Any(row => row.Sign != 0);

    public (int Contacts, long Size, float Score, sbyte Sign) Row(int row)
    {
        var c = rows[row];
        return (c.Contacts, c.Size, c.Score, c.Sign);
    }
}
