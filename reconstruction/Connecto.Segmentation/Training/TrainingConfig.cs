using System.Text.Json;
using System.Text.Json.Serialization;
using Connecto.Segmentation.Sections;
using Connecto.Training;
using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>Everything that decides a trained model, read from JSON: with the data it names, the same configuration gives
/// the same weights.</summary>
public sealed record TrainingConfig
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        NewLine = "\n",
        Converters =
        {
            new JsonStringEnumConverter<SourceKind>(JsonNamingPolicy.CamelCase),
            new JsonStringEnumConverter<PruningPattern>(JsonNamingPolicy.CamelCase),
        },
    };

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Voxel size that the model is for: z, y, x in nm.</summary>
    public required double[] VoxelSizeNm { get; init; }

    /// <summary>Sections in, odd.</summary>
    public int Sections { get; init; } = 3;

    /// <summary>Channels at each resolution, full resolution first; every further one halves rows and columns.</summary>
    public int[] Widths { get; init; } = [16, 32, 64, 96];

    /// <summary>Edge of a training patch in pixels; a multiple of 2^(widths - 1).</summary>
    public int Patch { get; init; } = 160;

    /// <summary>Patches a step.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>Optimiser steps in all; the learning rate falls to nearly 0 at the last.</summary>
    public int Steps { get; init; } = 10000;

    /// <summary>Largest learning rate, reached after <see cref="WarmupSteps"/>; then a half cosine.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Steps over which the learning rate rises linearly from 0.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Decoupled weight decay a step, in units of the learning rate.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Longest gradient; a longer one is scaled down to it. 0 for no bound.</summary>
    public double GradientBound { get; init; } = 1;

    /// <summary>Decay a step of the averaged weights, which are what is exported.</summary>
    public double AverageDecay { get; init; } = 0.998;

    /// <summary>Seed of weights, patches and augmentation.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Weight of a voxel whose affinity is 0, against 1 where it is 1.</summary>
    public double BoundaryWeight { get; init; } = 1.5;

    /// <summary>Weight of a cleft or presynaptic voxel, against 1 elsewhere.</summary>
    public double SynapseWeight { get; init; } = 5;

    /// <summary>Weight of the whole cleft and presynaptic channels against the affinities'.</summary>
    public double SynapseChannelWeight { get; init; } = 0.5;

    /// <summary>Pixels at a patch's rim that are not supervised: there the network sees zero padding.</summary>
    public int Rim { get; init; } = 16;

    /// <summary>Steps between rows of the log.</summary>
    public int LogEvery { get; init; } = 50;

    /// <summary>Steps between validations, each of which also exports the model.</summary>
    public int ValidateEvery { get; init; } = 1000;

    /// <summary>The model whose weights training begins with; null for random ones.</summary>
    public StartModel? Start { get; init; }

    /// <summary>How weights become 0 on the way; null to train them all.</summary>
    public PruningOptions? Pruning { get; init; }

    /// <summary>Whether neighbouring sections of stacks cut by a knife are matched to the middle one before the network
    /// sees them, here and later at prediction; see <see cref="Alignment.SectionAligner"/>.</summary>
    public bool AlignSections { get; init; }

    /// <summary>How sections are normalised, here and later at ingest.</summary>
    public ContrastOptions Contrast { get; init; } = new();

    /// <summary>How patches are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Where the images and labels come from.</summary>
    public required TrainingSource[] Sources { get; init; }

    /// <summary>Notes for the model's card: licences and citations of the data, one line each.</summary>
    public string[] Notes { get; init; } = [];

    /// <summary>The voxel size as a type.</summary>
    [JsonIgnore]
    public VoxelSize VoxelSize => new(VoxelSizeNm[0], VoxelSizeNm[1], VoxelSizeNm[2]);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no configuration, or a value is out of range.</exception>
    public static TrainingConfig Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no training configuration {path}.", path);
        try
        {
            var config = JsonSerializer.Deserialize<TrainingConfig>(File.ReadAllText(path), Json)
                ?? throw new InvalidDataException($"{path} is not a training configuration: it holds null.");
            config.Check(path);
            return config;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} is not a training configuration: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. "
                + "Nothing was trained.");
        }
    }

    /// <summary>The configuration as JSON, the same text for equal configurations.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    internal void Check(string path)
    {
        Require(VoxelSizeNm is { Length: 3 } && VoxelSizeNm.All(nm => nm > 0 && double.IsFinite(nm)),
            "voxelSizeNm must be three positive lengths");
        Require(Sections >= 1 && Sections % 2 == 1, $"sections must be odd; found {Sections}");
        Require(Widths.Length is >= 1 and <= 6 && Widths.All(w => w is >= 1 and <= 1024), "widths must be 1 to 6 channel counts");
        Require(Patch >= 16 && Patch % (1 << (Widths.Length - 1)) == 0,
            $"patch must be a multiple of {1 << (Widths.Length - 1)} and at least 16; found {Patch}");
        Require(Rim >= 0 && Rim * 2 < Patch, $"rim must leave part of a patch; found {Rim} of {Patch}");
        Require(Batch is >= 1 and <= 256, $"batch must be 1 to 256; found {Batch}");
        Require(Steps >= 1, $"steps must be positive; found {Steps}");
        Require(LearningRate > 0 && WarmupSteps >= 0, "learningRate must be positive and warmupSteps not negative");
        Require(LogEvery >= 1 && ValidateEvery >= 1, "logEvery and validateEvery must be positive");
        Require(Sources.Length > 0 && Sources.Any(s => s.Weight > 0), "sources must hold one with a positive weight");
        if (Pruning?.FindFault() is { } pruning) Require(false, $"pruning: {pruning}");
        if (Augmentation.FindFault() is { } augmentation) Require(false, $"augmentation: {augmentation}");
        Require(Pruning is null || Pruning.LastStep < Steps, $"pruning must end before the last step, {Steps}; found {Pruning?.LastStep}");
        Contrast.Check();
        foreach (var source in Sources) source.Check(path);

        void Require(bool holds, string what)
        {
            if (!holds) throw new InvalidDataException($"{path} cannot be trained: {what}. Nothing was trained.");
        }
    }
}
