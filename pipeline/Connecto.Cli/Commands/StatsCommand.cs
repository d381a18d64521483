using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto stats DIR`: neurons, synapses, partners, contacts a pair, and the budget of the graph.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var rate = new Option<double?>("--rate")
        {
            Description = "Mean firing rate for the budget, Hz. Default: 0.16, what energy allows human cortex.",
        };
        var degrees = new Option<string?>("--degrees")
        {
            Description = "Answer from a published table of degrees instead (CSV with CellID, Synapses, Degree, Weighted_Degree); dir is then left out.",
        };
        var command = question.OnOptionalDirectory(new Command("stats",
            "Counts neurons, synapses, partners and contacts a pair, components and reciprocity, says how many partners 7,000 synapses are, and " +
            "reckons operations and bytes. As CSV: how often each number of contacts and partners occurs." +
            "\n\nExample:\n  connecto stats out"));
        command.Add(rate);
        command.Add(degrees);
        command.SetWork((parse, _) =>
        {
            var options = parse.GetValue(rate) is { } hz ? new BudgetOptions { MeanRateHz = CheckedRate(hz) } : new BudgetOptions();
            if (parse.GetValue(degrees) is { } file) DegreeAnswer.Give(question, parse, DegreeTable.Read(file), file);
            else Answer(question, parse, options);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Answer(QuestionOptions question, ParseResult parse, BudgetOptions options)
    {
        var connectome = question.Open(parse).Connectome;
        var statistics = ConnectomeStatistics.Of(connectome);
        var budget = ConnectomeBudget.Of(connectome, options);
        if (question.IsForPeople(parse))
        {
            Print(statistics, budget);
            return;
        }
        question.Answer(parse, DegreeAnswer.Histograms(
            ("contactsPerPair", statistics.ContactsPerPair), ("partnersIn", statistics.PartnersIn), ("partnersOut", statistics.PartnersOut),
            ("contactsIn", statistics.ContactsIn), ("contactsOut", statistics.ContactsOut)), new()
            {
                ["statistics"] = JsonSerializer.SerializeToNode(statistics, GraphJson.Options),
                ["budget"] = JsonSerializer.SerializeToNode(budget, GraphJson.Options),
            });
    }

    private static double CheckedRate(double hz) =>
        hz >= 0 && double.IsFinite(hz) ? hz
            : throw new InvalidDataException("--rate must be a number of spikes a second, 0 or more; nothing was read.");

    private static void Print(ConnectomeStatistics s, ConnectomeBudget b)
    {
        Output.WriteTable([
            ["figure", "value"],
            ["neurons", Text(s.Neurons)],
            ["neurons without a synapse", Text(s.IsolatedNeurons)],
            ["synapses (contacts)", Text(s.Synapses)],
            ["synapses with an unknown partner", Text(s.UnassignedSynapses)],
            ["connections (pre, post)", Text(s.Edges)],
            ["reciprocal connections", Text(s.ReciprocalEdges)],
            ["weak components", Text(s.WeakComponents)],
            ["neurons in the largest", Text(s.LargestComponent)],
            ["strong components", Text(s.StrongComponents)],
            ["neurons in the largest strong one", Text(s.LargestStrongComponent)],
        ]);
        Console.Out.WriteLine();
        Output.WriteTable([
            ["distribution", "mean", "median", "max"],
            Row("contacts a pair", s.ContactsPerPair),
            Row("partners in", s.PartnersIn),
            Row("partners out", s.PartnersOut),
            Row("synapses in", s.ContactsIn),
            Row("synapses out", s.ContactsOut),
        ]);
        Console.Out.WriteLine();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"At this graph's {s.Partners.ContactsPerPartner:0.00} contacts a partner, 7,000 synapses are {s.Partners.PartnersOfCorticalNeuron:N0} partners."));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"At {b.Assumed.MeanRateHz:0.##} Hz: {b.OperationsPerSecond:N0} operations a second over synapses, {b.OperationsPerSecondByEdge:N0} over connections."));
        Console.Out.WriteLine();
        Output.WriteTable([
            ["format", "connectivity bytes", "weight bytes", "total bytes"],
            .. b.Formats.Select(f => new[] { f.Format, Text(f.ConnectivityBytes), Text(f.WeightBytes), Text(f.TotalBytes) }),
        ]);
    }

    private static string[] Row(string name, Distribution d) =>
        [name, d.Mean.ToString("0.00", CultureInfo.InvariantCulture), d.Median.ToString("0.#", CultureInfo.InvariantCulture), Text(d.Max)];

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
