using System.Text.Json;
using System.Text.Json.Serialization;
using Connecto.Segmentation.Sections;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Segmentation.Model;

/// <summary>What must be known to use a trained network: the file model.json beside its graph and weights.</summary>
/// <remarks>Input value of a network: (byte / 255 - <see cref="InputMean"/>) * <see cref="InputScale"/>, after the
/// normalisation in <see cref="Contrast"/>.</remarks>
public sealed record EmModelInfo
{
    /// <summary>What the file says it is.</summary>
    public const string FormatName = "connecto-em-model";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The version of this file's layout; 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>A short name, e.g. "sstem".</summary>
    public required string Name { get; init; }

    /// <summary>Edge lengths of the voxels it was trained on: z, y, x in nm.</summary>
    public required double[] VoxelSizeNm { get; init; }

    /// <summary>Sections in, an odd number; channel i is the section at z + i - Sections / 2.</summary>
    public required int Sections { get; init; }

    /// <summary>Names of the channels out, in order.</summary>
    public string[] Outputs { get; init; } = ["affinityZ", "affinityY", "affinityX", "cleft", "presynaptic"];

    /// <summary>How sections were normalised at training, and must be before prediction.</summary>
    public ContrastOptions Contrast { get; init; } = new();

    /// <summary>Whether it was trained on neighbouring sections matched to the middle one, and wants them so.</summary>
    public bool AlignSections { get; init; }

    /// <summary>Subtracted from an input in [0, 1].</summary>
    public double InputMean { get; init; } = 0.5;

    /// <summary>Multiplies what is left.</summary>
    public double InputScale { get; init; } = 4;

    /// <summary>Edge of the voxels that a tile is extended by on every side, in pixels of the network.</summary>
    public int Overlap { get; init; } = 32;

    /// <summary>Default thresholds by name (<see cref="ThresholdNames"/>), in [0, 1]; what is absent has the voxel size's
    /// default.</summary>
    public SortedDictionary<string, double> Thresholds { get; init; } = new(StringComparer.Ordinal)
    {
        [ThresholdNames.Merge] = 0.45,
        [ThresholdNames.Cleft] = 0.7,
    };

    /// <summary>The stacks and sections that the thresholds were chosen on; empty where nobody chose.</summary>
    public string[] ThresholdsChosenOn { get; init; } = [];

    /// <summary>Normalised grey histogram of the training sections in 16 equal bins (sums to 1); empty when unknown.</summary>
    public double[] Histogram { get; init; } = [];

    /// <summary>Mean absolute difference of grey between neighbouring pixels (of 255) in the training sections, the
    /// sign of their sharpness and noise; 0 when unknown.</summary>
    public double Roughness { get; init; }

    /// <summary>Optimiser steps that made the weights.</summary>
    public long Steps { get; init; }

    /// <summary>The voxel size as a type.</summary>
    [JsonIgnore]
    public VoxelSize VoxelSize => new(VoxelSizeNm[0], VoxelSizeNm[1], VoxelSizeNm[2]);

    /// <summary>What an image's byte stands for in the network.</summary>
    [JsonIgnore]
    public PixelScale InputBytes => new(InputScale / 255, InputMean * 255);

    /// <summary>Writes the file under a temporary name, then renames it.</summary>
    internal void Save(string path)
    {
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(this, Json) + "\n");
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="InvalidDataException">It is not a model's description; the message says why.</exception>
    internal static EmModelInfo Load(string path)
    {
        EmModelInfo info;
        try
        {
            info = JsonSerializer.Deserialize<EmModelInfo>(File.ReadAllText(path), Json)
                ?? throw NotModel(path, "it holds null");
        }
        catch (JsonException e)
        {
            throw NotModel(path, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
        if (info.Format != FormatName) throw NotModel(path, $"its format is '{info.Format}', not '{FormatName}'");
        if (info.Version != 1) throw NotModel(path, $"its version is {info.Version}; this program reads version 1");
        if (info.VoxelSizeNm is not { Length: 3 } || info.VoxelSizeNm.Any(nm => !(nm > 0 && double.IsFinite(nm))))
            throw NotModel(path, "voxelSizeNm must be three positive lengths");
        if (info.Sections < 1 || info.Sections % 2 == 0)
            throw NotModel(path, $"sections must be odd and positive; found {info.Sections}");
        if (info.Outputs.Length != 5) throw NotModel(path, $"outputs must name 5 channels; found {info.Outputs.Length}");
        if (info.Overlap < 0) throw NotModel(path, $"overlap must not be negative; found {info.Overlap}");
        foreach (var (name, value) in info.Thresholds)
            if (value is not (>= 0 and <= 1)) throw NotModel(path, $"threshold '{name}' must lie in [0, 1]; found {value}");
        info.Contrast.Check();
        return info;
    }

    private static InvalidDataException NotModel(string path, string why) =>
        new($"{path} is not the description of a Connecto model: {why}. Nothing was predicted.");
}
