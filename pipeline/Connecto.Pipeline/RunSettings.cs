using System.Text.Json.Serialization;
using Connecto.BrainNetworks;

namespace Connecto.Pipeline;

/// <summary>What the user asks of a run; kept in the manifest, so that later commands on the directory need not repeat it.</summary>
public sealed record RunSettings
{
    /// <summary>The slices: a folder or a multi-page TIFF; full path.</summary>
    public string Source { get; init; } = "";

    /// <summary>Sections of the source to take, begin inclusive, end exclusive; null for all.</summary>
    public SectionRange? Sections { get; init; }

    /// <summary>Voxel size "z,y,x" in nm; null to take what the source declares.</summary>
    public string? VoxelSize { get; init; }

    /// <summary>Directory of the model; null to choose by the voxel size.</summary>
    public string? Model { get; init; }

    /// <summary>In what numbers the model predicts: "fp32" or "int8"; null for int8 where the model was quantised.</summary>
    public string? Precision { get; init; }

    /// <summary>Threshold of agglomeration, 0 to 1; null for the model's own.</summary>
    public double? MergeThreshold { get; init; }

    /// <summary>Least cleft probability, 0 to 1; null for the model's own.</summary>
    public double? CleftThreshold { get; init; }

    /// <summary>Neurons that the layered network starts from; empty to choose the most purely presynaptic ones.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>How the graph becomes networks; null for contacts without signs, scaled to a spectral radius.</summary>
    public NetworkRecipe? Recipe { get; init; }

    /// <summary>Tables of transmitters for the recipe; full paths.</summary>
    public IReadOnlyList<string> TransmitterTables { get; init; } = [];

    /// <summary>Steps of the rate run.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Worker threads; 0 for all processors. Does not change any result.</summary>
    public int Threads { get; init; }

    /// <summary>Memory that stages may hold, bytes; 0 for 60 % of the machine. Does not change any result.</summary>
    public long Memory { get; init; }

    /// <summary><see cref="Threads"/> with the default filled in.</summary>
    [JsonIgnore]
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary><see cref="Memory"/> with the default filled in.</summary>
    [JsonIgnore]
    public long EffectiveMemory =>
        Memory > 0 ? Memory : (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 0.6);
}

/// <summary>Some sections of a stack.</summary>
/// <param name="Begin">The first, from 0.</param>
/// <param name="End">One past the last.</param>
public readonly record struct SectionRange(int Begin, int End);
