using System.CommandLine;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>The stages as commands of their own, each on a run's directory.</summary>
internal static class StageCommands
{
    private static readonly (string Name, string Description)[] Stages =
    [
        ("align", "Finds how every section of a stack cut by a knife lies over the one below."),
        ("predict", "Predicts affinities, cleft and presynaptic maps from the image."),
        ("segment", "Floods affinities to fragments and joins them to neurons."),
        ("synapses", "Finds synaptic clefts and their partners."),
        ("graph", "Builds the connectivity graph and writes the tables."),
    ];

    public static IEnumerable<Command> Create()
    {
        yield return CreateIngest();
        foreach (var (name, description) in Stages) yield return CreateOnDirectory(name, description);
        yield return NetworkCommand.Create();
    }

    private static Command CreateIngest()
    {
        var source = new Argument<string>("source") { Description = "Folder of PNG or TIFF slices, or one multi-page TIFF." };
        var output = new Option<string>("--out") { Description = "The run's directory; made if absent.", Required = true };
        var settings = new SettingsOptions();
        var command = new Command("ingest",
            "Reads slices, evens out their contrast and writes the image volume.\n\nExample:\n" +
            "  connecto ingest slices/ --voxel-size 50,4,4 --out out")
        {
            source, output,
        };
        foreach (var option in settings.All) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var progress = new TerminalProgress();
            var run = new RunDirectory(parse.GetRequiredValue(output));
            var asked = settings.Apply(new RunSettings { Source = Path.GetFullPath(parse.GetRequiredValue(source)) }, parse);
            var complete = RunSource.Complete(asked, run, Models.For, progress);
            new Schedule(run, complete, RunStages.All, progress).RunOnly("ingest", cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command CreateOnDirectory(string name, string description)
    {
        var directory = new Argument<string>("dir") { Description = "The run's directory." };
        var settings = new SettingsOptions();
        var command = new Command(name,
            $"{description} Reads what earlier stages left in the run's directory; flags not given stay as the run had them." +
            $"\n\nExample:\n  connecto {name} out")
        {
            directory,
        };
        foreach (var option in settings.All) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(directory));
            var complete = settings.Apply(RunManifest.Require(run).Settings, parse);
            new Schedule(run, complete, RunStages.All, new TerminalProgress()).RunOnly(name, cancellation);
            return Task.FromResult(0);
        });
        return command;
    }
}
