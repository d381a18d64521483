using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>The larva brain as its paper publishes it (Winding et al. 2023, Science, add9330, Supplementary Data S1): a zip of
/// matrices, row = presynaptic, one for each pair of axon and dendrite and one for all, and annotations.</summary>
internal static class LarvaMatrices
{
    private const string All = "all-all";

    private static readonly (string Part, string Name)[] Types =
        [("aa", "axo-axonic"), ("ad", "axo-dendritic"), ("da", "dendro-axonic"), ("dd", "dendro-dendritic")];

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var part = options.Part ?? All;
        if (part != All && !Types.Any(t => t.Part == part))
            throw new InvalidDataException($"The larva data has no part '{part}'; aa, ad, da, dd and all-all are there. Nothing was imported.");
        var path = source.Require("Supplementary-Data-S1.zip");
        source.Note(path);
        using var zip = OpenZip(path);
        var neurons = new LabelTable();
        var rows = new ConnectionRows(options, neurons, ListedNeurons.All);
        List<string> notes = [];
        var wanted = Matrix(zip, path, part, neurons, rows);
        if (part == All) notes.Add(CheckSum(zip, path, wanted));
        if (Entry(zip, "annotations.csv") is { } annotations) notes.AddRange(Annotate(annotations, path, neurons));
        return rows.Finish(new ConnectomeProvenance
        {
            Kind = "larva",
            Sources = source.Sources(),
            Rule = AggregationRule.Counts with { Contacts = $"the cell of the {part} matrix" },
            Notes = notes,
        });
    }

    /// <summary>Reads a matrix a row at a time; the neurons of the first one are the neurons.</summary>
    private static Dictionary<(ulong, ulong), long> Matrix(ZipArchive zip, string path, string part, LabelTable neurons, ConnectionRows? rows)
    {
        var name = $"{part}_connectivity_matrix.csv";
        var entry = Entry(zip, name)
            ?? throw new InvalidDataException($"{path} holds no {name}; nothing was imported.");
        using var table = new TextTable($"{path}:{name}", entry.Open());
        var columns = new ulong[table.Header.Count];
        for (var i = 1; i < columns.Length; i++)
            if (!ulong.TryParse(table.Header[i], NumberStyles.None, CultureInfo.InvariantCulture, out columns[i]) || columns[i] == 0)
                throw new InvalidDataException($"The header of {table.Name} has '{table.Header[i]}' where a neuron's id was expected; nothing was imported.");
        var first = neurons.Ids.Count == 0;
        foreach (var id in columns.Skip(1))
            if (first) neurons.Add(id);
            else if (!neurons.Has(id)) throw new InvalidDataException($"The header of {table.Name} names neuron {id}, which {All} does not have; nothing was imported.");
        var cells = new Dictionary<(ulong, ulong), long>();
        var seen = new HashSet<ulong>();
        while (table.Next())
        {
            var pre = table.Id(0);
            if (!neurons.Has(pre)) throw table.Bad($"is of neuron {pre}, which the header does not name");
            if (!seen.Add(pre)) throw table.Bad($"is of neuron {pre} a second time");
            for (var i = 1; i < columns.Length; i++)
            {
                if (table.Field(i).SequenceEqual("0.0"u8)) continue;
                var contacts = table.Whole(i);
                if (contacts == 0) continue;
                if (contacts < 0) throw table.BadValue(i, "a number of contacts from 0");
                cells.Add((pre, columns[i]), contacts);
                rows?.Add(table, pre, columns[i], contacts);
            }
        }
        return seen.Count == columns.Length - 1
            ? cells
            : throw new InvalidDataException($"{table.Name} has {seen.Count} rows for {columns.Length - 1} neurons; it may be cut short; nothing was imported.");
    }

    /// <summary>The four types of contact must add up to all.</summary>
    private static string CheckSum(ZipArchive zip, string path, Dictionary<(ulong, ulong), long> all)
    {
        var sum = new Dictionary<(ulong, ulong), long>();
        var shares = new List<string>();
        foreach (var (part, name) in Types)
        {
            var cells = Matrix(zip, path, part, new LabelTable(), rows: null);
            foreach (var (pair, contacts) in cells) CollectionsMarshal.GetValueRefOrAddDefault(sum, pair, out _) += contacts;
            shares.Add(string.Create(CultureInfo.InvariantCulture, $"{cells.Values.Sum()} {name}"));
        }
        foreach (var (pair, contacts) in all)
            if (sum.GetValueOrDefault(pair) != contacts)
                throw Differs(path, pair, contacts, sum.GetValueOrDefault(pair));
        foreach (var (pair, contacts) in sum)
            if (!all.ContainsKey(pair))
                throw Differs(path, pair, 0, contacts);
        return $"The types of contact add up to all: {string.Join(", ", shares)}.";
    }

    private static IEnumerable<string> Annotate(ZipArchiveEntry entry, string path, LabelTable neurons)
    {
        using var table = new TextTable($"{path}:annotations.csv", entry.Open());
        var (left, right) = (table.Require("left_id"), table.Require("right_id"));
        var (type, more, cluster) = (table.Require("celltype"), table.Find("additional_annotations"), table.Find("level_7_cluster"));
        var strangers = 0;
        while (table.Next())
            foreach (var (column, side, other) in ((int, string, int)[])[(left, "left", right), (right, "right", left)])
            {
                if (table.Text(column) == "no pair") continue;
                var id = table.Id(column);
                if (!neurons.Has(id))
                {
                    strangers++;
                    continue;
                }
                neurons.Set(id, NeuronLabels.Type, table.Text(type));
                neurons.Set(id, NeuronLabels.Side, side);
                if (more >= 0) neurons.Set(id, "annotation", table.Text(more));
                if (cluster >= 0) neurons.Set(id, "cluster", table.Text(cluster));
                if (table.Text(other) != "no pair") neurons.Set(id, "pair", table.Text(other));
            }
        if (strangers > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{strangers} annotations are of neurons that the matrices do not have; they were passed over.");
    }

    private static ZipArchive OpenZip(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is no whole zip file: {e.Message} Nothing was imported.", e);
        }
    }

    private static ZipArchiveEntry? Entry(ZipArchive zip, string name) =>
        zip.Entries.FirstOrDefault(e => e.Name == name && !e.FullName.StartsWith("__MACOSX", StringComparison.Ordinal));

    private static InvalidDataException Differs(string path, (ulong Pre, ulong Post) pair, long all, long sum) => new(
        $"{path}: {pair.Pre} -> {pair.Post} has {all} contacts in {All}, but its four types add up to {sum}; nothing was imported.");
}
