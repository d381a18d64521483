using System.Globalization;
using Connecto.Viewer;

namespace Connecto.Cli;

/// <summary>Draws a training's log.csv as loss.png and, where it was validated, boundaries.png beside it.</summary>
internal static class TrainingCurves
{
    private const int Step = 0, TrainLoss = 2, Source = 3, ValidationLoss = 4, BoundaryF1 = 5;

    public static void Write(string directory)
    {
        var log = Path.Combine(directory, "log.csv");
        if (!File.Exists(log)) return;
        var rows = File.ReadLines(log).Skip(1).Select(line => line.Split(',')).Where(row => row.Length > BoundaryF1).ToList();
        var validated = rows.Where(row => row[Source].Length > 0).GroupBy(row => row[Source]).ToList();
        List<Curve> losses = [new("training", [.. Points(rows.Where(row => row[Source].Length == 0), TrainLoss)])];
        losses.AddRange(validated.Select(source => new Curve($"validation {source.Key}", [.. Points(source, ValidationLoss)])));
        CurvePicture.Draw(losses, new() { Title = "Loss of the training", YLabel = "weighted cross-entropy" })
            .Save(Path.Combine(directory, "loss.png"));
        if (validated.Count == 0) return;
        CurvePicture.Draw(
            [.. validated.Select(source => new Curve(source.Key, [.. Points(source, BoundaryF1)]))],
            new() { Title = "Boundaries in sections that were not trained on", YLabel = "F1" })
            .Save(Path.Combine(directory, "boundaries.png"));
    }

    private static IEnumerable<CurvePoint> Points(IEnumerable<string[]> rows, int column) =>
        rows.Select(row => new CurvePoint(Number(row[Step]), Number(row[column])));

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
