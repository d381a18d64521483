using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Pipeline;

/// <summary>The neurons that activity enters by, where the user names none.</summary>
/// <remarks>In a volume cut out of a brain, axons whose own inputs lie outside send and do not receive: they are the
/// natural inputs. Where every sender also receives, the tenth that sends the most in excess of what it receives is taken.</remarks>
public static class InputChoice
{
    /// <summary>The ids, ascending; empty for a graph without edges.</summary>
    /// <exception cref="InvalidDataException">A named neuron is not in the graph.</exception>
    public static IReadOnlyList<ulong> Of(Connectome connectome, IReadOnlyList<string> named)
    {
        if (named.Count > 0)
        {
            var ids = named.Select(n => ulong.Parse(n, CultureInfo.InvariantCulture)).Distinct().Order().ToArray();
            foreach (var id in ids)
                if (connectome.IndexOf(id) < 0)
                    throw new InvalidDataException($"--inputs names neuron {id}, which the graph does not hold; nothing was changed.");
            return ids;
        }
        var senders = Enumerable.Range(0, connectome.NeuronCount).Where(n => connectome.Degree(n, Direction.Out) > 0).ToArray();
        var pure = senders.Where(n => connectome.Degree(n, Direction.In) == 0).Select(connectome.IdOf).ToArray();
        return pure.Length > 0 ? pure : [.. NetworkInputs.Choose(connectome, (senders.Length + 9) / 10).Order()];
    }
}
