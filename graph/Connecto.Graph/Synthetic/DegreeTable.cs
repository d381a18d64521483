using System.Globalization;

namespace Connecto.Graph;

/// <summary>One neuron of a published table of degrees.</summary>
/// <param name="Cell">What the table calls it.</param>
/// <param name="Synapses">All its synapses, also those whose partner is not in the table.</param>
/// <param name="Partners">Its partners.</param>
/// <param name="Contacts">Its synapses with these partners.</param>
public readonly record struct DegreeRow(string Cell, long Synapses, long Partners, long Contacts);

/// <summary>Degrees of published neurons without their edges: CSV with the columns CellID, Synapses, Degree and Weighted_Degree
/// (or WeightedDegree); others are passed over.</summary>
public sealed record DegreeTable
{
    /// <summary>A row a neuron, in the file's order.</summary>
    public required IReadOnlyList<DegreeRow> Rows { get; init; }

    /// <summary>Synapses of a neuron.</summary>
    public required Distribution Synapses { get; init; }

    /// <summary>Partners of a neuron.</summary>
    public required Distribution Partners { get; init; }

    /// <summary>Synapses of a neuron with partners in the table.</summary>
    public required Distribution Contacts { get; init; }

    /// <summary>Contacts / partners over all neurons; 0 without partners.</summary>
    public double ContactsPerPartner => Partners.Sum == 0 ? 0 : (double)Contacts.Sum / Partners.Sum;

    /// <summary>The partners that 7,000 synapses would be at this ratio; 0 without partners.</summary>
    public double PartnersOfCorticalNeuron => ContactsPerPartner == 0 ? 0 : PartnerAnswer.CorticalSynapses / ContactsPerPartner;

    /// <summary>Reads a table.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">A column is missing, a line is cut short, or a number is negative or no whole number;
    /// the message names the line.</exception>
    public static DegreeTable Read(string path)
    {
        using var csv = new CsvTable(path, "CellID", "Synapses", "Degree", Weighted(path));
        var rows = new List<DegreeRow>();
        while (csv.Next()) rows.Add(new DegreeRow(csv.Text(0), Whole(csv, 1), Whole(csv, 2), Whole(csv, 3)));
        return Of(rows);
    }

    /// <summary>A table of rows.</summary>
    public static DegreeTable Of(IReadOnlyList<DegreeRow> rows) => new()
    {
        Rows = rows,
        Synapses = Distribution.Of(rows.Select(r => r.Synapses)),
        Partners = Distribution.Of(rows.Select(r => r.Partners)),
        Contacts = Distribution.Of(rows.Select(r => r.Contacts)),
    };

    /// <summary>True where a file's header has the columns of such a table.</summary>
    public static bool IsOne(string path)
    {
        using var reader = new StreamReader(path);
        var header = (reader.ReadLine() ?? "").Split(',');
        return header.Contains("CellID") && header.Contains("Degree") && header.Contains("Synapses");
    }

    private static string Weighted(string path)
    {
        using var reader = new StreamReader(path);
        return (reader.ReadLine() ?? "").Split(',').Contains("WeightedDegree") ? "WeightedDegree" : "Weighted_Degree";
    }

    private static long Whole(CsvTable csv, int column) =>
        csv.Value<double>(column) is var value && value == Math.Floor(value) && value is >= 0 and < long.MaxValue
            ? (long)value
            : throw csv.Bad(string.Create(CultureInfo.InvariantCulture, $"has {value} where a whole number from 0 was expected"));
}
