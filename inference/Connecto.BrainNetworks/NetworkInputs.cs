using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Inputs for a network whose user has named none.</summary>
public static class NetworkInputs
{
    /// <summary>The neurons that give most and take least: ranked by contacts out minus contacts in, then by partners out,
    /// then by lower id; only neurons with an output.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>Their ids, the first ranked first; none where the graph has no edge.</returns>
    public static IReadOnlyList<ulong> Choose(Connectome connectome, int count) =>
    [
        .. Enumerable.Range(0, connectome.NeuronCount)
            .Where(n => connectome.Degree(n, Direction.Out) > 0)
            .OrderByDescending(n => connectome.ContactsOf(n, Direction.Out) - connectome.ContactsOf(n, Direction.In))
            .ThenByDescending(n => connectome.Degree(n, Direction.Out))
            .ThenBy(n => n)
            .Take(count)
            .Select(connectome.IdOf),
    ];
}
