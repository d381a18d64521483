using System.Security.Cryptography;

namespace Connecto.Graph;

/// <summary>Where a connectome comes from: kept with it, so that a weight can be traced to the files it was counted from.</summary>
public sealed record ConnectomeProvenance
{
    /// <summary>What was read: "run", or the kind of a published data set, as "flywire".</summary>
    public required string Kind { get; init; }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<SourceFile> Sources { get; init; } = [];

    /// <summary>How rows became contacts, sizes, scores and signs of edges.</summary>
    public AggregationRule Rule { get; init; } = AggregationRule.Synapses;

    /// <summary>Rows of the tables that were read.</summary>
    public long Rows { get; init; }

    /// <summary>What was left out or taken for granted, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A file that a connectome was read from.</summary>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
public sealed record SourceFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Describes a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static SourceFile Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        return new SourceFile(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}

/// <summary>A named rule by which rows of a source become the figures of an edge. The network's recipe then makes weights of
/// them; both are stored, so that every weight can be explained.</summary>
/// <param name="Name">The rule's name, as "synapses".</param>
/// <param name="Contacts">What an edge's contacts are.</param>
/// <param name="Size">What its size is.</param>
/// <param name="Score">What its score is.</param>
/// <param name="Sign">What its sign is.</param>
public sealed record AggregationRule(string Name, string Contacts, string Size, string Score, string Sign)
{
    /// <summary>Edges made of synapses, as a run finds them.</summary>
    public static AggregationRule Synapses { get; } = new(
        "synapses", "the synapses of the pair, each once", "their sizes, summed", "the mean of their scores", "unknown");

    /// <summary>Edges that a source has counted.</summary>
    public static AggregationRule Counts { get; } = new(
        "counts", "the counts of the pair's rows, summed", "0: the source has none", "0: the source has none", "unknown");

    /// <summary>Counts with the sign of the presynaptic transmitter.</summary>
    public static AggregationRule CountsByTransmitter { get; } = Counts with
    {
        Name = "counts-by-transmitter",
        Sign = "acetylcholine 1, GABA and glutamate -1, all others 0; rows of a pair vote with their counts",
    };

    /// <summary>Counts that are below zero where the connection inhibits.</summary>
    public static AggregationRule SignedCounts { get; } = Counts with
    {
        Name = "signed-counts",
        Contacts = "the absolute counts of the pair's rows, summed",
        Sign = "that of the pair's summed count",
    };
}
