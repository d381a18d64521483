using System.CommandLine;
using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Cli.Questions;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto network DIR`: the graph of a run or an import as sparse networks, by a recipe that is recorded in them.</summary>
internal static class NetworkCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("dir") { Description = "A run's directory, or an import's, or any other that holds a connectome." };
        var inputs = new Option<string[]>("--inputs")
        {
            Description = "Neurons that layers start from and that are driven: ids, names, types or patterns. Default: neurons that only send.",
            AllowMultipleArgumentsPerToken = true,
        };
        var steps = new Option<int?>("--steps") { Description = "Steps of the rate run. Default: 100." };
        var seed = new Option<int?>("--seed") { Description = "Seed of drawn signs. Default: 1." };
        var threads = Choice.Threads();
        var json = new Option<bool>("--json") { Description = "Print the recipe and what making the networks found out as JSON." };
        var recipe = new RecipeOptions();
        var command = new Command("network",
            "Turns the graph into sparse networks, DIR/network (recurrent) and DIR/network/layered, and runs the first. Flags not given stay as a " +
            "run had them.\n\nExample:\n  connecto network out --sign fraction --order rcm")
        {
            directory, inputs, steps, seed, threads, json,
        };
        foreach (var option in recipe.All) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(directory));
            var settings = RunManifest.Read(run)?.Settings;
            var before = settings ?? new RunSettings();
            var source = ConnectomeSource.Open(run.Root);
            using var connectome = source.Connectome;
            var asked = before with
            {
                Recipe = recipe.Apply(before.Recipe ?? new(), parse),
                TransmitterTables = recipe.Tables(parse) ?? before.TransmitterTables,
                Inputs = parse.GetValue(inputs) is { Length: > 0 } named ? Find(source, named) : before.Inputs,
                Steps = Choice.AtLeast(parse, steps, 1, before.Steps),
                Seed = parse.GetValue(seed) ?? before.Seed,
                Threads = parse.GetValue(threads) is null ? before.Threads : Choice.Threads(parse, threads),
            };
            if (settings is not null) new Schedule(run, asked, RunStages.All, new TerminalProgress()).RunOnly("network", cancellation);
            else Make(run, connectome, asked, cancellation);
            var recurrent = BrainNetworkFiles.Load(run.Network);
            var layered = Path.Combine(run.Network, NetworkMaker.LayeredFolder);
            var second = Directory.Exists(layered) ? BrainNetworkFiles.Load(layered) : null;
            if (parse.GetValue(json)) Output.WriteJson(new { recurrent = Summary(recurrent), layered = second is null ? null : Summary(second) });
            else Print(recurrent, second);
            return Task.FromResult(0);
        });
        return command;
    }

    private static string[] Find(ConnectomeSource source, string[] named) =>
        [.. source.Names.Find(string.Join(',', named)).Select(n => source.Connectome.IdOf(n).ToString(CultureInfo.InvariantCulture))];

    private static void Make(RunDirectory run, Connectome connectome, RunSettings asked, CancellationToken cancellation) =>
        NetworkMaker.Make(connectome, new NetworkRequest
        {
            Recipe = asked.Recipe! with { Seed = asked.Seed },
            TransmitterTables = asked.TransmitterTables,
            Inputs = InputChoice.Of(connectome, asked.Inputs),
            Steps = asked.Steps,
            Threads = asked.EffectiveThreads,
        }, run.Network, cancellation);

    private static object Summary(BrainNetwork network) => new
    {
        neurons = network.Neurons.Length,
        weights = network.WeightCount,
        layers = network.Layers.Count,
        recipe = network.Recipe with { Inputs = [] },
        inputs = network.Recipe.Inputs.Count,
        network.Facts,
    };

    private static void Print(BrainNetwork recurrent, BrainNetwork? layered)
    {
        var f = recurrent.Facts;
        List<string[]> rows =
        [
            ["figure", "value"], ["recipe", recurrent.Recipe.Name], ["neurons", Text(recurrent.Neurons.Length)], ["weights", Text(recurrent.WeightCount)],
            ["connections below the threshold", Text(f.BelowThreshold)], ["excitatory neurons", Text(f.ExcitatoryNeurons)],
            .. (f.Transmitters ?? []).Select(t => new[]
            {
                $"neurons with {(t.Transmitter.Length == 0 ? "no known transmitter" : t.Transmitter)}, {(t.Sign > 0 ? "exciting" : "inhibiting")}", Text(t.Neurons),
            }),
        ];
        if (layered?.Facts.Layering is { } l)
            rows.AddRange([
                ["layers from inputs", string.Join(" + ", l.LayerSizes)], ["  connections to the next layer", Text(l.ForwardEdges)],
                ["  over layers, kept", Text(l.SkipEdges)], ["  within a layer, left out", Text(l.LateralEdges)],
                ["  backward, left out", Text(l.BackwardEdges)], ["  of neurons not reached, left out", Text(l.UnreachedEdges)],
            ]);
        Output.WriteTable(rows);
        Console.Out.WriteLine();
        Output.WriteTable([
            ["bytes of activities touched", "a product", "of these beyond 32 KiB", "a spike's targets", "mean distance"],
            .. Locality("recurrent", recurrent), .. layered is null ? [] : Locality("layered", layered),
        ]);
    }

    private static IEnumerable<string[]> Locality(string name, BrainNetwork network)
    {
        if (network.Facts.LocalityById is { } before) yield return Row($"{name}, by id", before);
        if (network.Facts.Locality is { } now) yield return Row($"{name}, in its order", now);
    }

    private static string[] Row(string name, NetworkLocality l) =>
        [name, Text(l.ProductBytes), Text(l.ProductBytesBeyondCache), Text(l.BytesASpike), Text(l.MeanDistance)];

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
