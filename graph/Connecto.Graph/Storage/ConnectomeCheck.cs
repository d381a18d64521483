namespace Connecto.Graph;

/// <summary>What opening a stored connectome compares with the checksums. The lengths and headers of all files always are.</summary>
public enum ConnectomeCheck
{
    /// <summary>No values: for graphs larger than memory.</summary>
    Headers,

    /// <summary>Neurons, edges and their contact rows' starts.</summary>
    Edges,

    /// <summary>Every byte, the synapses as well.</summary>
    All,
}
