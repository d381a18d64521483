using System.CommandLine;
using System.Globalization;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto path DIR --from A --to B`: the shortest, strongest or widest way.</summary>
internal static class PathCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var (from, to) = Ends.Create();
        var by = new Option<string?>("--by")
        {
            Description = "hops: fewest connections. strength: largest product of fractions (contacts / all contacts that the postsynaptic neuron " +
                "receives). contacts: most contacts in the weakest connection, then fewest connections. Default: strength.",
        };
        var command = question.On(new Command("path",
            "One best way along synapses from a neuron, or the best of a set, to another.\n\nExample:\n  connecto path out --from 1 --to 2 --by strength"));
        foreach (var option in (Option[])[from, to, by]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var search = Choice.Of<Func<PathFinder, int[], int[], NeuronPath?>>(parse, by,
                ("strength", (finder, a, b) => finder.Strongest(a, b)), ("hops", (finder, a, b) => finder.Shortest(a, b)),
                ("contacts", (finder, a, b) => finder.Widest(a, b)));
            var source = question.Open(parse);
            int[] starts = Ends.Find(parse, source, from), ends = Ends.Find(parse, source, to);
            if (starts.Intersect(ends).Select(n => source.Connectome.IdOf(n)).ToArray() is [var both, ..])
                throw new InvalidDataException($"Neuron {both} is in both --from and --to, so no way is needed; nothing was answered.");
            var path = search(new PathFinder(source.Connectome), starts, ends);
            var table = new AnswerTable([
                "step", .. AnswerTable.Neuron(source, "pre"), .. AnswerTable.Neuron(source, "post"), "contacts", "size", "score", "fraction",
            ]);
            for (var step = 0; step < path?.Edges.Count; step++)
            {
                var edge = source.Connectome[path.Edges[step]];
                table.Add([
                    step + 1, .. AnswerTable.Neuron(source, edge.Pre), .. AnswerTable.Neuron(source, edge.Post), edge.Contacts, edge.Size,
                    edge.Score, path.Fractions[step],
                ]);
            }
            question.Answer(parse, table,
                new() { ["found"] = path is not null, ["hops"] = path?.Edges.Count, ["strength"] = path?.Strength, ["leastContacts"] = path?.LeastContacts },
                path is null ? "No way leads there." : string.Create(CultureInfo.InvariantCulture,
                    $"{path.Edges.Count} connection(s), strength {path.Strength:0.######}, at least {path.LeastContacts} contact(s) each."));
            return Task.FromResult(0);
        });
        return command;
    }
}
