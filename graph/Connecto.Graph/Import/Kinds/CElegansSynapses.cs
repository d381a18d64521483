namespace Connecto.Graph;

/// <summary>C. elegans through development (Witvliet et al. 2021, Nature): a row a synaptic partner, with dataset (one of
/// eight animals), pre, post, syn_id (the presynaptic site; several partners share it), sections and size (voxels).</summary>
internal static class CElegansSynapses
{
    private const string Default = "Dataset8";

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("synapse_list.csv");
        var (animal, others, names) = Survey(source, path, options.Part ?? Default);
        var neurons = new LabelTable();
        foreach (var (name, id) in names)
        {
            neurons.Add(id);
            neurons.Set(id, NeuronLabels.Name, name);
        }
        WormNames.Annotate(source, neurons, names);
        var rows = new SynapseRows(options);
        var unmeasured = 0;
        return rows.Finish(Rows(), SynapseFields.Size | SynapseFields.Score | SynapseFields.Block, neurons, ListedNeurons.All, notes => new ConnectomeProvenance
        {
            Kind = "celegans",
            Sources = source.Sources(),
            Rule = AggregationRule.Synapses with
            {
                Name = "celegans-partners",
                Contacts = "the partners of the pair's presynaptic sites, each once (its id is the row, its block the site's syn_id)",
                Score = "the mean number of sections of its contacts",
            },
            Notes =
            [
                .. notes,
                $"The animal is {animal}; {string.Join(", ", others)} are in the file as well.",
                .. unmeasured == 0 ? (string[])[] : [FormattableString.Invariant($"{unmeasured} contacts have no sections and the size -1, not measured; their size and score are 0.")],
            ],
        });

        IEnumerable<Synapse> Rows()
        {
            using var table = source.Open(path);
            int dataset = table.Require("dataset"), pre = table.Require("pre"), post = table.Require("post");
            int site = table.Require("syn_id"), sections = table.Require("sections"), size = table.Require("size");
            while (table.Next())
            {
                if (table.Text(dataset) != animal) continue;
                var block = table.Whole(site);
                if (block is < 0 or > int.MaxValue) throw table.BadValue(site, "an id from 0 to 2147483647");
                var unknown = table.IsEmpty(sections) && table.Whole(size) == -1;
                if (unknown) unmeasured++;
                var cuts = unknown || table.IsEmpty(sections) ? 0 : table.Number(sections);
                if (cuts < 0) throw table.BadValue(sections, "a number of sections from 0");
                yield return rows.Check(table, new Synapse(
                    (ulong)table.Row, names[table.Text(pre).Trim()], names[table.Text(post).Trim()], default, default, default,
                    unknown ? 0 : table.Whole(size), (float)cuts, (int)block));
            }
        }
    }

    private static (string Animal, string[] Others, SortedDictionary<string, ulong> Names) Survey(ImportSource source, string path, string wanted)
    {
        using var table = source.Open(path);
        int dataset = table.Require("dataset"), pre = table.Require("pre"), post = table.Require("post");
        var animals = new SortedSet<string>(StringComparer.Ordinal);
        var names = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        while (table.Next())
        {
            animals.Add(table.Text(dataset));
            if (table.IsEmpty(pre)) throw table.BadValue(pre, "a neuron's name");
            if (table.IsEmpty(post)) throw table.BadValue(post, "a neuron's name");
            if (table.Text(dataset) != wanted) continue;
            names[table.Text(pre).Trim()] = 0;
            names[table.Text(post).Trim()] = 0;
        }
        return animals.Remove(wanted)
            ? (wanted, [.. animals], NamedNeurons.Number(names))
            : throw new InvalidDataException($"{path} has no animal '{wanted}'; {string.Join(", ", animals)} are there. Nothing was imported.");
    }
}

/// <summary>The classes of the worm's neurons: a name is its class, then its place, as ADAL is the left of ADA.</summary>
internal static class WormNames
{
    public static void Annotate(ImportSource source, LabelTable neurons, IReadOnlyDictionary<string, ulong> names)
    {
        if (source.Beside("_neurons.csv") is not { } file) return;
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var table = source.Open(file))
        {
            int name = table.Require("class"), type = table.Require("type");
            while (table.Next()) types[table.Text(name).Trim()] = table.Text(type).Trim();
        }
        foreach (var (name, id) in names)
        {
            var known = Enumerable.Range(0, name.Length).Select(cut => name[..^cut])
                .FirstOrDefault(prefix => types.ContainsKey(prefix) && name.AsSpan(prefix.Length).IndexOfAnyExcept("LRDV0123456789") < 0);
            if (known is null) continue;
            neurons.Set(id, NeuronLabels.Type, known);
            neurons.Set(id, NeuronLabels.Class, types[known]);
            if (name[^1] is 'L' or 'R' && name.Length > known.Length) neurons.Set(id, NeuronLabels.Side, name[^1] == 'L' ? "left" : "right");
        }
    }
}
