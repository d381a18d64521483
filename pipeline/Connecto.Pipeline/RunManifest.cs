using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Connecto.Pipeline;

/// <summary>run.json: what was done with what, how long it took, and what a rerun need not do again.</summary>
/// <remarks>Written whole under a temporary name and renamed, so that a reader or a resumed run never sees half of it.</remarks>
public sealed class RunManifest
{
    /// <summary>The format's name and version.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The version of Connecto that wrote it last.</summary>
    public string Version { get; set; } = CodeVersion.Text;

    /// <summary>What the user asked for, as given to `connecto run`.</summary>
    public RunSettings Settings { get; set; } = new();

    /// <summary>A record for each stage that was begun, by the stage's name, in the order of the run.</summary>
    public Dictionary<string, StageRecord> Stages { get; init; } = [];

    private const string CurrentFormat = "connecto-run/1";

    /// <summary>Reads a run's manifest, or returns null where the directory has none.</summary>
    /// <exception cref="InvalidDataException">The file is not a manifest of this format.</exception>
    public static RunManifest? Read(RunDirectory run)
    {
        if (!File.Exists(run.Manifest)) return null;
        try
        {
            var manifest = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(run.Manifest), Json);
            if (manifest?.Format == CurrentFormat) return manifest;
            throw new InvalidDataException(
                $"'{run.Manifest}' has the format '{manifest?.Format}'; this version reads '{CurrentFormat}'. Nothing was changed.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"'{run.Manifest}' is not a run manifest ({e.Message}) Move it away to start anew; nothing was changed.", e);
        }
    }

    /// <summary>Reads the manifest of a directory that must hold a run.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is not a manifest.</exception>
    public static RunManifest Require(RunDirectory run) =>
        Read(run) ?? throw new InvalidDataException(
            $"'{run.Root}' holds no run.json: it is not the directory of a run. Give the --out directory of `connecto run`.");

    /// <summary>Writes the manifest atomically.</summary>
    public void Write(RunDirectory run)
    {
        var temporary = run.Manifest + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, this, Json);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, run.Manifest, overwrite: true);
    }

    /// <summary>How the pipeline reads and writes JSON: camel case, enums by name.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>How far a stage has come.</summary>
public enum StageState
{
    /// <summary>Begun; its blocks so far are in the partial directory.</summary>
    Running,

    /// <summary>Finished; its outputs are in place.</summary>
    Done,
}

/// <summary>One stage in the manifest.</summary>
public sealed class StageRecord
{
    /// <summary>How far it has come.</summary>
    public StageState State { get; set; }

    /// <summary>SHA-256 over the stage's revision, parameters and the fingerprints of the stages it reads.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>The stages whose outputs it reads.</summary>
    public IReadOnlyList<string> Inputs { get; set; } = [];

    /// <summary>What it wrote, relative to the run's directory.</summary>
    public IReadOnlyList<string> Outputs { get; set; } = [];

    /// <summary>Everything its result depends on besides its inputs.</summary>
    public JsonObject Parameters { get; set; } = [];

    /// <summary>Blocks in all; 0 for a stage that is one piece.</summary>
    public int Blocks { get; set; }

    /// <summary>The blocks that are whole on disk, ascending; absent once the stage is done.</summary>
    public SortedSet<int>? BlocksDone { get; set; }

    /// <summary>When it was begun (UTC); a resumed stage keeps its first time.</summary>
    public DateTime Started { get; set; }

    /// <summary>Time spent in it, s, over all sittings.</summary>
    public double Seconds { get; set; }

    /// <summary>Worker threads of the last sitting.</summary>
    public int Threads { get; set; }

    /// <summary>Voxels of the volume it went through.</summary>
    public long Voxels { get; set; }

    /// <summary>Voxels through it a second, in millions.</summary>
    public double MvoxelsPerSecond { get; set; }

    /// <summary>Peak resident memory of the process up to the stage's end, bytes.</summary>
    public long PeakMemoryBytes { get; set; }

    /// <summary>What it found: counts and remarks.</summary>
    public JsonObject? Results { get; set; }
}
