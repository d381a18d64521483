using System.CommandLine;
using Connecto.Cli.Bench;
using Connecto.Phantom;
using Connecto.Pipeline;
using Connecto.Volumes;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench pipeline [SOURCE]`: what each stage from slices to segments takes, and what bounds it.</summary>
internal static class BenchPipelineCommand
{
    // The settings that stages after segmentation read have no say here.
    private static readonly string[] Later = ["--cleft-threshold", "--inputs", "--steps", "--seed"];

    public static Command Create(Option<string?> json)
    {
        var source = new Argument<string?>("source")
        {
            Description = "Folder of PNG or TIFF slices, or one multi-page TIFF. Default: a phantom, rendered first.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var shape = new Option<string?>("--shape")
        {
            Description = "The phantom's sections, rows, columns. Default: 260,520,520, or 66,1024,1024 for thick sections.",
        };
        var output = new Option<string?>("--out") { Description = "Keep what the stages write in this folder, absent or empty. Default: it is deleted." };
        var settings = new SettingsOptions();
        var command = new Command("pipeline",
            "Times ingest, align, predict and segment on a stack, says how near prediction comes to what the machine can multiply, and runs " +
            "ONNX Runtime on the same network in turn, where it is installed (inside npm's onnxruntime-node).\n\nExample:\n" +
            "  connecto bench pipeline slices/ --voxel-size 10,10,10 --threads 2 --json pipeline.json")
        {
            source, shape, output, json,
        };
        foreach (var option in settings.All.Where(o => !Later.Contains(o.Name))) command.Add(option);
        command.SetWork((parse, cancellation) =>
        {
            var file = BenchCommand.Writable(parse.GetValue(json));
            var kept = Folder(parse.GetValue(output));
            var work = kept is null ? Directory.CreateTempSubdirectory("connecto-bench-") : Directory.CreateDirectory(kept);
            try
            {
                var given = parse.GetValue(source);
                if (given is not null && parse.GetValue(shape) is not null)
                    throw new InvalidDataException("--shape is a phantom's, but a source was given; nothing was measured.");
                var asked = settings.Apply(new RunSettings { Source = given is null ? "" : Path.GetFullPath(given) }, parse);
                if (given is null) asked = Phantom(asked, parse.GetValue(shape), Path.Combine(work.FullName, "slices"), cancellation);
                PipelineText.Open();
                var report = PipelineBench.Run(
                    asked, new RunDirectory(Path.Combine(work.FullName, "run")), new TerminalProgress(), PipelineText.Add, cancellation);
                PipelineText.Close(report);
                BenchCommand.Write(file, report);
            }
            finally
            {
                if (kept is null) work.Delete(recursive: true);
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static string? Folder(string? folder)
    {
        if (folder is null) return null;
        var path = Path.GetFullPath(folder);
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new InvalidDataException($"--out '{path}' is not an empty folder; choose another. Nothing was measured.");
        return path;
    }

    private static RunSettings Phantom(RunSettings asked, string? shape, string folder, CancellationToken cancellation)
    {
        var voxelSize = VoxelSize.TryParse(asked.VoxelSize, out var given) ? given.Value : new VoxelSize(10, 10, 10);
        var extent = shape is not null ? ParseShape(shape)
            : voxelSize.Anisotropy >= 2.5 ? new Index3(66, 1024, 1024) : new Index3(260, 520, 520);
        try
        {
            PipelineBench.Render(new PhantomOptions { Shape = extent, VoxelSize = voxelSize }, folder, cancellation);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{e.Message} Nothing was measured.", e);
        }
        return asked with { Source = folder, VoxelSize = voxelSize.ToString() };
    }

    private static Index3 ParseShape(string text)
    {
        var parts = text.Split(',');
        if (parts.Length == 3 && int.TryParse(parts[0], out var z) && int.TryParse(parts[1], out var y) && int.TryParse(parts[2], out var x)
            && z > 1 && y > 0 && x > 0)
            return new Index3(z, y, x);
        throw new InvalidDataException($"--shape '{text}' is not three positive numbers z,y,x, two sections or more; nothing was measured.");
    }
}
