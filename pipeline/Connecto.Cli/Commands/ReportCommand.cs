using System.CommandLine;
using Connecto.Cli.Report;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>`connecto report DIR`: the pictures by which a person judges each stage.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("dir") { Description = "The run's directory." };
        var png = new Option<bool>("--png") { Description = "Also write each picture as a PNG into DIR/pictures." };
        var command = new Command("report",
            "Draws a picture of every finished stage and writes report.html.\n\nExample:\n  connecto report out --png")
        {
            directory, png,
        };
        command.SetWork((parse, _) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(directory));
            var pictures = RunReport.Write(run, RunManifest.Require(run));
            Console.Out.WriteLine(run.Report);
            if (parse.GetValue(png))
            {
                RunReport.WritePictures(run, pictures);
                foreach (var (name, _) in pictures) Console.Out.WriteLine(Path.Combine(run.Pictures, name + ".png"));
                Console.Out.WriteLine(Path.Combine(run.Pictures, "overview.png"));
            }
            return Task.FromResult(0);
        });
        return command;
    }
}
