using System.CommandLine;
using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto simulate DIR`: runs the network that a run's graph became, and prints rates; or any connectome as spiking neurons.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("dir") { Description = "The run's directory; with --model lif also an import's, or any other that holds a connectome." };
        var model = new Option<string>("--model") { Description = "rate, or lif: leaky integrate-and-fire neurons that spike.", DefaultValueFactory = _ => "rate" };
        var spiking = new SpikeArguments();
        var steps = new Option<int>("--steps") { Description = "Steps to run.", DefaultValueFactory = _ => 200 };
        var step = new Option<double>("--step-ms") { Description = "Length of a step, ms.", DefaultValueFactory = _ => 1 };
        var tau = new Option<double>("--tau-ms") { Description = "Time constant of a neuron, ms.", DefaultValueFactory = _ => 10 };
        var strength = new Option<double>("--strength") { Description = "Drive of each input neuron.", DefaultValueFactory = _ => 1 };
        var inputs = new Option<string[]>("--inputs")
        {
            Description = "Ids of the neurons that are driven. Default: those the network was made with.",
            AllowMultipleArgumentsPerToken = true,
        };
        var layered = new Option<bool>("--layered") { Description = "Run the layered network instead of the recurrent one." };
        var top = new Option<int>("--top") { Description = "Neurons to print, most active first; 0 for all.", DefaultValueFactory = _ => 10 };
        var threads = new Option<int?>("--threads") { Description = "Threads; rates and spikes do not depend on it. Default: all processors." };
        var json = new Option<bool>("--json") { Description = "Print every neuron's rate as JSON." };
        var command = new Command("simulate",
            "Runs the rate model tau dr/dt = -r + tanh(max(0, W r + u)) on a run's network and prints rates; or with --model lif the spiking " +
            "whole-brain model of Shiu et al. 2024 on a connectome.\n\nExample:\n  connecto simulate out --steps 200\n" +
            "  connecto simulate larva --model lif --stimulate \"KC*\" --trials 5 --record spikes.parquet --rates rates.parquet\n" +
            "  mpirun -np 2 connecto simulate larva --model lif --transmitters transmitters.csv --threads 1 --mpi")
        {
            directory, model, steps, step, tau, strength, inputs, layered, top, threads, json,
        };
        foreach (var option in spiking.All) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var isSpiking = parse.GetRequiredValue(model) switch
            {
                "rate" => false,
                "lif" => true,
                var other => throw new InvalidDataException($"--model '{other}' is neither rate nor lif; nothing was run."),
            };
            if (isSpiking)
            {
                var spikes = spiking.Run(parse, parse.GetRequiredValue(directory), parse.GetValue(threads) ?? Environment.ProcessorCount, cancellation);
                if (spikes is null) return Task.FromResult(0);
                var rows = parse.GetValue(top) is > 0 and var some ? some : int.MaxValue;
                if (parse.GetValue(json)) spikes.WriteJson(parse.GetResult(top) is { Implicit: false } ? rows : int.MaxValue);
                else spikes.Print(rows);
                return Task.FromResult(0);
            }
            if (spiking.Given(parse) is { } stray)
                throw new InvalidDataException($"{stray.Name} belongs to --model lif; nothing was run.");
            var run = new RunDirectory(parse.GetRequiredValue(directory));
            RunManifest.Require(run);
            var network = Load(run, parse.GetValue(layered));
            var options = new RateOptions
            {
                Steps = parse.GetValue(steps),
                StepMs = parse.GetValue(step),
                TauMs = parse.GetValue(tau),
                InputStrength = parse.GetValue(strength),
                Inputs = parse.GetValue(inputs) is { Length: > 0 } named ? ParseIds(named) : network.Recipe.Inputs,
                Threads = parse.GetValue(threads) ?? Environment.ProcessorCount,
            };
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var summary = RateRun.Run(network, options, cancellation: cancellation);
            var seconds = clock.Elapsed.TotalSeconds;
            if (parse.GetValue(json)) Output.WriteJson(new { network.WeightCount, seconds, summary });
            else Print(network, options, summary, seconds, parse.GetValue(top));
            return Task.FromResult(0);
        });
        return command;
    }

    private static BrainNetwork Load(RunDirectory run, bool layered)
    {
        if (!Directory.Exists(run.Network))
            throw new InvalidDataException($"'{run.Root}' has no network yet; run `connecto run` or `connecto network` first.");
        if (!layered) return BrainNetworkFiles.Load(run.Network);
        var folder = Path.Combine(run.Network, "layered");
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"'{run.Root}' has no layered network: its graph has no connection to start one from.");
        return BrainNetworkFiles.Load(folder);
    }

    private static ulong[] ParseIds(string[] named) =>
        [.. named.Select(n => ulong.TryParse(n, out var id) && id != 0 ? id
            : throw new InvalidDataException($"--inputs '{n}' is not a neuron id (a positive whole number); nothing was run."))];

    private static void Print(BrainNetwork network, RateOptions options, RateSummary summary, double seconds, int top)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{network.Neurons.Length} neurons, {network.WeightCount} weights, {options.Inputs.Count} driven: {summary.Steps} steps of " +
            $"{options.StepMs} ms in {seconds:0.000} s"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"mean rate {summary.MeanRate:0.0000}, highest {summary.MaxRate:0.0000}, active {summary.ActiveNeurons} ({summary.ActiveFraction:P1})"));
        if (summary.DivergedAtStep is { } at)
            Console.Out.WriteLine($"rates reached their limit at step {at} in {summary.DivergedNeurons} neurons: the weights are too strong");
        var rows = summary.Neurons.OrderByDescending(n => n.Mean).ThenBy(n => n.Id).Take(top <= 0 ? int.MaxValue : top)
            .Select(n => new[] { $"{n.Id}", n.Mean.ToString("0.0000", CultureInfo.InvariantCulture), n.Max.ToString("0.0000", CultureInfo.InvariantCulture) });
        Output.WriteTable([["neuron", "mean rate", "highest"], .. rows]);
    }
}
