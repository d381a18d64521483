using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto centrality DIR`: figures of every neuron, from its degree to its betweenness.</summary>
internal static class CentralityCommand
{
    private static readonly string[] Measures = ["degree", "pagerank", "core", "components", "harmonic", "betweenness"];

    public static Command Create()
    {
        var question = new QuestionOptions();
        var neurons = new Option<string?>("--neurons") { Description = "Rows of these alone: ids, names, types or patterns. Default: all." };
        var by = new Option<string?>("--by")
        {
            Description = $"Any of {string.Join(", ", Measures)}, commas between; the first sorts the rows. Default: degree,pagerank,core,components.",
        };
        var sources = new Option<int?>("--sources")
        {
            Description = "Neurons that betweenness is reckoned from, drawn at random and scaled up. Default: all, which is exact.",
        };
        var seed = new Option<long?>("--seed") { Description = "Seed of that draw. Default: 1." };
        var threads = Choice.Threads();
        var command = question.On(new Command("centrality",
            "Figures of each neuron. degree: partners and contacts. pagerank: damping 0.85, by contacts. core: the largest k whose k-core it is in. " +
            "components: the parts it belongs to, weak (direction ignored) and strong. harmonic: mean of 1 / hops from all others to it. betweenness: " +
            "on how many shortest ways of two others it lies.\n\nExample:\n  connecto centrality out --by betweenness,degree --top 10"));
        foreach (var option in (Option[])[neurons, by, sources, seed, threads]) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var asked = (parse.GetValue(by) ?? "degree,pagerank,core,components").Split(',', StringSplitOptions.TrimEntries);
            foreach (var measure in asked)
                if (!Measures.Contains(measure))
                    throw new InvalidDataException($"--by '{measure}' is none of {string.Join(", ", Measures)}; nothing was answered.");
            var options = new CentralityOptions
            {
                Sources = parse.GetValue(sources) is null ? null : Choice.AtLeast(parse, sources, 1, 1),
                Seed = (ulong)(parse.GetValue(seed) ?? 1),
                Threads = Choice.Threads(parse, threads),
            };
            var source = question.Open(parse);
            var chosen = source.Names.Find(parse.GetValue(neurons) ?? "*");
            var figures = asked.Distinct().SelectMany(m => Columns(source.Connectome, m, chosen, options, cancellation)).ToArray();
            var table = new AnswerTable([.. AnswerTable.Neuron(source), .. figures.Select(f => f.Name)]);
            foreach (var row in Enumerable.Range(0, chosen.Length).OrderByDescending(i => figures[0].Values[i]))
                table.Add([.. AnswerTable.Neuron(source, chosen[row]), .. figures.Select(f => f.IsWhole ? (object)(long)f.Values[row] : f.Values[row])]);
            question.Answer(parse, table, sentences: $"{table.Count} neuron(s), by {figures[0].Name}.");
            return Task.FromResult(0);
        });
        return command;
    }

    private sealed record Figure(string Name, double[] Values, bool IsWhole);

    private static IEnumerable<Figure> Columns(
        Connectome c, string measure, int[] chosen, CentralityOptions options, CancellationToken cancellation)
    {
        Figure Whole(string name, Func<int, double> value) => new(name, [.. chosen.Select(value)], true);
        Figure Real(string name, double[] values) => new(name, [.. chosen.Select(n => values[n])], false);
        switch (measure)
        {
            case "degree":
                return
                [
                    Whole("partners", n => c.Degree(n, Direction.In) + c.Degree(n, Direction.Out)),
                    Whole("partnersIn", n => c.Degree(n, Direction.In)), Whole("partnersOut", n => c.Degree(n, Direction.Out)),
                    Whole("contactsIn", n => c.ContactsOf(n, Direction.In)), Whole("contactsOut", n => c.ContactsOf(n, Direction.Out)),
                ];
            case "pagerank": return [Real("pagerank", PageRank.Of(c))];
            case "core":
                var cores = CoreNumbers.Of(c);
                return [Whole("core", n => cores[n])];
            case "components":
                int[] weak = WeakComponents.Label(c), strong = StrongParts.Label(c);
                return [Whole("weakComponent", n => weak[n]), Whole("strongComponent", n => strong[n])];
            case "harmonic":
                return [new("harmonic", HarmonicCloseness.Of(c, chosen, Direction.In, options.Threads, cancellation), false)];
            default: return [Real("betweenness", Betweenness.Of(c, options, cancellation))];
        }
    }
}
