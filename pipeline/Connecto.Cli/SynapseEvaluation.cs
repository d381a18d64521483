using System.Globalization;
using System.Text.Json;
using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Segmentation.Model;
using Connecto.Synapses;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Cli;

/// <summary>Whose segments the partners of a cleft are chosen from.</summary>
internal enum PartnerSegments
{
    /// <summary>The run's own: the synapses as the run reports them.</summary>
    Result,

    /// <summary>The truth's: the run's maps with a perfect segmentation, so that what is left is the fault of clefts and
    /// partners alone.</summary>
    Truth,
}

/// <summary>Scores a run's synapses and connections against a phantom's exact truth.</summary>
internal static class SynapseEvaluation
{
    /// <summary>Scores a finished run.</summary>
    /// <exception cref="InvalidDataException">The run has no tables, or the truth lacks synapses.csv or neurons, or differs in
    /// shape from the run whose maps are to be joined with it.</exception>
    public static SynapseScore Score(RunDirectory run, string truth, PartnerSegments partners, double distanceNm, CancellationToken cancel)
    {
        if (!(distanceNm > 0)) throw new InvalidDataException("--distance must be positive, nm; nothing was scored.");
        var rows = Path.Combine(truth, "synapses.csv");
        var neurons = Path.Combine(truth, "neurons");
        if (!File.Exists(rows) || !Directory.Exists(neurons))
            throw new InvalidDataException($"--truth '{truth}' must hold synapses.csv and a folder neurons, as `connecto phantom` writes them; nothing was scored.");
        var segments = VolumeFile.OpenLabels(neurons);
        var found = partners == PartnerSegments.Result
            ? [.. ConnectomeSource.Open(run.Root).Connectome.Synapses.Rows()]
            : WithSegments(run, segments, cancel);
        return SynapseScore.Compute(found, [.. SynapseCsv.Read(rows).Rows()], segments, segments.VoxelSize,
            new SynapseScoreOptions { PartnerDistanceNm = distanceNm });
    }

    private static IReadOnlyList<Synapse> WithSegments(RunDirectory run, ChunkedVolume<ulong> segments, CancellationToken cancel)
    {
        if (RunManifest.Require(run).Stages.GetValueOrDefault("synapses") is not { State: StageState.Done } stage)
            throw new InvalidDataException($"'{run.Root}' has no synapses yet; run `connecto synapses` first. Nothing was scored.");
        var options = JsonSerializer.Deserialize<SynapseOptions>(stage.Parameters, RunManifest.Json)!;
        var maps = PrecomputedVolume<byte>.Open(run.Affinities);
        if (maps.Shape != segments.Shape)
            throw new InvalidDataException($"The run's maps have the shape {maps.Shape}, the truth {segments.Shape}; with --segments truth they must be equal. Nothing was scored.");
        return SynapseDetector.Detect(new(maps, segments) { CleftChannel = (int)EmOutput.Cleft, PresynapticChannel = (int)EmOutput.Presynaptic },
            maps.VoxelSize, options, new(64, 512, 512), Environment.ProcessorCount, cancel: cancel);
    }

    /// <summary>Prints a table, a row a question.</summary>
    public static void Print(SynapseScore score) =>
        Output.WriteTable([
            ["what", "precision", "recall", "F1", "found", "true"],
            Row("partners (pre and post site)", score.Partners),
            Row("clefts (within 200 nm)", score.Clefts),
            Row("connections (pairs)", score.Connections),
            Row("contacts (pairs weighted)", score.Contacts),
        ]);

    private static string[] Row(string what, MatchCount count) =>
        [what, Number(count.Precision), Number(count.Recall), Number(count.F1), $"{count.Found}", $"{count.True}"];

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
