namespace Connecto.Graph;

/// <summary>The columns of a <see cref="SynapseTable"/>, ascending by id, wherever they lie.</summary>
internal sealed class MappedSynapses
{
    public required Column<ulong> Ids { get; init; }

    public required Column<ulong> Pre { get; init; }

    public required Column<ulong> Post { get; init; }

    public required Column<Site> Clefts { get; init; }

    public required Column<Site> PreSites { get; init; }

    public required Column<Site> PostSites { get; init; }

    public required Column<long> Sizes { get; init; }

    public required Column<float> Scores { get; init; }

    public required Column<int> Blocks { get; init; }

    public static MappedSynapses Of(SynapseColumns c) => new()
    {
        Ids = c.Ids,
        Pre = c.Pre,
        Post = c.Post,
        Clefts = c.Clefts,
        PreSites = c.PreSites,
        PostSites = c.PostSites,
        Sizes = c.Sizes,
        Scores = c.Scores,
        Blocks = c.Blocks,
    };
}
