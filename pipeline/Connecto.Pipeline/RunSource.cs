using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Pipeline;

/// <summary>Checks what a run is asked to read, and fills in what the user left open, before anything is written.</summary>
public static class RunSource
{
    private const string ManifestOnly = "run.json", PartialOnly = ".partial";

    /// <summary>Opens the source and the output and completes the settings with voxel size and model.</summary>
    /// <param name="asked">What the user asked for.</param>
    /// <param name="run">The run's directory.</param>
    /// <param name="modelFor">The default model of a voxel size.</param>
    /// <param name="progress">Where remarks go.</param>
    /// <exception cref="InvalidDataException">Source or output cannot be used; nothing was written.</exception>
    public static RunSettings Complete(
        RunSettings asked, RunDirectory run, Func<VoxelSize, string> modelFor, IRunProgress progress)
    {
        var stack = Open(asked);
        CheckOutput(asked, run);
        var voxelSize = ChooseVoxelSize(asked, stack, progress);
        run.Create();
        return asked with { VoxelSize = voxelSize.ToString(), Model = asked.Model ?? modelFor(voxelSize) };
    }

    /// <summary>The sections of the source that a run takes.</summary>
    /// <exception cref="InvalidDataException">The range leaves the stack, or holds a single section.</exception>
    public static SectionRange Sections(RunSettings settings, SliceStack stack)
    {
        var range = settings.Sections ?? new SectionRange(0, stack.Shape.Z);
        if (range.End > stack.Shape.Z)
            throw new InvalidDataException(
                $"--sections asks for section {range.End - 1}, and '{settings.Source}' has {stack.Shape.Z} sections, 0 to " +
                $"{stack.Shape.Z - 1}; nothing was changed.");
        if (range.End - range.Begin < 2)
            throw new InvalidDataException(
                $"'{settings.Source}' gives one slice only; a volume needs at least 2 consecutive sections. Nothing was changed.");
        return range;
    }

    /// <summary>Opens the source; every slice's header is checked.</summary>
    /// <exception cref="InvalidDataException">It is no stack of grey slices of one size.</exception>
    public static SliceStack Open(RunSettings settings)
    {
        if (!Path.Exists(settings.Source))
            throw new InvalidDataException($"The source '{settings.Source}' does not exist; give a folder of slices or a multi-page TIFF.");
        var stack = SliceStack.Open(settings.Source);
        Sections(settings, stack);
        return stack;
    }

    private static void CheckOutput(RunSettings asked, RunDirectory run)
    {
        if (File.Exists(run.Root))
            throw new InvalidDataException($"--out '{run.Root}' is a file; give a directory. Nothing was changed.");
        if (!Directory.Exists(run.Root)) return;
        if (RunManifest.Read(run) is { } old)
        {
            if (old.Settings.Source != asked.Source)
                throw new InvalidDataException(
                    $"'{run.Root}' holds the run of another source, '{old.Settings.Source}'; choose another --out. Nothing was changed.");
        }
        else if (Directory.EnumerateFileSystemEntries(run.Root).Any(e => Path.GetFileName(e) is not (ManifestOnly or PartialOnly)))
        {
            throw new InvalidDataException(
                $"'{run.Root}' is not empty and holds no run; choose another --out. Nothing was changed.");
        }
    }

    private static VoxelSize ChooseVoxelSize(RunSettings asked, SliceStack stack, IRunProgress progress)
    {
        if (VoxelSize.TryParse(asked.VoxelSize, out var given)) return given.Value;
        if (stack.VoxelSize is { } declared) return declared;
        var guess = AnisotropyGuess.Of(stack, Sections(asked, stack));
        progress.Remark(
            $"No voxel size is known: assuming {guess} nm (z,y,x), because neighbouring sections look " +
            $"{(guess.Anisotropy > 2 ? "much less alike than neighbouring pixels (ssTEM)" : "as alike as neighbouring pixels (FIB-SEM)")}. " +
            "Lengths in nm are only right with --voxel-size.");
        return guess;
    }
}
