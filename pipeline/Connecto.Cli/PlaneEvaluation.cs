using System.Globalization;
using Connecto.Segmentation;
using Connecto.Volumes;

namespace Connecto.Cli;

/// <summary>The scores of sections by their 2D regions, for people and for programs.</summary>
/// <param name="Mean">The mean over sections.</param>
/// <param name="Sections">Each section, by its number in the truth.</param>
internal sealed record PlaneEvaluation(PlaneScore Mean, IReadOnlyList<PlaneEvaluation.Row> Sections)
{
    /// <summary>One section.</summary>
    public sealed record Row(int Section, PlaneScore Score);

    /// <summary>Scores all sections; the first has the number <paramref name="first"/>.</summary>
    public static PlaneEvaluation Of(
        ChunkedVolume<ulong> result, ChunkedVolume<ulong> truth, ScoreOptions options, int first, CancellationToken cancellation)
    {
        Row[] rows = [.. PlaneScorer.Compute(result, truth, options, cancellation).Select(s => new Row(s.Section + first, s.Score))];
        return new(PlaneScore.Mean([.. rows.Select(r => r.Score)]), rows);
    }

    /// <summary>A row a section, and the mean.</summary>
    public void Print()
    {
        Console.Out.WriteLine();
        Output.WriteTable([
            ["section", "V-Rand", "split", "merge", "V-Info", "split", "merge", "pixels"],
            .. Sections.Select(s => Cells(s.Section.ToString(CultureInfo.InvariantCulture), s.Score)), Cells("mean", Mean),
        ]);
    }

    private static string[] Cells(string name, PlaneScore s) =>
        [name, Number(s.VRand), Number(s.VRandSplit), Number(s.VRandMerge), Number(s.VInfo), Number(s.VInfoSplit), Number(s.VInfoMerge),
            s.Pixels.ToString(CultureInfo.InvariantCulture)];

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
