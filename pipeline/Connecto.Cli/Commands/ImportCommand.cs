using System.CommandLine;
using System.Globalization;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto import [KIND] PATH --out DIR`: a published connectome becomes a folder that questions are asked of.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("kind and path")
        {
            Description = $"PATH, or KIND PATH. A file or folder; its kind is told from it, or named: {string.Join(", ", ImportKind.All.Select(k => k.Name))}.",
            Arity = new ArgumentArity(1, 2),
        };
        var output = new Option<string>("--out") { Description = "Folder to write; absent, empty, or an earlier import.", Required = true };
        var part = new Option<string?>("--part")
        {
            Description = "larva: aa, ad, da, dd or all-all (default); celegans: an animal (Dataset8); celegans-edges: chemical (default), electrical or all.",
        };
        var regions = new Option<string?>("--neuropil", "--roi")
        {
            Description = "flywire: only connections in these neuropils; hemibrain: in these regions. Names or patterns as in 'AL_?,MB*', commas between. Default: all.",
        };
        var extent = new Option<int>("--extent") { Description = "flyvis: columns from the middle to the edge; e makes 3 e (e + 1) + 1.", DefaultValueFactory = _ => 15 };
        var gaps = new Option<double>("--gap-synapses") { Description = "flyvis: synapses to set in gaps inside filters, as its model does with 1. Default: none." };
        var voxel = new Option<string?>("--voxel-size") { Description = "cave: nanometres of one unit of a position, z,y,x. Default: 1,1,1." };
        var autapses = new Option<AutapseRule>("--autapses") { Description = "Connections of a neuron with itself: keep, drop or refuse.", DefaultValueFactory = _ => AutapseRule.Keep };
        var dangling = new Option<DanglingRule>("--dangling") { Description = "Connections of neurons that are not listed: refuse, add or drop.", DefaultValueFactory = _ => DanglingRule.Refuse };
        var pre = new Option<string?>("--pre") { Description = "edges: the column of presynaptic neurons." };
        var post = new Option<string?>("--post") { Description = "edges: the column of postsynaptic neurons." };
        var count = new Option<string?>("--count") { Description = "edges: the column of counts; below zero inhibits." };
        var memory = MemorySize.Option("for sorting synapses and for writing tables; what is more goes to disk beside --out");
        var json = new Option<bool>("--json") { Description = "Print what was found as JSON." };
        var command = new Command("import",
            "Imports a published connectome: checks every row, then stores columns to be mapped and Parquet tables.\n\nExample:\n" +
            "  connecto import larva Supplementary-Data-S1.zip --out larva\n" +
            "  connecto import flywire codex/ --neuropil 'AL_*' --out antennal-lobes")
        {
            words, output, part, regions, extent, gaps, voxel, autapses, dangling, pre, post, count, memory, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var given = parse.GetRequiredValue(words);
            var summary = ConnectomeImport.Run(given.Length == 2 ? given[0] : null, given[^1], parse.GetRequiredValue(output), new ImportOptions
            {
                Part = parse.GetValue(part),
                Regions = parse.GetValue(regions),
                Extent = parse.GetValue(extent),
                GapSynapses = parse.GetValue(gaps),
                Voxel = Voxel(parse.GetValue(voxel)),
                Autapses = parse.GetValue(autapses),
                Dangling = parse.GetValue(dangling),
                PreColumn = parse.GetValue(pre),
                PostColumn = parse.GetValue(post),
                CountColumn = parse.GetValue(count),
                MemoryBytes = MemorySize.Of(parse.GetValue(memory)),
            }, cancellation);
            if (parse.GetValue(json)) Output.WriteJson(summary);
            else Print(summary);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Site Voxel(string? text)
    {
        if (text is null) return new Site(1, 1, 1);
        var parts = text.Split(',');
        Span<float> zyx = stackalloc float[3];
        for (var i = 0; i < 3; i++)
            if (parts.Length != 3 || !float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out zyx[i]) || !(zyx[i] > 0) || !float.IsFinite(zyx[i]))
                throw new InvalidDataException($"--voxel-size '{text}' is not three positive numbers z,y,x of nanometres; nothing was imported.");
        return new Site(zyx[0], zyx[1], zyx[2]);
    }

    private static void Print(ImportSummary s)
    {
        Output.WriteTable([
            ["figure", "value"],
            ["neurons", Text(s.Neurons)],
            ["connections (pre, post)", Text(s.Edges)],
            ["contacts", Text(s.Contacts)],
            ["contacts of a neuron with itself", Text(s.Autapses)],
            ["synapses with an unknown partner", Text(s.Unassigned)],
        ]);
        Console.Out.WriteLine();
        if (s.Labels.Count > 0) Console.Out.WriteLine($"Labels: {string.Join(", ", s.Labels)}.");
        Console.Out.WriteLine($"Rule '{s.Provenance.Rule.Name}': contacts are {s.Provenance.Rule.Contacts}.");
        foreach (var note in s.Provenance.Notes) Console.Out.WriteLine(note);
        Console.Out.WriteLine($"Imported as '{s.Kind}' into {s.Directory}.");
    }

    private static string Text(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
