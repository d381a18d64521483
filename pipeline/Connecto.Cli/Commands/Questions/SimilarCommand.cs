using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto similar DIR NEURONS`: neurons with like connections.</summary>
internal static class SimilarCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var neurons = new Argument<string>("neurons") { Description = "One neuron, to be compared with all; or several, to be compared with each other." };
        var side = new Option<string?>("--side") { Description = "inputs, outputs or both. Default: both." };
        var command = question.On(new Command("similar",
            "Cosine similarity of connectivity: the inner product of two neurons' rows of contacts / (root of the sums of squares). One neuron is " +
            "compared with all that share a partner with it, several with each other.\n\nExample:\n  connecto similar out 1 --side inputs --top 10"));
        command.Add(neurons);
        command.Add(side);
        command.SetWork((parse, _) =>
        {
            var compared = Choice.Of(parse, side,
                ("both", SimilaritySide.Both), ("inputs", SimilaritySide.Inputs), ("outputs", SimilaritySide.Outputs));
            var source = question.Open(parse);
            var set = source.Names.Find(parse.GetRequiredValue(neurons));
            if (set.Length == 1)
            {
                var table = new AnswerTable([.. AnswerTable.Neuron(source), "cosine", "sharedPartners"]);
                foreach (var other in ConnectivitySimilarity.To(source.Connectome, set[0], compared))
                    table.Add([.. AnswerTable.Neuron(source, other.Neuron), other.Cosine, other.SharedPartners]);
                question.Answer(parse, table, sentences: $"{table.Count} neuron(s) share a partner with it; all others have similarity 0.");
                return Task.FromResult(0);
            }
            var matrix = ConnectivitySimilarity.Matrix(source.Connectome, set, compared);
            var pairs = new List<(int A, int B, double Cosine)>();
            for (var a = 0; a < set.Length; a++)
                for (var b = a + 1; b < set.Length; b++)
                    pairs.Add((set[a], set[b], matrix[a, b]));
            var answer = new AnswerTable([.. AnswerTable.Neuron(source, "a"), .. AnswerTable.Neuron(source, "b"), "cosine"]);
            foreach (var (a, b, cosine) in pairs.OrderByDescending(p => p.Cosine))
                answer.Add([.. AnswerTable.Neuron(source, a), .. AnswerTable.Neuron(source, b), cosine]);
            question.Answer(parse, answer, sentences: $"{answer.Count} pair(s) of {set.Length} neurons.");
            return Task.FromResult(0);
        });
        return command;
    }
}
