using System.CommandLine;
using System.Globalization;
using Connecto.Cli.Questions;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto why` and `connecto contacts`: the synapses behind weights.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var (from, to) = Ends.Create();
        var command = question.On(new Command("why",
            "Why a connection has its weight: every synapse behind it with its id, places in nm, size and score, and the rule that made them a " +
            "weight.\n\nExample:\n  connecto why out --from 1 --to 2"));
        foreach (var option in (Option[])[from, to]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var source = question.Open(parse);
            int[] pres = Ends.Find(parse, source, from), posts = Ends.Find(parse, source, to);
            Answer(question, parse, source, Adjacency.Between(source.Connectome, pres, posts));
            return Task.FromResult(0);
        });
        return command;
    }

    public static Command CreateContacts()
    {
        var question = new QuestionOptions();
        var (from, to) = Ends.Create();
        var command = question.On(new Command("contacts",
            "All contacts in a box, near a point, or of chosen neurons; without --from and --to of all neurons." +
            "\n\nExample:\n  connecto contacts out --near 400,1000,1000 --within 500"));
        foreach (var option in (Option[])[from, to]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var source = question.Open(parse);
            int[] pres = source.Names.Find(parse.GetValue(from) ?? "*"), posts = source.Names.Find(parse.GetValue(to) ?? "*");
            Answer(question, parse, source, Adjacency.Between(source.Connectome, pres, posts));
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Answer(QuestionOptions question, ParseResult parse, ConnectomeSource source, int[] edges)
    {
        var c = source.Connectome;
        var table = c.Synapses.Count > 0 ? ContactRows(source, edges) : CountRows(source, edges);
        long contacts = edges.Sum(e => (long)c.ContactCounts[e]), size = edges.Sum(e => c.Sizes[e]);
        var score = contacts == 0 ? 0 : edges.Sum(e => c.ContactCounts[e] * (double)c.Scores[e]) / contacts;
        var counted = c.Synapses.Count > 0 ? 0 : contacts;
        var behind = edges.Length == 0 ? " No neuron of the first set makes a contact with one of the second."
            : counted == 0 ? ""
            : " The contacts are known by their number alone, a row a connection: this connectome has counted connections.";
        question.Answer(parse, table,
            new()
            {
                ["connections"] = edges.Length,
                ["contacts"] = contacts,
                ["size"] = size,
                ["meanScore"] = score,
                ["countedOnly"] = counted,
                ["rule"] = source.Rule,
            },
            string.Create(CultureInfo.InvariantCulture,
                $"{edges.Length} connection(s) of {contacts} contact(s), size {size}, mean score {score:0.###}.{behind}"),
            $"Rule: {source.Rule}.");
    }

    private static AnswerTable ContactRows(ConnectomeSource source, int[] edges)
    {
        var c = source.Connectome;
        var table = new AnswerTable([
            .. AnswerTable.Neuron(source, "pre"), .. AnswerTable.Neuron(source, "post"), "synapse", "zNm", "yNm", "xNm", "preZNm", "preYNm",
            "preXNm", "postZNm", "postYNm", "postXNm", "size", "score", "block",
        ]);
        foreach (var edge in edges)
            foreach (var row in c.Contacts(edge))
            {
                var s = c.Synapses[row];
                table.Add([
                    .. AnswerTable.Neuron(source, c.Pre[edge]), .. AnswerTable.Neuron(source, c.Post[edge]), s.Id, s.Cleft.Z, s.Cleft.Y,
                    s.Cleft.X, s.PreSite.Z, s.PreSite.Y, s.PreSite.X, s.PostSite.Z, s.PostSite.Y, s.PostSite.X, s.Size, s.Score, s.Block,
                ]);
            }
        return table;
    }

    private static AnswerTable CountRows(ConnectomeSource source, int[] edges)
    {
        var c = source.Connectome;
        var table = new AnswerTable([.. AnswerTable.Neuron(source, "pre"), .. AnswerTable.Neuron(source, "post"), "contacts", "size", "score", "sign"]);
        foreach (var edge in edges)
            table.Add([
                .. AnswerTable.Neuron(source, c.Pre[edge]), .. AnswerTable.Neuron(source, c.Post[edge]), c.ContactCounts[edge], c.Sizes[edge],
                c.Scores[edge], c[edge].Sign,
            ]);
        return table;
    }
}
