namespace Connecto.Graph;

/// <summary>The columns of a synapse table; every array has one entry a synapse.</summary>
public sealed record SynapseColumns
{
    /// <summary>Unique ids, never 0.</summary>
    public required ulong[] Ids { get; init; }

    /// <summary>Presynaptic neurons; 0 = unknown.</summary>
    public required ulong[] Pre { get; init; }

    /// <summary>Postsynaptic neurons; 0 = unknown.</summary>
    public required ulong[] Post { get; init; }

    /// <summary>Centres of the clefts, nm.</summary>
    public required Site[] Clefts { get; init; }

    /// <summary>Points inside the presynaptic neurons, nm.</summary>
    public required Site[] PreSites { get; init; }

    /// <summary>Points inside the postsynaptic neurons, nm.</summary>
    public required Site[] PostSites { get; init; }

    /// <summary>Cleft voxels of each contact; 0 or more.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>Mean cleft probabilities; finite, 0 or more.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The blocks of the volume that found them.</summary>
    public required int[] Blocks { get; init; }
}

/// <summary>Every contact of a connectome by column, ascending by id whatever order the rows came in.</summary>
/// <remarks>Immutable, 80 bytes a synapse, at most 2^31 - 64 rows. Sorting by id makes all that is built from the table
/// independent of the order in which blocks delivered their synapses.</remarks>
public sealed class SynapseTable
{
    private readonly MappedSynapses _columns;

    /// <summary>Lays a table over columns and takes them over; unsorted ones are copied in order.</summary>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    /// <exception cref="InvalidDataException">An id is 0 or occurs twice, a size is negative, a score is negative or no
    /// number, or a position is not finite; the message names the row (0-based, as handed in) and the id.</exception>
    public SynapseTable(SynapseColumns columns)
    {
        CheckLengths(columns);
        CheckValues(columns);
        _columns = MappedSynapses.Of(Sorted(columns));
    }

    /// <summary>Trusts columns that were checked when they were stored.</summary>
    internal SynapseTable(MappedSynapses columns) => _columns = columns;

    /// <summary>A table without rows.</summary>
    public static SynapseTable Empty { get; } = From([]);

    /// <summary>Makes a table of rows in any order.</summary>
    /// <exception cref="InvalidDataException">As for the constructor.</exception>
    public static SynapseTable From(IEnumerable<Synapse> rows)
    {
        var list = rows as IReadOnlyList<Synapse> ?? [.. rows];
        var columns = Allocate(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var row = list[i];
            (columns.Ids[i], columns.Pre[i], columns.Post[i]) = (row.Id, row.Pre, row.Post);
            (columns.Clefts[i], columns.PreSites[i], columns.PostSites[i]) = (row.Cleft, row.PreSite, row.PostSite);
            (columns.Sizes[i], columns.Scores[i], columns.Blocks[i]) = (row.Size, row.Score, row.Block);
        }
        return new SynapseTable(columns);
    }

    /// <summary>Number of synapses.</summary>
    public int Count => _columns.Ids.Length;

    internal MappedSynapses Stored => _columns;

    /// <summary>Ids, strictly ascending.</summary>
    public ReadOnlySpan<ulong> Ids => _columns.Ids.Span;

    /// <summary>Presynaptic neurons; 0 = unknown.</summary>
    public ReadOnlySpan<ulong> Pre => _columns.Pre.Span;

    /// <summary>Postsynaptic neurons; 0 = unknown.</summary>
    public ReadOnlySpan<ulong> Post => _columns.Post.Span;

    /// <summary>Centres of the clefts, nm.</summary>
    public ReadOnlySpan<Site> Clefts => _columns.Clefts.Span;

    /// <summary>Points inside the presynaptic neurons, nm.</summary>
    public ReadOnlySpan<Site> PreSites => _columns.PreSites.Span;

    /// <summary>Points inside the postsynaptic neurons, nm.</summary>
    public ReadOnlySpan<Site> PostSites => _columns.PostSites.Span;

    /// <summary>Cleft voxels.</summary>
    public ReadOnlySpan<long> Sizes => _columns.Sizes.Span;

    /// <summary>Mean cleft probabilities.</summary>
    public ReadOnlySpan<float> Scores => _columns.Scores.Span;

