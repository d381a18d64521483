namespace Connecto.Graph;

/// <summary>What is said of neurons besides their connections: names, cell types, classes, sides and any other column that
/// a data set has. Columns of text, one value a neuron, "" where nothing is said.</summary>
/// <remarks>Immutable, safe from several threads. A column keeps each different text once, and 4 bytes a neuron.</remarks>
public sealed class NeuronLabels
{
    /// <summary>The column of names; several neurons may share one.</summary>
    public const string Name = "name";

    /// <summary>The column of cell types.</summary>
    public const string Type = "type";

    /// <summary>The column of coarse classes, as sensory or motor.</summary>
    public const string Class = "class";

    /// <summary>The column of sides of the body.</summary>
    public const string Side = "side";

    /// <summary>The column of transmitters.</summary>
    public const string Transmitter = "transmitter";

    /// <summary>No columns.</summary>
    public static NeuronLabels None { get; } = new([]);

    internal NeuronLabels(IReadOnlyList<LabelColumn> columns) => Columns = columns;

    /// <summary>The columns, in the order they were given; names are unique.</summary>
    public IReadOnlyList<LabelColumn> Columns { get; }

    /// <summary>A column by its name, or null.</summary>
    public LabelColumn? Find(string column) => Columns.FirstOrDefault(c => c.Name == column);

    /// <summary>A neuron's text in a column; "" where the column or the text is missing.</summary>
    /// <param name="neuron">The neuron's index.</param>
    /// <param name="column">The column's name.</param>
    public string Of(int neuron, string column) => Find(column) is { } found ? found[neuron] : "";

    /// <summary>Labels of a connectome's neurons.</summary>
    /// <param name="columns">Names of columns; a later column of a name that was there stands in for it.</param>
    /// <param name="neurons">Number of neurons.</param>
    /// <param name="text">The text of a neuron's index in a column; "" for none.</param>
    public static NeuronLabels Of(IReadOnlyList<string> columns, int neurons, Func<int, string, string> text) =>
        new([.. columns.Distinct().Select(name => LabelColumn.Of(name, neurons, i => text(i, name)))]);
}

/// <summary>One column of <see cref="NeuronLabels"/>.</summary>
public sealed class LabelColumn
{
    private readonly Column<int> _codes;

    internal LabelColumn(string name, IReadOnlyList<string> values, Column<int> codes) =>
        (Name, Values, _codes) = (name, values, codes);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The different texts, in ordinal order; "" is first where it occurs.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>For every neuron, by index, the place of its text in <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Codes => _codes.Span;

    /// <summary>The text of a neuron's index.</summary>
    public string this[int neuron] => Values[_codes[neuron]];

    internal Column<int> CodeColumn => _codes;

    internal static LabelColumn Of(string name, int neurons, Func<int, string> text)
    {
        var texts = new string[neurons];
        for (var i = 0; i < neurons; i++) texts[i] = text(i);
        string[] values = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        var places = new Dictionary<string, int>(values.Length);
        for (var i = 0; i < values.Length; i++) places[values[i]] = i;
        return new LabelColumn(name, values, Array.ConvertAll(texts, t => places[t]));
    }
}
