using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto motifs DIR`: all threes of neurons by kind, against random graphs of the same degrees.</summary>
internal static class MotifsCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var (random, steps, seed) = Null.Create();
        var threads = Choice.Threads();
        var command = question.On(new Command("motifs",
            "The exact census of all threes of neurons in 16 kinds, and beside it that of random graphs in which every neuron keeps its number of " +
            "partners, in and out: mean, standard deviation and z-score.\n\nExample:\n  connecto motifs out --null 50 --seed 1"));
        foreach (var option in (Option[])[random, steps, seed, threads]) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var options = Null.Read(parse, random, steps, seed, Choice.Threads(parse, threads));
            var connectome = question.Open(parse).Connectome;
            var table = new AnswerTable("class", "kind", "count", "nullMean", "nullDeviation", "zScore");
            if (options is null)
            {
                var census = TriadCensus.Of(connectome, Choice.Threads(parse, threads), cancellation);
                foreach (var kind in Enum.GetValues<TriadClass>())
                    table.Add(TriadCensus.Labels[(int)kind], Name(kind), census[kind], null, null, null);
            }
            else
            {
                foreach (var row in TriadSignificance.Of(connectome, options, cancellation).Rows)
                    table.Add(row.Label, Name(row.Kind), row.Count, row.Null.Mean, row.Null.Deviation, row.Null.ZScore);
            }
            question.Answer(parse, table,
                new() { ["neurons"] = connectome.NeuronCount, ["connections"] = connectome.EdgeCount, ["samples"] = options?.Samples ?? 0 },
                options is null ? "No random graphs were drawn (--null)."
                    : $"{options.Samples} random graphs of the same degrees, {options.StepsPerEdge:0.#} switches a connection tried, seed {options.Seed}; a z-score is empty where all of them agree.");
            return Task.FromResult(0);
        });
        return command;
    }

    // AllButOne becomes "all but one".
    private static string Name(TriadClass kind) =>
        string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
