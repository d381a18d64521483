using System.CommandLine;
using System.Globalization;
using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Sparse;

namespace Connecto.Cli.Commands;

/// <summary>`connecto budget DIR`: operations and bytes of a graph, and what that is on this machine.</summary>
internal static class BudgetCommand
{
    public static Command Create()
    {
        var defaults = new BudgetOptions();
        var directory = new Argument<string?>("dir") { Description = "A run's directory, or any other that holds a connectome. Without: the table of scales alone.", Arity = ArgumentArity.ZeroOrOne };
        var rate = new Option<double?>("--rate-hz") { Description = $"Mean rate of the neurons that fire, Hz. Default: {defaults.MeanRateHz}, what energy allows human cortex." };
        var active = new Option<double?>("--active-fraction") { Description = "Share of neurons that fire at all, 0 to 1. Default: 1." };
        var steps = new Option<double?>("--step-hz") { Description = $"Steps a second where every step reads every weight. Default: {defaults.StepRateHz}." };
        var bandwidth = new Option<double?>("--bandwidth") { Description = "Memory bandwidth of one thread, GB/s. Default: measured." };
        var memory = new Option<double?>("--memory-gb") { Description = "Memory, GB. Default: this machine's." };
        var drive = new Option<double?>("--drive-bandwidth") { Description = "Bandwidth of a drive, GB/s. Default: 7 (PCIe 4.0 x4)." };
        var json = new Option<bool>("--json") { Description = "Print all figures as JSON." };
        var command = new Command("budget",
            "Reckons what the keynote reckons for cortex: operations a second at given rates, bytes of connectivity and weights in each format, what that " +
            "is on this machine, how activity changes it; and the same for 10^9 to 10^14 synapses.\n\nExample:\n  connecto budget out --rate-hz 5 --active-fraction 0.1")
        {
            directory, rate, active, steps, bandwidth, memory, drive, json,
        };
        command.SetWork((parse, _) =>
        {
            var assumed = new BudgetOptions
            {
                MeanRateHz = Positive(parse, rate) ?? defaults.MeanRateHz,
                ActiveFraction = parse.GetValue(active) ?? 1,
                StepRateHz = Positive(parse, steps) ?? defaults.StepRateHz,
            };
            if (!(assumed.ActiveFraction is >= 0 and <= 1))
                throw new InvalidDataException(FormattableString.Invariant($"--active-fraction {assumed.ActiveFraction} is not between 0 and 1; nothing was reckoned."));
            var machine = new MachineLimits
            {
                MemoryBytes = Positive(parse, memory) * 1e9 ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                MemoryBytesPerSecond = Positive(parse, bandwidth) * 1e9 ?? MachineProfile.Current.MemoryBytesPerNs * 1e9,
            };
            if (Positive(parse, drive) is { } speed) machine = machine with { DriveBytesPerSecond = speed * 1e9 };
            var graph = parse.GetValue(directory) is { } path ? Read(path, assumed) : null;
            var runs = graph is null ? null : RunBudget.Of(graph, machine);
            var scales = ScaleBudget.Table(assumed, machine);
            if (parse.GetValue(json)) Output.WriteJson(new { assumed, machine, graph, runs, scales });
            else Print(assumed, machine, graph, runs, scales);
            return Task.FromResult(0);
        });
        return command;
    }

    private static ConnectomeBudget Read(string path, BudgetOptions assumed)
    {
        using var connectome = ConnectomeSource.Open(path).Connectome;
        return ConnectomeBudget.Of(connectome, assumed);
    }

    private static double? Positive(ParseResult parse, Option<double?> option) => parse.GetValue(option) switch
    {
        null => null,
        var value when value > 0 && double.IsFinite(value.Value) => value,
        var value => throw new InvalidDataException(FormattableString.Invariant($"{option.Name} must be above 0, but is {value}; nothing was reckoned.")),
    };

    private static void Print(
        BudgetOptions assumed, MachineLimits machine, ConnectomeBudget? graph, IReadOnlyList<RunBudget>? runs, IReadOnlyList<ScaleBudget> scales)
    {
        Say($"{assumed.ActiveFraction:P0} of the neurons fire at {assumed.MeanRateHz:0.###} Hz; {Unit(machine.MemoryBytes)}B of memory, {Unit(machine.MemoryBytesPerSecond)}B/s from it.");
        Console.Out.WriteLine();
        if (graph is not null)
        {
            Say($"{graph.Neurons:N0} neurons, {graph.Edges:N0} connections, {graph.Synapses:N0} synapses; {graph.OperationsPerSecond:N0} operations a second by synapse, {graph.OperationsPerSecondByEdge:N0} by connection.");
            Console.Out.WriteLine();
            Output.WriteTable([
                ["format", "connectivity", "weights", "bytes", "sweeps a second"],
                .. graph.Formats.Select(f => new[]
                {
                    f.Format, Unit(f.ConnectivityBytes), Unit(f.WeightBytes), Unit(f.TotalBytes), Unit(machine.MemoryBytesPerSecond / Math.Max(1, f.TotalBytes)),
                }),
            ]);
            Console.Out.WriteLine();
            Output.WriteTable([
                ["a biological second", "operations", "bytes moved", "bytes held", "seconds at this bandwidth"],
                .. runs!.Select(r => new[] { r.Way, Unit(r.Operations), Unit(r.Bytes), Unit(r.Holds), r.SecondsAtMemory.ToString("G3", CultureInfo.InvariantCulture) }),
            ]);
            Console.Out.WriteLine();
        }
        Output.WriteTable([
            ["synapses", "bytes", "events/s", "bytes/s", "memories", "drives", "s at memory", "s over a slot", "s from a drive", "limits met"],
            .. scales.Select(s => new[]
            {
                Unit(s.Synapses), Unit(s.Bytes), Unit(s.EventsPerSecond), Unit(s.BytesPerSecond), s.Machines.ToString("N0", CultureInfo.InvariantCulture),
                s.Drives.ToString("N0", CultureInfo.InvariantCulture), Seconds(s.SlowerAtMemory), Seconds(s.SlowerAtSlot), Seconds(s.SlowerAtDrive), s.Limit,
            }),
        ]);
        Say($"At {ScaleBudget.BytesPerSynapse} bytes a synapse; s: seconds of one machine's bandwidth that a biological second takes. Assumed: a drive of {Unit(machine.DriveBytes)}B and {Unit(machine.DriveBytesPerSecond)}B/s, a slot of {Unit(machine.SlotBytesPerSecond)}B/s.");
    }

    private static string Seconds(double value) => value.ToString(value < 10 ? "0.###" : "N0", CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) => Console.Out.WriteLine(FormattableString.Invariant(text));

    private static string Unit(double value)
    {
        string[] units = ["", " k", " M", " G", " T", " P", " E", " Z"];
        var unit = 0;
        for (; Math.Abs(value) >= 999.5 && unit < units.Length - 1; unit++) value /= 1000;
        return value.ToString(value < 10 && unit > 0 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + units[unit];
    }
}
