using System.CommandLine;
using System.Globalization;
using Connecto.Cli.Questions;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto adjacency DIR --from A --to B`: all connections from one set of neurons to another.</summary>
internal static class AdjacencyCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var (from, to) = Ends.Create();
        var matrix = new Option<bool>("--matrix") { Description = "A row a presynaptic and a column a postsynaptic neuron, contacts in the cells." };
        var command = question.On(new Command("adjacency",
            "All connections from one set of neurons to another, with contacts, size, mean score, and the fraction of all contacts that the " +
            "postsynaptic neuron receives.\n\nExample:\n  connecto adjacency out --from '*' --to 1,2 --csv -"));
        foreach (var option in (Option[])[from, to, matrix]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var source = question.Open(parse);
            int[] pres = Ends.Find(parse, source, from), posts = Ends.Find(parse, source, to);
            var edges = Adjacency.Between(source.Connectome, pres, posts);
            question.Answer(parse, parse.GetValue(matrix) ? Matrix(source, pres, posts) : Rows(source, edges),
                new() { ["from"] = pres.Length, ["to"] = posts.Length, ["connections"] = edges.Length },
                $"{edges.Length} connection(s) from {pres.Length} to {posts.Length} neuron(s).");
            return Task.FromResult(0);
        });
        return command;
    }

    private static AnswerTable Rows(ConnectomeSource source, int[] edges)
    {
        var table = new AnswerTable([
            .. AnswerTable.Neuron(source, "pre"), .. AnswerTable.Neuron(source, "post"), "contacts", "size", "score", "fraction",
        ]);
        var received = new Dictionary<int, long>();
        foreach (var number in edges)
        {
            var edge = source.Connectome[number];
            if (!received.TryGetValue(edge.Post, out var all))
                received[edge.Post] = all = source.Connectome.ContactsOf(edge.Post, Direction.In);
            table.Add([
                .. AnswerTable.Neuron(source, edge.Pre), .. AnswerTable.Neuron(source, edge.Post), edge.Contacts, edge.Size, edge.Score,
                edge.Contacts / (double)all,
            ]);
        }
        return table;
    }

    private static AnswerTable Matrix(ConnectomeSource source, int[] pres, int[] posts)
    {
        var c = source.Connectome;
        var table = new AnswerTable(["pre", .. posts.Select(post => c.IdOf(post).ToString(CultureInfo.InvariantCulture))]);
        foreach (var pre in pres)
            table.Add([
                c.IdOf(pre), .. posts.Select(post => (object?)(c.FindEdge(pre, post) is >= 0 and var edge ? c.ContactCounts[edge] : 0)),
            ]);
        return table;
    }
}
