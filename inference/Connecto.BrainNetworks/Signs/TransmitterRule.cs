using System.Text.Json.Serialization;
using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Signs of weights from the transmitters of presynaptic neurons (Dale's law).</summary>
/// <remarks>As FlyWire's convention has it for the fly's brain, GABA and glutamate inhibit; acetylcholine, every other
/// transmitter and neurons without one excite. In vertebrates glutamate excites: give a table that says so.</remarks>
public sealed record TransmitterRule
{
    /// <summary>The column of the connectome's labels that is read.</summary>
    public string Column { get; init; } = NeuronLabels.Transmitter;

    /// <summary>Signs of transmitters, 1 or -1, by name in capitals; the others have <see cref="Otherwise"/>.</summary>
    public IReadOnlyDictionary<string, int> SignOf { get; init; } = new Dictionary<string, int>
    {
        ["ACH"] = 1,
        ["ACETYLCHOLINE"] = 1,
        ["GABA"] = -1,
        ["GLUT"] = -1,
        ["GLUTAMATE"] = -1,
    };

    /// <summary>The sign of every other transmitter, and of neurons of which none is known.</summary>
    public int Otherwise { get; init; } = 1;

    /// <summary>Name and SHA-256 of every table that was read; empty for the convention and the labels alone.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Transmitters by neuron id, in place of the labels; null for the labels. The network keeps its tables' names and
    /// checksums in its stead.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<ulong, string>? Given { get; init; }

    /// <summary>The sign of a transmitter.</summary>
    public int Of(string transmitter) => SignOf.TryGetValue(transmitter.ToUpperInvariant(), out var sign) ? sign : Otherwise;

    internal (sbyte[] OfNeuron, IReadOnlyList<TransmitterCount> Counts) Signs(Connectome connectome)
    {
        var labels = connectome.Labels.Find(Column);
        if (labels is null && Given is null)
            throw new InvalidDataException(
                $"The neurons have no column '{Column}' to take transmitters from " +
                $"({(connectome.Labels.Columns.Count == 0 ? "they have no labels" : "they have " + string.Join(", ", connectome.Labels.Columns.Select(c => c.Name)))}); " +
                "give a table with id and transmitter, or another column; no network was made.");
        var signs = new sbyte[connectome.NeuronCount];
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var n = 0; n < signs.Length; n++)
        {
            var name = (Given is null ? labels![n] : Given.GetValueOrDefault(connectome.IdOf(n), "")).ToUpperInvariant();
            signs[n] = (sbyte)Of(name);
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
        return (signs, [.. counts.Select(c => new TransmitterCount(c.Key, c.Value, Of(c.Key)))]);
    }
}

/// <summary>How many neurons have a transmitter, and the sign that it has.</summary>
/// <param name="Transmitter">In capitals; "" where none is known.</param>
/// <param name="Neurons">Of the connectome.</param>
/// <param name="Sign">1 or -1.</param>
public sealed record TransmitterCount(string Transmitter, int Neurons, int Sign);
