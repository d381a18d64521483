using System.CommandLine;
using Connecto.Phantom;
using Connecto.Volumes;

namespace Connecto.Cli.Commands;

/// <summary>`connecto phantom --out DIR`: synthetic tissue with exact truth, streamed section by section.</summary>
internal static class PhantomCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder to write; must be absent or empty.", Required = true };
        var shape = new Option<string?>("--shape") { Description = "Sections, rows, columns: z,y,x in voxels. Default: 24,256,256." };
        var voxelSize = new Option<string?>("--voxel-size") { Description = "z,y,x in nm. Default: 40,4,4." };
        var seed = new Option<ulong?>("--seed") { Description = "Chooses the tissue and all noise. Default: 1." };
        var density = new Option<double?>("--synapse-density") { Description = "Presynaptic sites a cubic micrometre, 0 to 40. Default: 6." };
        var missing = new Option<string?>("--missing") { Description = "Sections lost in cutting (black). Numbers from 0, e.g. 3,9." };
        var duplicated = new Option<string?>("--duplicated") { Description = "Sections that repeat the one before. Numbers from 0, e.g. 3,9." };
        var folded = new Option<string?>("--folded") { Description = "Sections with a fold. Numbers from 0, e.g. 3,9." };
        var spacing = new Option<double?>("--neurite-spacing") { Description = "Typical distance of thin neurites, nm, 120 to 600. Default: 190." };
        var command = new Command("phantom",
            "Makes synthetic tissue: slices and the exact truth of neurons, clefts, mitochondria, synapses and connections." +
            "\n\nExample:\n  connecto phantom --shape 24,256,256 --voxel-size 40,4,4 --seed 1 --out tissue")
        {
            output, shape, voxelSize, seed, density, spacing, missing, duplicated, folded,
        };
        command.SetWork((parse, cancellation) =>
        {
            var defaults = new PhantomOptions();
            var options = defaults with
            {
                Shape = parse.GetValue(shape) is { } extent ? ParseShape(extent) : defaults.Shape,
                VoxelSize = parse.GetValue(voxelSize) is { } size ? ParseVoxelSize(size) : defaults.VoxelSize,
                Seed = parse.GetValue(seed) ?? defaults.Seed,
                SynapseDensity = parse.GetValue(density) ?? defaults.SynapseDensity,
                NeuriteSpacing = parse.GetValue(spacing) ?? defaults.NeuriteSpacing,
                MissingSections = ParseSections("--missing", parse.GetValue(missing)),
                DuplicatedSections = ParseSections("--duplicated", parse.GetValue(duplicated)),
                FoldedSections = ParseSections("--folded", parse.GetValue(folded)),
            };
            var directory = Path.GetFullPath(parse.GetRequiredValue(output));
            if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
                throw new InvalidDataException($"--out '{directory}' is not an empty folder; choose another. Nothing was written.");
            Write(options, directory, cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Write(PhantomOptions options, string directory, CancellationToken cancellation)
    {
        PhantomVolume phantom;
        try
        {
            phantom = new PhantomVolume(options);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{e.Message} Nothing was written.", e);
        }
        var clock = System.Diagnostics.Stopwatch.StartNew();
        PhantomFiles.Write(phantom, directory, cancel: cancellation);
        var seconds = clock.Elapsed.TotalSeconds;
        Console.Out.WriteLine(FormattableString.Invariant(
            $"{options.Shape.Count / 1e6:0.0} Mvoxel in {seconds:0.0} s ({options.Shape.Count / 1e6 / seconds:0.00} Mvoxel/s), ") +
            $"{phantom.NeuriteCount} neurites, {phantom.Synapses.Count} synapses, {phantom.Connections.Count} connections: {directory}");
    }

    private static Index3 ParseShape(string text)
    {
        var parts = text.Split(',');
        if (parts.Length == 3 && int.TryParse(parts[0], out var z) && int.TryParse(parts[1], out var y) && int.TryParse(parts[2], out var x)
            && z > 0 && y > 0 && x > 0)
            return new Index3(z, y, x);
        throw new InvalidDataException($"--shape '{text}' is not three positive numbers z,y,x; nothing was written.");
    }

    private static int[] ParseSections(string flag, string? text) =>
        text is null ? [] : [.. text.Split(',').Select(t => int.TryParse(t, out var section) ? section
            : throw new InvalidDataException($"{flag} '{text}' is not a list of sections such as 3,9; nothing was written."))];

    private static VoxelSize ParseVoxelSize(string text) =>
        VoxelSize.TryParse(text, out var size) ? size.Value
            : throw new InvalidDataException($"--voxel-size '{text}' is not three positive lengths in nm, z,y,x; nothing was written.");
}
