namespace Connecto.Graph;

/// <summary>Names of neurons as CSV: id, name, type. Names hold no commas and no line breaks.</summary>
public static class NameCsv
{
    /// <summary>The file's name in the folder of a connectome's tables.</summary>
    public const string File = "names.csv";

    private static readonly string[] Columns = ["id", "name", "type"];

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidDataException">A name holds a comma, a quote or a line break; nothing was written.</exception>
    public static void Write(string path, IEnumerable<NeuronName> names) => WholeFile.Write(path, writer =>
    {
        writer.WriteLine(string.Join(',', Columns));
        foreach (var n in names)
        {
            if ((n.Name + n.Type).AsSpan().ContainsAny(",\"\r\n"))
                throw new InvalidDataException(
                    $"The name of neuron {n.Id}, '{n.Name}' of type '{n.Type}', holds a comma, a quote or a line break; nothing was written.");
            writer.WriteLine($"{n.Id},{n.Name},{n.Type}");
        }
    });

    /// <summary>Reads a file; columns may stand in any order, and others are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">A column is missing or a line is cut short; the message names the line.</exception>
    public static IReadOnlyList<NeuronName> Read(string path)
    {
        using var csv = new CsvTable(path, Columns);
        var rows = new List<NeuronName>();
        while (csv.Next()) rows.Add(new NeuronName(csv.Value<ulong>(0), csv.Text(1), csv.Text(2)));
        return rows;
    }
}