    /// <summary>The blocks that found them.</summary>
    public ReadOnlySpan<int> Blocks => _columns.Blocks.Span;

    /// <summary>One row.</summary>
    /// <exception cref="IndexOutOfRangeException">No such row.</exception>
    public Synapse this[int row] => new(
        _columns.Ids[row], _columns.Pre[row], _columns.Post[row], _columns.Clefts[row], _columns.PreSites[row],
        _columns.PostSites[row], _columns.Sizes[row], _columns.Scores[row], _columns.Blocks[row]);

    /// <summary>The row of an id, or -1; binary search.</summary>
    public int RowOf(ulong id)
    {
        var row = Ids.BinarySearch(id);
        return row < 0 ? -1 : row;
    }

    /// <summary>All rows, ascending by id.</summary>
    public IEnumerable<Synapse> Rows()
    {
        for (var row = 0; row < Count; row++) yield return this[row];
    }

    private static SynapseColumns Allocate(int count) => new()
    {
        Ids = new ulong[count],
        Pre = new ulong[count],
        Post = new ulong[count],
        Clefts = new Site[count],
        PreSites = new Site[count],
        PostSites = new Site[count],
        Sizes = new long[count],
        Scores = new float[count],
        Blocks = new int[count],
    };

    private static void CheckLengths(SynapseColumns c)
    {
        int n = c.Ids.Length;
        if (c.Pre.Length != n || c.Post.Length != n || c.Clefts.Length != n || c.PreSites.Length != n
            || c.PostSites.Length != n || c.Sizes.Length != n || c.Scores.Length != n || c.Blocks.Length != n)
            throw new ArgumentException($"Every column needs one entry for each of the {n} ids.", nameof(c));
    }

    private static void CheckValues(SynapseColumns c)
    {
        for (var i = 0; i < c.Ids.Length; i++)
        {
            if (c.Ids[i] == 0)
                throw Bad(c, i, "has the id 0; ids begin at 1");
            if (c.Sizes[i] < 0)
                throw Bad(c, i, $"has the size {c.Sizes[i]}; 0 or more voxels were expected");
            if (!float.IsFinite(c.Scores[i]) || c.Scores[i] < 0)
                throw Bad(c, i, "has a score that is negative or not a number; 0 to 1 was expected");
            if (!IsFinite(c.Clefts[i]) || !IsFinite(c.PreSites[i]) || !IsFinite(c.PostSites[i]))
                throw Bad(c, i, "has a position that is not a finite number of nanometres");
        }
    }

    private static SynapseColumns Sorted(SynapseColumns c)
    {
        if (IsAscending(c.Ids)) return c;
        var ids = (ulong[])c.Ids.Clone();
        var order = new int[ids.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(ids, order);
        for (var i = 1; i < ids.Length; i++)
            if (ids[i] == ids[i - 1])
                throw Bad(c, Math.Max(order[i], order[i - 1]),
                    $"repeats the id of row {Math.Min(order[i], order[i - 1])}; ids must be unique");
        return new SynapseColumns
        {
            Ids = ids,
            Pre = Gather(c.Pre, order),
            Post = Gather(c.Post, order),
            Clefts = Gather(c.Clefts, order),
            PreSites = Gather(c.PreSites, order),
            PostSites = Gather(c.PostSites, order),
            Sizes = Gather(c.Sizes, order),
            Scores = Gather(c.Scores, order),
            Blocks = Gather(c.Blocks, order),
        };
    }

    private static bool IsAscending(ulong[] ids)
    {
        for (var i = 1; i < ids.Length; i++)
            if (ids[i] <= ids[i - 1])
                return false;
        return true;
    }

    private static T[] Gather<T>(T[] values, int[] order)
    {
        var result = new T[order.Length];
        for (var i = 0; i < order.Length; i++) result[i] = values[order[i]];
        return result;
    }

    private static bool IsFinite(Site s) => float.IsFinite(s.Z) && float.IsFinite(s.Y) && float.IsFinite(s.X);

    private static InvalidDataException Bad(SynapseColumns c, int row, string what) =>
        new($"Synapse {c.Ids[row]} in row {row} {what}; no table was made.");
}
