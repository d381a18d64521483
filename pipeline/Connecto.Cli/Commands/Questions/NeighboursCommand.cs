using System.CommandLine;
using System.Text.Json.Nodes;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto neighbours DIR NEURONS --hops K`: all neurons within some synapses' reach.</summary>
internal static class NeighboursCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var neurons = new Argument<string>("neurons") { Description = "Where to start: ids, names, types, or patterns, commas between." };
        var hops = new Option<int?>("--hops") { Description = "The most connections in a row. Default: 2." };
        var follow = new Option<string?>("--follow") { Description = "downstream, upstream or both. Default: downstream." };
        var command = question.On(new Command("neighbours",
            "All neurons within some connections of a set, each with the fewest that lead to it (0 for the set itself)." +
            "\n\nExample:\n  connecto neighbours out 1 --hops 2 --follow both"));
        command.Add(neurons);
        foreach (var option in (Option[])[hops, follow]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var way = Choice.Of(parse, follow,
                ("downstream", Follow.Downstream), ("upstream", Follow.Upstream), ("both", Follow.Both));
            var most = Choice.AtLeast(parse, hops, 0, 2);
            var source = question.Open(parse);
            var found = Neighbourhood.Of(source.Connectome, source.Names.Find(parse.GetRequiredValue(neurons)), most, way);
            var table = new AnswerTable(["hops", .. AnswerTable.Neuron(source)]);
            foreach (var neighbour in found) table.Add([neighbour.Hops, .. AnswerTable.Neuron(source, neighbour.Neuron)]);
            int[] sizes = [.. found.CountBy(n => n.Hops).Select(hop => hop.Value)];
            question.Answer(parse, table, new() { ["neuronsAtHop"] = new JsonArray([.. sizes.Select(s => (JsonNode)s)]) },
                $"{string.Join(", ", sizes.Select((size, hop) => $"{size} at {hop}"))} hop(s).");
            return Task.FromResult(0);
        });
        return command;
    }
}
