using System.Globalization;

namespace Connecto.Graph;

/// <summary>What a neuron is called.</summary>
/// <param name="Id">The neuron.</param>
/// <param name="Name">Its name; "" where it has none. Several neurons may share one.</param>
/// <param name="Type">Its cell type; "" where it has none.</param>
public readonly record struct NeuronName(ulong Id, string Name, string Type);

/// <summary>Names and cell types of a connectome's neurons, and the neurons that a question names.</summary>
/// <remarks>Immutable and safe from several threads.</remarks>
public sealed class NeuronNames
{
    private readonly Connectome _connectome;
    private readonly NeuronName[]? _names;

    private NeuronNames(Connectome connectome, NeuronName[]? names) => (_connectome, _names) = (connectome, names);

    /// <summary>No names: neurons are called by their ids.</summary>
    public static NeuronNames None(Connectome connectome) => new(connectome, null);

    /// <summary>Names of some or all neurons, in any order.</summary>
    /// <exception cref="InvalidDataException">A name belongs to no neuron of the connectome, or a neuron has two.</exception>
    public static NeuronNames Of(Connectome connectome, IEnumerable<NeuronName> names)
    {
        var table = new NeuronName[connectome.NeuronCount];
        foreach (var name in names)
        {
            var neuron = connectome.IndexOf(name.Id);
            if (neuron < 0)
                throw new InvalidDataException(
                    $"The name '{name.Name}' belongs to neuron {name.Id}, which the connectome does not have; no names were taken.");
            if (table[neuron].Id != 0)
                throw new InvalidDataException($"Neuron {name.Id} has two rows of names; no names were taken.");
            table[neuron] = name;
        }
        return new NeuronNames(connectome, table);
    }

    /// <summary>The names and types among a connectome's labels; none where it has neither.</summary>
    public static NeuronNames Of(Connectome connectome)
    {
        var (name, type) = (connectome.Labels.Find(NeuronLabels.Name), connectome.Labels.Find(NeuronLabels.Type));
        return name is null && type is null
            ? None(connectome)
            : Of(connectome, Enumerable.Range(0, connectome.NeuronCount).Select(
                i => new NeuronName(connectome.IdOf(i), name?[i] ?? "", type?[i] ?? "")));
    }

    /// <summary>True where there are any names.</summary>
    public bool Any => _names is not null;

    /// <summary>The name of a neuron, by its index; "" where it has none.</summary>
    public string NameOf(int neuron) => _names?[neuron].Name ?? "";

    /// <summary>The cell type of a neuron, by its index; "" where it has none.</summary>
    public string TypeOf(int neuron) => _names?[neuron].Type ?? "";

    /// <summary>The neurons that a text names.</summary>
    /// <param name="text">Ids, names, cell types, or patterns of them with * (any text) and ? (any character), commas between;
    /// "*" is every neuron. Letters count as written.</param>
    /// <returns>Indices, ascending, each once.</returns>
    /// <exception cref="InvalidDataException">A part of the text names no neuron; the message says which.</exception>
    /// <remarks>O(neurons) for each part that is not an id.</remarks>
    public int[] Find(string text)
    {
        var found = new SortedSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (!AddMatches(part, found)) throw Unknown(part);
        return found.Count > 0 ? [.. found] : throw Unknown(text);
    }

    private bool AddMatches(string part, SortedSet<int> found)
    {
        if (ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && _connectome.IndexOf(id) is >= 0 and var at)
        {
            found.Add(at);
            return true;
        }
        var any = false;
        for (var neuron = 0; neuron < _connectome.NeuronCount; neuron++)
        {
            if (!Matches(part, neuron)) continue;
            found.Add(neuron);
            any = true;
        }
        return any;
    }

    private bool Matches(string part, int neuron) =>
        (_names is not null && (NamePattern.Matches(part, NameOf(neuron)) || NamePattern.Matches(part, TypeOf(neuron))))
        || (NamePattern.IsPattern(part)
            && NamePattern.Matches(part, _connectome.IdOf(neuron).ToString(CultureInfo.InvariantCulture)));

    private InvalidDataException Unknown(string part) => new(
        $"'{part}' is no id{(Any ? ", name or cell type" : "")} among the {_connectome.NeuronCount} neurons" +
        $"{(Any ? "" : ", which have no names")}; nothing was answered.");
}
