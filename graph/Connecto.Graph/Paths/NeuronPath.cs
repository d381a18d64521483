namespace Connecto.Graph;

/// <summary>A way along edges of a connectome.</summary>
public sealed record NeuronPath
{
    /// <summary>The neurons passed, first to last, by index; at least one.</summary>
    public required IReadOnlyList<int> Neurons { get; init; }

    /// <summary>The edges between them, by number; one fewer.</summary>
    public required IReadOnlyList<int> Edges { get; init; }

    /// <summary>The fraction of each edge: its contacts / all contacts that its postsynaptic neuron receives.</summary>
    public required IReadOnlyList<double> Fractions { get; init; }

    /// <summary>Product of the fractions: the share of the last neuron's input that comes this way; 1 without an edge.</summary>
    public required double Strength { get; init; }

    /// <summary>Contacts of the weakest edge; 0 without an edge.</summary>
    public required int LeastContacts { get; init; }
}
