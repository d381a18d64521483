using System.Globalization;
using System.Text.Json;
using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Segmentation.Model;
using Connecto.Synapses;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Cli;

/// <summary>Scores of clefts, for people and for programs.</summary>
/// <param name="VoxelSize">"z,y,x", nm.</param>
/// <param name="DistanceNm">The threshold.</param>
/// <param name="Reported">For a run, the clefts that its synapses stage reports, after its filters; else null.</param>
/// <param name="Map">The clefts of the map or volume, object by object.</param>
/// <param name="Adgt">Mean distance of found voxels to the nearest true one, nm; null without either.</param>
/// <param name="Adf">Mean distance of true voxels to the nearest found one, nm; null without either.</param>
/// <param name="Cremi">The mean of both.</param>
/// <param name="FromFound">All about the distances of found voxels; beyond the threshold they are false positives.</param>
/// <param name="FromTrue">All about the distances of true voxels; beyond the threshold they are false negatives.</param>
internal sealed record CleftEvaluation(string VoxelSize, double DistanceNm, MatchCount? Reported, MatchCount Map,
    double? Adgt, double? Adf, double? Cremi, CleftDistance FromFound, CleftDistance FromTrue)
{
    /// <summary>How to score.</summary>
    public sealed record Options
    {
        /// <summary>"first-last" of the truth; null for all.</summary>
        public string? Sections { get; init; }

        /// <summary>Null for what the files state.</summary>
        public VoxelSize? VoxelSize { get; init; }

        /// <summary>nm.</summary>
        public double DistanceNm { get; init; } = 200;

        /// <summary>What one cleft of a volume is.</summary>
        public CleftIdentity Identity { get; init; }
    }

    /// <summary>Scores a run or a volume.</summary>
    /// <exception cref="InvalidDataException">The volumes do not fit each other, the voxel size is not known, or the run has
    /// no synapses yet.</exception>
    public static CleftEvaluation Score(string result, string truth, Options options, CancellationToken cancel)
    {
        if (!(options.DistanceNm > 0)) throw new InvalidDataException("--distance must be positive, nm; nothing was scored.");
        var run = new RunDirectory(result);
        return File.Exists(run.Manifest) ? ScoreRun(run, truth, options, cancel) : ScoreVolume(result, truth, options, cancel);
    }

    private static CleftEvaluation ScoreVolume(string result, string truth, Options options, CancellationToken cancel)
    {
        var size = options.VoxelSize ?? VolumeFile.FindVoxelSize(truth) ?? VolumeFile.FindVoxelSize(result)
            ?? throw new InvalidDataException($"Neither '{truth}' nor '{result}' states its voxel size; give --voxel-size z,y,x. Nothing was scored.");
        var (found, there) = ScoredSections.Cut(VolumeFile.OpenLabels(result, size), VolumeFile.OpenLabels(truth, size), options.Sections);
        return Of(CleftObjects.OfLabels(found, size, options.Identity, cancel),
            CleftObjects.OfLabels(there, size, options.Identity, cancel), options.DistanceNm, null, cancel);
    }

    private static CleftEvaluation ScoreRun(RunDirectory run, string truth, Options options, CancellationToken cancel)
    {
        var manifest = RunManifest.Require(run);
        var table = Path.Combine(run.Synapses, "synapses.csv");
        if (!File.Exists(table) || manifest.Stages.GetValueOrDefault("synapses") is not { State: StageState.Done } stage)
            throw new InvalidDataException($"'{run.Root}' has no synapses yet; run `connecto synapses` first. Nothing was scored.");
        var detection = JsonSerializer.Deserialize<SynapseOptions>(stage.Parameters, RunManifest.Json)!;
        var maps = PrecomputedVolume<byte>.Open(run.Affinities);
        var size = options.VoxelSize ?? VolumeFile.FindVoxelSize(truth) ?? maps.VoxelSize;
        var whole = VolumeFile.OpenLabels(truth, size);
        var (cut, there) = ScoredSections.Cut(maps, whole, options.Sections);
        var clefts = CleftObjects.OfLabels(there, size, options.Identity, cancel);
        var first = maps.Shape.Z == cut.Shape.Z || options.Sections is null ? 0 : SettingsOptions.ParseSections(options.Sections).Begin;
        var reported = CleftScore.Match(Within(SynapseCsv.Read(table).Rows(), maps.VoxelSize, size, first, cut.Shape.Z), clefts, options.DistanceNm);
        return Of(CleftObjects.OfMap(cut, (int)EmOutput.Cleft, size, detection, cancel), clefts, options.DistanceNm, reported, cancel);
    }

    /// <summary>The rows whose cleft lies in some sections, in the frame of those sections and of the scored voxel
    /// size.</summary>
    private static IEnumerable<Synapse> Within(IEnumerable<Synapse> rows, VoxelSize from, VoxelSize to, int first, int count)
    {
        foreach (var row in rows)
        {
            var z = row.Cleft.Z / from.Z - first;
            if (z >= 0 && z < count)
                yield return row with
                {
                    Cleft = new((float)(z * to.Z), (float)(row.Cleft.Y / from.Y * to.Y), (float)(row.Cleft.X / from.X * to.X)),
                };
        }
    }

    private static CleftEvaluation Of(CleftObjects found, CleftObjects truth, double distance, MatchCount? reported, CancellationToken cancel)
    {
        var score = CleftScore.Compute(found, truth, distance, cancel);
        return new(truth.VoxelSize.ToString(), distance, reported, score.Clefts, score.FromFound.Mean, score.FromTrue.Mean, score.Cremi,
            score.FromFound, score.FromTrue);
    }

    /// <summary>Two tables: clefts, and voxels.</summary>
    public void Print()
    {
        var within = string.Create(CultureInfo.InvariantCulture, $"within {DistanceNm} nm");
        List<string[]> clefts = [["clefts", "precision", "recall", "F1", "found", "true", "matched"]];
        if (Reported is { } reported) clefts.Add(Row($"reported synapses ({within})", reported));
        clefts.Add(Row(Reported is null ? $"objects ({within})" : $"objects of the map ({within})", Map));
        Output.WriteTable(clefts);
        Console.Out.WriteLine();
        Output.WriteTable([
            ["voxels", "mean nm", "sd nm", "median nm", "largest nm", "voxels", "beyond"],
            Row("found to true (ADGT; beyond = false positives)", FromFound), Row("true to found (ADF; beyond = false negatives)", FromTrue),
        ]);
        Console.Out.WriteLine();
        Console.Out.WriteLine(Cremi is null
            ? "CREMI score: none, as one side has no cleft."
            : $"CREMI score (mean of ADGT and ADF): {Nanometres(Cremi)} nm");
    }

    private static string[] Row(string what, MatchCount count) =>
        [what, Number(count.Precision), Number(count.Recall), Number(count.F1), $"{count.Found}", $"{count.True}", $"{count.Matched}"];

    private static string[] Row(string what, CleftDistance distance) =>
        [what, Nanometres(distance.Mean), Nanometres(distance.StandardDeviation), Nanometres(distance.Median), Nanometres(distance.Largest),
            $"{distance.Voxels}", $"{distance.BeyondThreshold}"];

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Nanometres(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";
}
