using System.Globalization;
using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Synapses;
using Connecto.Volumes;

namespace Connecto.Cli;

/// <summary>Scores a run's synapses and connections against a phantom's exact truth.</summary>
internal static class SynapseEvaluation
{
    /// <summary>Scores a finished run.</summary>
    /// <exception cref="InvalidDataException">The run has no tables, or the truth lacks synapses.csv or neurons.</exception>
    public static SynapseScore Score(RunDirectory run, string truth, double distanceNm)
    {
        if (!(distanceNm > 0)) throw new InvalidDataException("--distance must be positive, nm; nothing was scored.");
        var rows = Path.Combine(truth, "synapses.csv");
        var neurons = Path.Combine(truth, "neurons");
        if (!File.Exists(rows) || !Directory.Exists(neurons))
            throw new InvalidDataException($"--truth '{truth}' must hold synapses.csv and a folder neurons, as `connecto phantom` writes them; nothing was scored.");
        var connectome = ConnectomeSource.Open(run.Root).Connectome;
        var segments = VolumeFile.OpenLabels(neurons);
        return SynapseScore.Compute([.. connectome.Synapses.Rows()], [.. SynapseCsv.Read(rows).Rows()], segments, segments.VoxelSize,
            new SynapseScoreOptions { PartnerDistanceNm = distanceNm });
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
