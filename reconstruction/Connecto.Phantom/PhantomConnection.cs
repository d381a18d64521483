namespace Connecto.Phantom;

/// <summary>A pair of neurites with at least one contact.</summary>
/// <param name="Pre">The presynaptic neurite.</param>
/// <param name="Post">The postsynaptic neurite.</param>
/// <param name="Contacts">Rows of the synapse table for this pair.</param>
public readonly record struct PhantomConnection(ulong Pre, ulong Post, int Contacts);
