using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto richclub DIR`: whether neurons with many partners are connected among themselves.</summary>
internal static class RichClubCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var (random, steps, seed) = Null.Create();
        var threads = Choice.Threads();
        var command = question.On(new Command("richclub",
            "For every number of partners k: the neurons that have more (in and out added up), the density of connections among them, and beside it " +
            "that of random graphs of the same degrees. A ratio above 1 is a rich club.\n\nExample:\n  connecto richclub out --null 50"));
        foreach (var option in (Option[])[random, steps, seed, threads]) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var options = Null.Read(parse, random, steps, seed, Choice.Threads(parse, threads));
            var rows = RichClub.Of(question.Open(parse).Connectome, options, cancellation);
            var table = new AnswerTable("partners", "neurons", "connections", "density", "nullMean", "nullDeviation", "ratio", "zScore");
            foreach (var row in rows)
                table.Add(row.Degree, row.Neurons, row.Edges, row.Density, row.Null?.Mean, row.Null?.Deviation,
                    row.Null is { Mean: > 0 } against ? row.Density / against.Mean : null, row.Null?.ZScore);
            question.Answer(parse, table, new() { ["samples"] = options?.Samples ?? 0 },
                "Rows are neurons with more partners than the number in the first column.");
            return Task.FromResult(0);
        });
        return command;
    }
}
