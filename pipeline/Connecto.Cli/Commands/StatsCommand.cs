using System.CommandLine;
using System.Globalization;
using Connecto.Graph;
using Connecto.Graph.DuckDb;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto stats DIR`: neurons, synapses, partners, contacts a pair, and the budget of the graph.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("dir") { Description = "The run's directory." };
        var rate = new Option<double?>("--rate")
        {
            Description = "Mean firing rate for the budget, Hz. Default: 0.16, what energy allows human cortex.",
        };
        var json = new Option<bool>("--json") { Description = "Print all figures, distributions included, as JSON." };
        var command = new Command("stats",
            "Counts neurons, synapses, partners and contacts a pair, and reckons operations and bytes.\n\nExample:\n  connecto stats out")
        {
            directory, rate, json,
        };
        command.SetWork((parse, _) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(directory));
            RunManifest.Require(run);
            var options = parse.GetValue(rate) is { } hz ? new BudgetOptions { MeanRateHz = CheckedRate(hz) } : new BudgetOptions();
            var connectome = ConnectomeSource.Open(run.Root).Connectome;
            var statistics = ConnectomeStatistics.Of(connectome);
            var budget = ConnectomeBudget.Of(connectome, options);
            if (parse.GetValue(json)) Output.WriteJson(new { statistics, budget });
            else Print(statistics, budget);
            return Task.FromResult(0);
        });
        return command;
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
