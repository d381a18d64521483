using System.CommandLine;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto run SOURCE --out DIR`: the main job, from slices to a network that runs, and its report.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "Folder of PNG or TIFF slices, or one multi-page TIFF." };
        var output = new Option<string>("--out") { Description = "The run's directory; made if absent.", Required = true };
        var json = new Option<bool>("--json") { Description = "Print the manifest as JSON when done." };
        var settings = new SettingsOptions();
        var command = new Command("run",
            "Turns slices into neurons, synapses, a connectivity graph and a network. Rerun it to resume: finished stages " +
            "are kept, and a changed flag redoes just what depends on it.\n\nExample:\n" +
            "  connecto run data-samples/phantom --out out\n" +
            "  connecto run slices/ --voxel-size 50,4,4 --out out")
        {
            source, output, json,
        };
        foreach (var option in settings.All) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(output));
            var asked = settings.Apply(new RunSettings { Source = Path.GetFullPath(parse.GetRequiredValue(source)) }, parse);
            Execute(run, asked, cancellation, parse.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Execute(RunDirectory run, RunSettings asked, CancellationToken cancellation, bool json)
    {
        var progress = new TerminalProgress();
        var settings = RunSource.Complete(asked, run, Models.For, progress);
        var manifest = new Schedule(run, settings, RunStages.All, progress).Run(cancellation);
        Report.RunReport.Write(run, manifest);
        if (json) Output.WriteJson(manifest);
        else RunSummary.Print(run, manifest);
    }
}
