namespace Connecto.Graph;

/// <summary>All contacts of one ordered pair of neurons, summed up.</summary>
/// <param name="Pre">The presynaptic neuron's id.</param>
/// <param name="Post">The postsynaptic neuron's id.</param>
/// <param name="Contacts">Number of contacts, at least 1.</param>
/// <param name="Size">Cleft voxels of all contacts; 0 where the source has none.</param>
/// <param name="Score">Mean of the contacts' scores.</param>
/// <param name="Sign">1 where the connection excites, -1 where it inhibits, 0 where nothing is known.</param>
public readonly record struct Connection(ulong Pre, ulong Post, int Contacts, long Size, float Score, sbyte Sign = 0);

/// <summary>An edge of a <see cref="Connectome"/>, by dense neuron index.</summary>
/// <param name="Pre">Index of the presynaptic neuron.</param>
/// <param name="Post">Index of the postsynaptic neuron.</param>
/// <param name="Contacts">Number of contacts, at least 1.</param>
/// <param name="Size">Cleft voxels of all contacts.</param>
/// <param name="Score">Mean of the contacts' scores.</param>
/// <param name="Sign">1 where the edge excites, -1 where it inhibits, 0 where nothing is known.</param>
public readonly record struct Edge(int Pre, int Post, int Contacts, long Size, float Score, sbyte Sign = 0);

/// <summary>Which end of its edges a neuron is.</summary>
public enum Direction
{
    /// <summary>Edges whose presynaptic end the neuron is; its partners are downstream.</summary>
    Out,

    /// <summary>Edges whose postsynaptic end the neuron is; its partners are upstream.</summary>
    In,
}

/// <summary>What to do with synapses of a neuron on itself.</summary>
public enum AutapseRule
{
    /// <summary>Leave them out of the edges and count them: in a reconstruction they are nearly always a wrong merge or a
    /// wrong side of the cleft.</summary>
    Drop,

    /// <summary>Keep them as edges.</summary>
    Keep,

    /// <summary>Refuse the table.</summary>
    Refuse,
}

/// <summary>How a connectome is built.</summary>
public sealed record ConnectomeOptions
{
    /// <summary>What to do with synapses of a neuron on itself.</summary>
    public AutapseRule Autapses { get; init; } = AutapseRule.Drop;
}
