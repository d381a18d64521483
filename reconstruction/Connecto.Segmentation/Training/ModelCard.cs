using System.Globalization;
using System.Text;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Segmentation.Training;

/// <summary>Writes a model's card: what it is for, what it was made from and how well it does.</summary>
internal static class ModelCard
{
    /// <summary>Writes the card as Markdown, under a temporary name first.</summary>
    public static void Write(string path, TrainingConfig config, string command, NetworkModel network, long steps,
        IReadOnlyList<(string Source, ValidationScore Score)> scores)
    {
        var text = new StringBuilder();
        Line($"# Model `{config.Name}`");
        Line();
        Line($"A 2D U-Net that reads {config.Sections} neighbouring sections and predicts affinities z, y, x (a voxel and its "
            + "lower neighbour are one cell), synaptic clefts and presynaptic sides. Files: `model.json` (how to use it), "
            + "`network.json` (graph), `network.safetensors` (weights).");
        Line();
        Line("| | |");
        Line("|---|---|");
        Line($"| voxel size z, y, x | {config.VoxelSize.ToString().Replace(",", ", ")} nm |");
        Line($"| widths | {string.Join("-", config.Widths)} |");
        Line($"| parameters | {network.Parameters} |");
        Line($"| multiply-adds a voxel | {Number(network.MultiplyAddsPerPixel / 1000, "0.0")} k |");
        Line($"| steps | {steps} of {config.Steps}, {config.Batch} patches of {config.Patch} x {config.Patch} each |");
        if (config.Pruning is { } pruning)
        {
            var layers = LayerSparsity.Of(network);
            Line($"| multiply-adds a voxel that are not by 0 | {Number(layers.Sum(l => l.SparseMultiplyAdds) / 1000, "0.0")} k |");
            Line($"| zeros | {Number(100.0 * layers.Sum(l => l.Zeros) / layers.Sum(l => l.Weights), "0.0")} % of the weights, "
                + $"{Number(100 * pruning.Zeros, "0.#")} % asked for without the first and the last layer |");
            Line($"| pattern | {(pruning.Pattern == PruningPattern.Blocks ? "four input channels of one tap" : "weight by weight")} |");
        }
        Line($"| seed | {config.Seed} |");
        if (config.Start is { } start) Line($"| began with | model `{start.Name}`, SHA-256 {start.Sha256[..16]} |");
        Line();
        Line("Made by");
        Line();
        Line($"    {command}");
        Line();
        Line("## Data");
        Line();
        foreach (var source in config.Sources.Where(s => s.Weight > 0)) Line($"- {Describe(source)}");
        if (config.Notes.Length > 0) Line();
        foreach (var note in config.Notes) Line($"- {note}");
        Line();
        Line("## Scores on sections that were not trained on");
        Line();
        Line("F1 of predicted boundaries (affinity below one half) and of synapse voxels, with the labels' own meaning of a "
            + "boundary; segmentation scores stand in the project's README.");
        Line();
        Line("| source | sections | loss | boundary y, x | boundary z | cleft | presynaptic |");
        Line("|---|---|---|---|---|---|---|");
        foreach (var (source, score) in scores)
        {
            var range = config.Sources.First(s => s.Name == source).ValidationSections!;
            Line($"| {source} | {range[0]}-{range[1] - 1} | {Number(score.Loss, "0.0000")} | {Cell(score.BoundaryF1)} | "
                + $"{Cell(score.BoundaryZF1)} | {Cell(score.CleftF1)} | {Cell(score.PresynapticF1)} |");
        }
        File.WriteAllText(path + ".tmp", text.ToString());
        File.Move(path + ".tmp", path, overwrite: true);

        void Line(string line = "") =>
            text.Append(line).Append('\n');
    }

    private static string Describe(TrainingSource source)
    {
        if (source.Kind == SourceKind.Phantom)
            return FormattableString.Invariant(
                $"{source.Name}: synthetic tissue of this project, seeds {string.Join(", ", source.Seeds)}, {source.Weight} of the weight; all outputs.");
        var sections = source.TrainSections is [var first, var past] ? $"sections {first}-{past - 1}" : "all sections";
        var outputs = source.Kind == SourceKind.Instances ? "affinities z, y, x" : "affinities y, x";
        if (source.Synapses is not null) outputs += source.PresynapticIds.Length > 0 ? ", clefts, presynaptic sides" : ", clefts";
        return FormattableString.Invariant($"{source.Name}: `{source.Raw}`, {sections}, {source.Weight} of the weight; {outputs}.");
    }

    private static string Cell(double value) =>
        double.IsNaN(value) ? "-" : Number(value, "0.000");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
