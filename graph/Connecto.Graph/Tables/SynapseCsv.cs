using System.Globalization;

namespace Connecto.Graph;

/// <summary>A synapse table as CSV: id, pre, post, the cleft's z_nm, y_nm, x_nm, the sites' pre_z_nm ... post_x_nm, size,
/// score, block. Numbers are invariant and read back to the same bits.</summary>
public static class SynapseCsv
{
    private static readonly string[] Columns =
    [
        "id", "pre", "post", "z_nm", "y_nm", "x_nm", "pre_z_nm", "pre_y_nm", "pre_x_nm",
        "post_z_nm", "post_y_nm", "post_x_nm", "size", "score", "block",
    ];

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<Synapse> synapses) => WholeFile.Write(path, writer =>
    {
        writer.WriteLine(string.Join(',', Columns));
        foreach (var s in synapses)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{s.Id},{s.Pre},{s.Post},{Text(s.Cleft)},{Text(s.PreSite)},{Text(s.PostSite)},{s.Size},{s.Score},{s.Block}"));
    });

    /// <summary>Writes all rows of a table.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, SynapseTable synapses) => Write(path, synapses.Rows());

    /// <summary>Reads a file; columns may stand in any order, and others are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">A column is missing, a line is cut short or holds no number where one
    /// belongs (the message names the line), or the rows are no <see cref="SynapseTable"/>.</exception>
    public static SynapseTable Read(string path)
    {
        using var csv = new CsvTable(path, Columns);
        var rows = new List<Synapse>();
        while (csv.Next())
            rows.Add(new Synapse(
                csv.Value<ulong>(0), csv.Value<ulong>(1), csv.Value<ulong>(2),
                SiteAt(csv, 3), SiteAt(csv, 6), SiteAt(csv, 9),
                csv.Value<long>(12), csv.Value<float>(13), csv.Value<int>(14)));
        return SynapseTable.From(rows);
    }

    private static string Text(Site s) => string.Create(CultureInfo.InvariantCulture, $"{s.Z},{s.Y},{s.X}");

    private static Site SiteAt(CsvTable csv, int column) =>
        new(csv.Value<float>(column), csv.Value<float>(column + 1), csv.Value<float>(column + 2));
}
