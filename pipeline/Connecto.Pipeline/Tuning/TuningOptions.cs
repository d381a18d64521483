using Connecto.Segmentation;

namespace Connecto.Pipeline.Tuning;

/// <summary>What the best thresholds are best at.</summary>
public enum TuningMetric
{
    /// <summary>The CREMI score: the root of adapted Rand error times VI.</summary>
    Cremi,

    /// <summary>VI, bits, plus adapted Rand error.</summary>
    ViAndRand,
}

/// <summary>How thresholds are chosen.</summary>
public sealed record TuningOptions
{
    /// <summary>Folder that the configuration's paths start from.</summary>
    public required string DataRoot { get; init; }

    /// <summary>What is made small.</summary>
    public TuningMetric Metric { get; init; }

    /// <summary>Some of the training sections of the stacks; null for all.</summary>
    public SectionRange? Sections { get; init; }

    /// <summary>Threads, 1 or more; the choice does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Is told each row as soon as it is known.</summary>
    public Action<TuningRow>? Report { get; init; }

    /// <summary>What the metric makes of a score.</summary>
    internal double Measure(SegmentationScore score) => Metric == TuningMetric.Cremi ? score.Cremi : score.Vi + score.AdaptedRandError;
}

/// <summary>One value of one threshold, at the best merge threshold beside it.</summary>
/// <param name="Threshold">The threshold's name in the model.</param>
/// <param name="Value">Its value.</param>
/// <param name="Merge">The merge threshold that goes with it; null for the cleft threshold.</param>
/// <param name="Scores">The scores of each stack, in the configuration's order; empty for the cleft threshold.</param>
/// <param name="Measure">What is made small: the stacks' mean by their weights; for the cleft threshold 1 - F1.</param>
public sealed record TuningRow(string Threshold, double Value, double? Merge, IReadOnlyList<SegmentationScore> Scores, double Measure);

/// <summary>The thresholds chosen.</summary>
/// <param name="Thresholds">By name, as the model keeps them.</param>
/// <param name="ChosenOn">The stacks and sections.</param>
/// <param name="Before">The measure with the thresholds that the model had.</param>
/// <param name="After">The measure with those chosen.</param>
/// <param name="Rows">All that was tried, in order.</param>
public sealed record TuningResult(
    IReadOnlyDictionary<string, double> Thresholds, IReadOnlyList<string> ChosenOn, double Before, double After,
    IReadOnlyList<TuningRow> Rows);
