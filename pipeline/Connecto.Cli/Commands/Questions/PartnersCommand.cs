using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto partners DIR NEURONS`: who they are connected with, and how strongly.</summary>
internal static class PartnersCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var neurons = new Argument<string>("neurons") { Description = "Ids, names, types, or patterns of them as in PN*, commas between; '*' is all." };
        var direction = new Option<string?>("--direction") { Description = "in (upstream), out (downstream) or both. Default: both." };
        var common = new Option<bool>("--common") { Description = "Only partners that all of the neurons share." };
        var atLeast = new Option<int?>("--at-least") { Description = "Only partners that at least so many of the neurons share." };
        var command = question.On(new Command("partners",
            "Partners of a neuron, or of several taken together, the strongest first: how many of the neurons each is connected with (members), " +
            "contacts, size, and its fraction of all their contacts in that direction. With --common or --at-least those of the most members come first.\n\nExample:\n  connecto partners out 1 --direction in --top 10"));
        command.Add(neurons);
        foreach (var option in (Option[])[direction, common, atLeast]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var directions = Choice.Of<Direction[]>(parse, direction,
                ("both", [Direction.In, Direction.Out]), ("in", [Direction.In]), ("out", [Direction.Out]));
            var least = Choice.AtLeast(parse, atLeast, 1, 1);
            var source = question.Open(parse);
            var set = source.Names.Find(parse.GetRequiredValue(neurons));
            if (parse.GetValue(common)) least = set.Length;
            var table = new AnswerTable([
                "direction", .. AnswerTable.Neuron(source), "members", "contacts", "size", "fraction",
            ]);
            foreach (var way in directions)
                foreach (var partner in least == 1 ? PartnerQuery.Of(source.Connectome, set, way) : PartnerQuery.Common(source.Connectome, set, way, least))
                    table.Add([
                        way == Direction.In ? "in" : "out", .. AnswerTable.Neuron(source, partner.Neuron), partner.Members, partner.Contacts,
                        partner.Size, partner.Fraction,
                    ]);
            question.Answer(parse, table, new() { ["neurons"] = set.Length },
                $"{set.Length} neuron(s); {table.Count} partner(s){(directions.Length > 1 ? ", counted a direction" : "")}.");
            return Task.FromResult(0);
        });
        return command;
    }
}
