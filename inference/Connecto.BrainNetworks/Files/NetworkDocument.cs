namespace Connecto.BrainNetworks;

/// <summary>network.json: everything of a network but its numbers. Ids are strings.</summary>
internal sealed record NetworkDocument
{
    public const string KnownFormat = "connecto-brain-network";
    public const int KnownVersion = 1;

    public required string Format { get; init; }

    public required int Version { get; init; }

    /// <summary>Said in the file, because every reader asks: "row = postsynaptic, column = presynaptic".</summary>
    public required string Orientation { get; init; }

    public required NetworkRecipe Recipe { get; init; }

    public required NetworkFacts Facts { get; init; }

    public required IReadOnlyList<LayerDocument> Layers { get; init; }

    public required IReadOnlyList<ulong> Neurons { get; init; }
}

/// <summary>One layer of network.json.</summary>
internal sealed record LayerDocument
{
    public required string Name { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Weights { get; init; }

    /// <summary>The network's neuron of row 0; column c is neuron c.</summary>
    public required int FirstRow { get; init; }

    public required int Synapses { get; init; }

    /// <summary>The file with the same matrix for SciPy.</summary>
    public required string Npz { get; init; }
}
