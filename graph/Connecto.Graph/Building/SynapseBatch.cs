namespace Connecto.Graph;

/// <summary>What rows of a synapse table have besides id, pre and post.</summary>
[Flags]
public enum SynapseFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Centres of clefts.</summary>
    Cleft = 1,

    /// <summary>Points inside the presynaptic neurons.</summary>
    PreSite = 2,

    /// <summary>Points inside the postsynaptic neurons.</summary>
    PostSite = 4,

    /// <summary>Sizes.</summary>
    Size = 8,

    /// <summary>Scores.</summary>
    Score = 16,

    /// <summary>Blocks.</summary>
    Block = 32,

    /// <summary>All of these.</summary>
    All = 63,
}

/// <summary>Some rows of a synapse table, by column; used over and over.</summary>
public sealed class SynapseBatch
{
    /// <summary>Most rows in a batch: 5 MB of columns, which pass through the caches from stage to stage.</summary>
    public const int Capacity = 1 << 16;

    /// <summary>Rows in the batch.</summary>
    public int Count { get; set; }

    /// <summary>Ids, never 0.</summary>
    public ulong[] Ids { get; } = new ulong[Capacity];

    /// <summary>Presynaptic neurons; 0 = unknown.</summary>
    public ulong[] Pre { get; } = new ulong[Capacity];

    /// <summary>Postsynaptic neurons; 0 = unknown.</summary>
    public ulong[] Post { get; } = new ulong[Capacity];

    /// <summary>Centres of the clefts, nm; written where the table has them, as all that follows.</summary>
    public Site[] Clefts { get; } = new Site[Capacity];

    /// <summary>Points inside the presynaptic neurons, nm.</summary>
    public Site[] PreSites { get; } = new Site[Capacity];

    /// <summary>Points inside the postsynaptic neurons, nm.</summary>
    public Site[] PostSites { get; } = new Site[Capacity];

    /// <summary>Sizes, 0 or more.</summary>
    public long[] Sizes { get; } = new long[Capacity];

    /// <summary>Scores; finite, 0 or more.</summary>
    public float[] Scores { get; } = new float[Capacity];

    /// <summary>Blocks of the volume.</summary>
    public int[] Blocks { get; } = new int[Capacity];
}

/// <summary>A synapse table that is read once, from front to back, a batch at a time.</summary>
public abstract class SynapseReader : IDisposable
{
    /// <summary>What its rows have; the rest is 0.</summary>
    public abstract SynapseFields Fields { get; }

    /// <summary>Fills a batch with the next rows.</summary>
    /// <returns>False where there were none.</returns>
    /// <exception cref="InvalidDataException">A row is not what it should be.</exception>
    public abstract bool Read(SynapseBatch batch);

    /// <summary>Rows that stream by one at a time.</summary>
    public static SynapseReader Of(IEnumerable<Synapse> rows, SynapseFields fields = SynapseFields.All) => new Streamed(rows.GetEnumerator(), fields);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the table.</summary>
    protected abstract void Dispose(bool disposing);

    private sealed class Streamed(IEnumerator<Synapse> rows, SynapseFields fields) : SynapseReader
    {
        public override SynapseFields Fields => fields;

        public override bool Read(SynapseBatch batch)
        {
            var i = 0;
            for (; i < SynapseBatch.Capacity && rows.MoveNext(); i++)
            {
                var row = rows.Current;
                (batch.Ids[i], batch.Pre[i], batch.Post[i]) = (row.Id, row.Pre, row.Post);
                (batch.Clefts[i], batch.PreSites[i], batch.PostSites[i]) = (row.Cleft, row.PreSite, row.PostSite);
                (batch.Sizes[i], batch.Scores[i], batch.Blocks[i]) = (row.Size, row.Score, row.Block);
            }
            batch.Count = i;
            return i > 0;
        }

        protected override void Dispose(bool disposing) => rows.Dispose();
    }
}
