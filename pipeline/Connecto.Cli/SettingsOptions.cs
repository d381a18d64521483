using System.CommandLine;
using Connecto.Pipeline;
using Connecto.Volumes;

namespace Connecto.Cli;

/// <summary>The flags that several commands share, and how they change a run's settings.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _voxelSize = new("--voxel-size")
    {
        Description = "Voxel size z,y,x in nm, e.g. 50,4,4. Default: what the source declares in volume.json.",
    };
    private readonly Option<string?> _sections = new("--sections")
    {
        Description = "Sections to take, first-last, both included, from 0, e.g. 0-19. Default: all.",
    };
    private readonly Option<string?> _model = new("--model")
    {
        Description = "Directory of a trained model, or the name of a shipped one (sstem, fibsem). Default: by voxel size.",
    };
    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Numbers that the model predicts in: fp32, int8 (quantised models only), or auto. Default: auto, int8 where it can.",
    };
    private readonly Option<double?> _mergeThreshold = new("--merge-threshold")
    {
        Description = "Mean affinity, 0 to 1, above which touching fragments become one neuron. Default: the model's.",
    };
    private readonly Option<double?> _cleftThreshold = new("--cleft-threshold")
    {
        Description = "Probability, 0 to 1, above which a voxel may belong to a synaptic cleft. Default: the model's.",
    };
    private readonly Option<string[]> _inputs = new("--inputs")
    {
        Description = "Neuron ids that the layered network starts from. Default: neurons that only send.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int?> _steps = new("--steps") { Description = "Steps of the rate run. Default: 100." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of everything random. Default: 1." };
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Worker threads; results do not depend on it. Default: all processors.",
    };
    private readonly Option<string?> _memory = MemorySize.Option("to hold at most");

    /// <summary>The flags that change what comes out.</summary>
    public IEnumerable<Option> All => [_voxelSize, _sections, _model, _precision, _mergeThreshold, _cleftThreshold, _inputs, _steps, _seed, _threads, _memory];

    /// <summary>Settings with the flags that were given laid over.</summary>
    /// <exception cref="InvalidDataException">A flag's value is not of its form.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parse)
    {
        if (parse.GetValue(_voxelSize) is { } voxelSize)
        {
            if (!VoxelSize.TryParse(voxelSize, out var size))
                throw new InvalidDataException(
                    $"--voxel-size '{voxelSize}' is not three positive lengths in nm, z,y,x, such as 50,4,4; nothing was changed.");
            settings = settings with { VoxelSize = size.Value.ToString() };
        }
        if (parse.GetValue(_sections) is { } sections) settings = settings with { Sections = ParseSections(sections) };
        if (parse.GetValue(_model) is { } model) settings = settings with { Model = Models.Resolve(model) };
        if (parse.GetValue(_precision) is { } precision)
            settings = settings with
            {
                Precision = precision switch
                {
                    "auto" => null,
                    "fp32" or "int8" => precision,
                    _ => throw new InvalidDataException($"--precision '{precision}' is not auto, fp32 or int8; nothing was changed."),
                },
            };
        if (parse.GetValue(_mergeThreshold) is { } merge)
            settings = settings with { MergeThreshold = InUnitRange("--merge-threshold", merge) };
        if (parse.GetValue(_cleftThreshold) is { } cleft)
            settings = settings with { CleftThreshold = InUnitRange("--cleft-threshold", cleft) };
        if (parse.GetValue(_inputs) is { Length: > 0 } inputs)
        {
            foreach (var id in inputs)
                if (!ulong.TryParse(id, out var value) || value == 0)
                    throw new InvalidDataException($"--inputs '{id}' is not a neuron id (a positive whole number); nothing was changed.");
            settings = settings with { Inputs = inputs };
        }
        if (parse.GetValue(_steps) is { } steps) settings = settings with { Steps = AtLeast("--steps", steps, 1) };
        if (parse.GetValue(_seed) is { } seed) settings = settings with { Seed = seed };
        if (parse.GetValue(_threads) is { } threads) settings = settings with { Threads = AtLeast("--threads", threads, 1) };
        if (parse.GetValue(_memory) is { } memory) settings = settings with { Memory = MemorySize.Parse(memory) };
        return settings;
    }

    /// <summary>Reads "first-last", both included.</summary>
    /// <exception cref="InvalidDataException">It is not of that form.</exception>
    public static SectionRange ParseSections(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2 && int.TryParse(parts[0], out var first) && int.TryParse(parts[1], out var last)
            && first >= 0 && last >= first)
            return new SectionRange(first, last + 1);
        throw new InvalidDataException($"--sections '{text}' is not first-last, from 0, such as 16-19; nothing was changed.");
    }

    private static double InUnitRange(string flag, double value) =>
        value is >= 0 and <= 1 ? value
            : throw new InvalidDataException(FormattableString.Invariant($"{flag} {value} is not between 0 and 1; nothing was changed."));

    private static int AtLeast(string flag, int value, int least) =>
        value >= least ? value : throw new InvalidDataException($"{flag} {value} is less than {least}; nothing was changed.");
}
